"use client";
/** What the page that is open has asked the server, by the operation's name: to copy it, and to open it in GraphiQL. */
import type { Operation as Sent } from "@urql/core";
import type { Operation } from "../charts/operation.ts";

interface Asked extends Operation {
	readonly name: string;
}

let path = "";
let asked = new Map<string, Asked>();
/** What the page before asked; the page about the API shows it. */
let before: readonly Asked[] = [];

/** Notes a query as it is sent; another page begins a list of its own. */
export function noteAsked({ kind, query, variables }: Pick<Sent, "kind" | "query" | "variables">): void {
	// Pages are drawn once on the server as well, where nobody reads along.
	if (kind !== "query" || typeof window === "undefined") return;
	if (path !== window.location.pathname) {
		if (asked.size > 0) before = [...asked.values()];
		path = window.location.pathname;
		asked = new Map();
	}
	const operation = query.definitions.find((one) => one.kind === "OperationDefinition");
	const name = operation?.name?.value;
	if (name) asked.set(name, { name, document: query, variables: { ...variables } });
}

/** Queries of the page that is open, each with the variables it was asked with last. */
export const askedHere = (): readonly Asked[] => (path === window.location.pathname ? [...asked.values()] : []);

export const askedBefore = (): readonly Asked[] => before;
