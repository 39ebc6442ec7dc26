"use client";
/** Queries that are asked again while somebody looks: for lists, which have no feed of their own. */
import type { AnyVariables, TypedDocumentNode } from "@urql/core";
import { useEffect } from "react";
import { type UseQueryState, useQuery } from "urql";

interface Options<Data, Variables extends AnyVariables> {
	readonly query: TypedDocumentNode<Data, Variables>;
	readonly variables: Variables;
	/** Milliseconds between two askings; a hidden page does not ask. */
	readonly every?: number;
	readonly pause?: boolean;
}

/** The result, and a function that asks again. */
export function useFresh<Data, Variables extends AnyVariables>({
	query,
	variables,
	every = 5000,
	pause = false,
}: Options<Data, Variables>): readonly [UseQueryState<Data, Variables>, () => void] {
	const [result, ask] = useQuery<Data, Variables>({
		query,
		variables,
		pause,
		requestPolicy: "cache-and-network",
	} as Parameters<typeof useQuery<Data, Variables>>[0]);
	useEffect(() => {
		if (pause) return;
		const timer = setInterval(() => {
			if (document.visibilityState === "visible") ask({ requestPolicy: "network-only" });
		}, every);
		return () => clearInterval(timer);
	}, [ask, every, pause]);
	return [result, () => ask({ requestPolicy: "network-only" })];
}
