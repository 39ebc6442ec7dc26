/** Typed documents: `graphql(...)` checks a document against the schema and knows its result and variables. */
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./introspection.d.ts";

export const graphql = initGraphQLTada<{
	introspection: introspection;
	disableMasking: true;
	scalars: {
		ID: string;
		/** ISO 8601, UTC. */
		DateTime: string;
		/** A whole number up to 2^53 - 1. */
		SafeInt: number;
		Sha256: string;
		/** Opaque place in a list or a feed. */
		Cursor: string;
	};
}>();

export type { ResultOf, VariablesOf } from "gql.tada";
