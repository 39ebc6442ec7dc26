/** Writes the types that typed documents are checked with, from the API's printed schema: `node bin/schema.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { minifyIntrospection, outputIntrospectionFile } from "@gql.tada/internal";
import { introspectionFromSchema } from "graphql";
import { readSchema } from "../mock/schema.ts";

const introspection = introspectionFromSchema(readSchema(), { descriptions: false });
const file = join(import.meta.dirname, "../src/graphql/introspection.d.ts");
writeFileSync(
	file,
	outputIntrospectionFile(minifyIntrospection(introspection), { fileType: ".d.ts", shouldPreprocess: true }),
);
