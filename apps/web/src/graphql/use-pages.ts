"use client";
/** A list that is loaded page by page as it is scrolled, and whose first page is kept fresh. */
import type { AnyVariables, CombinedError, TypedDocumentNode } from "@urql/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { client } from "./client.ts";

interface Page<Row> {
	readonly totalCount: number | null;
	readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
	readonly nodes: readonly Row[];
}

export interface Pages<Row> {
	readonly rows: readonly Row[];
	/** All rows there are on the server; null while unknown. */
	readonly total: number | null;
	/** Whether the server has rows after these. */
	readonly hasMore: boolean;
	readonly isLoaded: boolean;
	readonly error: CombinedError | undefined;
	/** Loads the next page, once at a time. */
	readonly more: () => void;
	readonly refresh: () => void;
}

interface Options<Data, Variables extends AnyVariables, Row> {
	readonly query: TypedDocumentNode<Data, Variables>;
	readonly variables: Variables;
	readonly pageOf: (data: Data) => Page<Row>;
	readonly idOf: (row: Row) => string;
	/** Whether the first page is asked for again and again: for lists that begin with the newest, which is the default. */
	readonly isKeptFresh?: boolean;
}

/** Rows of the newer page first, then those of the older list that it does not hold. */
export function merge<Row>(fresh: readonly Row[], rows: readonly Row[], idOf: (row: Row) => string): readonly Row[] {
	const newer = new Map(fresh.map((row) => [idOf(row), row]));
	const known = new Set(rows.map(idOf));
	return [...fresh.filter((row) => !known.has(idOf(row))), ...rows.map((row) => newer.get(idOf(row)) ?? row)];
}

const refreshEvery = 5000;

interface State<Row> {
	readonly rows: readonly Row[];
	readonly total: number | null;
	readonly cursor: string | null;
	readonly hasMore: boolean;
	readonly isLoaded: boolean;
	readonly error: CombinedError | undefined;
}

const start = { rows: [], total: null, cursor: null, hasMore: false, isLoaded: false, error: undefined } as const;

export function usePages<Data, Variables extends AnyVariables, Row>(
	options: Options<Data, Variables, Row>,
): Pages<Row> {
	const newest = useRef(options);
	newest.current = options;
	const key = JSON.stringify(options.variables);
	const { isKeptFresh = true } = options;
	const [state, setState] = useState<State<Row>>(start);
	const turn = useRef(0);
	const isBusy = useRef(false);

	const ask = useCallback(async (after: string | null) => {
		const { query, variables, pageOf, idOf } = newest.current;
		const mine = turn.current;
		const { data, error } = await client
			.query(query, { ...variables, after } as unknown as Variables, { requestPolicy: "network-only" })
			.toPromise();
		if (mine !== turn.current) return;
		const page = data && pageOf(data);
		setState((before) => {
			if (!page) return { ...before, isLoaded: true, error };
			const { endCursor, hasNextPage } = page.pageInfo;
			// A fresh first page does not forget how far the list has been read.
			const isFurther = after !== null || before.rows.length === 0;
			return {
				rows: after === null ? merge(page.nodes, before.rows, idOf) : merge([], [...before.rows, ...page.nodes], idOf),
				total: page.totalCount,
				cursor: isFurther ? endCursor : before.cursor,
				hasMore: isFurther ? hasNextPage : before.hasMore,
				isLoaded: true,
				error: undefined,
			};
		});
	}, []);

	// biome-ignore lint/correctness/useExhaustiveDependencies: a new filter is a new list.
	useEffect(() => {
		turn.current += 1;
		isBusy.current = false;
		setState(start);
		void ask(null);
		if (!isKeptFresh) return;
		const timer = setInterval(() => {
			if (document.visibilityState === "visible") void ask(null);
		}, refreshEvery);
		return () => clearInterval(timer);
	}, [key, ask, isKeptFresh]);

	const more = useCallback(() => {
		if (isBusy.current || !state.hasMore) return;
		isBusy.current = true;
		void ask(state.cursor).finally(() => {
			isBusy.current = false;
		});
	}, [ask, state.cursor, state.hasMore]);

	return { ...state, more, refresh: useCallback(() => void ask(null), [ask]) };
}
