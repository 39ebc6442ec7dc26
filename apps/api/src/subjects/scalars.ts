/** The few scalars beyond GraphQL's own. */
import { GraphQLError, GraphQLScalarType, Kind } from "graphql";
import { GraphQLDateTime, GraphQLSafeInt } from "graphql-scalars";

export { GraphQLDateTime as DateTime, GraphQLSafeInt as SafeInt };

const SHA256 = /^[0-9a-f]{64}$/;

function sha256(value: unknown): string {
	if (typeof value === "string" && SHA256.test(value)) return value;
	throw new GraphQLError("A SHA-256 has 64 hexadecimal digits in lower case.");
}

export const Sha256 = new GraphQLScalarType<string, string>({
	name: "Sha256",
	description: "A SHA-256 checksum: 64 hexadecimal digits in lower case.",
	specifiedByURL: "https://csrc.nist.gov/pubs/fips/180-4/upd1/final",
	serialize: sha256,
	parseValue: sha256,
	parseLiteral: (node) => sha256(node.kind === Kind.STRING ? node.value : undefined),
});

const MOST_CURSOR_CHARACTERS = 512;

function cursor(value: unknown): string {
	if (typeof value === "string" && value.length <= MOST_CURSOR_CHARACTERS) return value;
	throw new GraphQLError(`A cursor is a string of at most ${MOST_CURSOR_CHARACTERS} characters, as this API gave it.`);
}

export const Cursor = new GraphQLScalarType<string, string>({
	name: "Cursor",
	description: "A place in a list or in a stream of events. Opaque: hand it back as it was given.",
	serialize: cursor,
	parseValue: cursor,
	parseLiteral: (node) => cursor(node.kind === Kind.STRING ? node.value : undefined),
});
