/** The API's schema, read from the file that the API prints. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, type GraphQLSchema } from "graphql";

const printed = join(import.meta.dirname, "../../../schema.graphql");
/** Stands in until the API has printed its own. */
const draft = join(import.meta.dirname, "../.cache/schema.graphql");

export function readSchema(): GraphQLSchema {
	return buildSchema(readFileSync(existsSync(printed) ? printed : draft, "utf8"));
}
