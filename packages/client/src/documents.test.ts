import { readFileSync } from "node:fs";
import { join } from "node:path";
import { print } from "@0no-co/graphql.web";
import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import * as documents from "./documents.ts";
import * as studyDocuments from "./study-documents.ts";

const schema = buildSchema(readFileSync(join(import.meta.dirname, "../../../schema.graphql"), "utf8"));

test.each(Object.entries({ ...documents, ...studyDocuments }))("the server accepts the document %s", (_, document) => {
	expect(validate(schema, parse(print(document))).map(({ message }) => message)).toEqual([]);
});
