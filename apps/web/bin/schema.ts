/** Prints the types that typed documents are checked with, from the API's printed schema; `npm run generate` keeps them. */
import { minifyIntrospection, outputIntrospectionFile } from "gql.tada/internal";
import { introspectionFromSchema } from "graphql";
import { readSchema } from "../mock/schema.ts";

const introspection = minifyIntrospection(introspectionFromSchema(readSchema(), { descriptions: false }));
process.stdout.write(outputIntrospectionFile(introspection, { fileType: ".d.ts", shouldPreprocess: true }));
