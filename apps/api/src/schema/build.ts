/** Builds the GraphQL schema from the resolver classes. */
import "reflect-metadata";
import { createHash } from "node:crypto";
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";
import { type BuildSchemaOptions, buildSchemaSync } from "type-graphql";
import type { Context } from "../context.ts";
import { ApiError } from "../errors.ts";
import type { Scope } from "../security/roles.ts";
import { experiment } from "../subjects/experiment-config.ts";
import { importOneOf } from "../subjects/imports/import-form.ts";
import { resolvers } from "../subjects/index.ts";
import { markOneOf } from "../typed-config/one-of.ts";

let built: GraphQLSchema | undefined;

/** Whoever lacks a scope that a field asks for is told which. An arrow, since type-graphql takes a function for a class. */
const authChecker = ({ context }: { context: Context }, scopes: readonly Scope[]): boolean => {
	const missing = scopes.find((scope) => !context.viewer.scopes.has(scope));
	if (missing === undefined) return true;
	throw new ApiError(
		"FORBIDDEN",
		`This needs the scope ${missing}, which your token does not hold. Use one that does.`,
	);
};

/** The schema, built once. type-graphql keeps its metadata in the process, so a second one would be the same. */
export function apiSchema(): GraphQLSchema {
	built ??= markOneOf(
		buildSchemaSync({
			resolvers: resolvers as unknown as BuildSchemaOptions["resolvers"],
			authChecker,
			// Inputs check themselves with their own limits; a decorator without a checker would look like one.
			validate: false,
			// type-graphql's own pub/sub ends the process when a subscriber stops reading. Feeds are pulled instead.
			pubSub: {
				publish: () => undefined,
				subscribe: () => {
					throw new ApiError("INTERNAL", "Subscriptions bring their own events.");
				},
			},
		}),
		new Set([...experiment.oneOf, ...importOneOf]),
	);
	return built;
}

/** The schema as committed in `schema.graphql`. */
export function printedSchema(): string {
	return `${printSchema(lexicographicSortSchema(apiSchema()))}\n`;
}

/** By which clients tell whether they were made for this server. */
export function schemaSha256(): string {
	return createHash("sha256").update(printedSchema()).digest("hex");
}
