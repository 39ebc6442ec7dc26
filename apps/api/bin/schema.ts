/** Prints the schema and what it breaks for clients of the committed one, as JSON; `npm run generate` reads it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { printedSchema } from "../src/schema/build.ts";
import { breakingChanges } from "../src/schema/changes.ts";

const committed = join(import.meta.dirname, "..", "..", "..", "schema.graphql");
const schema = printedSchema();
const breaking = existsSync(committed) ? breakingChanges(readFileSync(committed, "utf8"), schema) : [];
process.stdout.write(JSON.stringify({ schema, breaking }));
