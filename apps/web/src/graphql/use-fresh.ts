"use client";
/** Queries that are asked again while somebody looks: regularly, or when there is news. */
import type { AnyVariables, TypedDocumentNode } from "@urql/core";
import { useCallback, useEffect } from "react";
import { type UseQueryState, useQuery } from "urql";

interface Asked<Data, Variables extends AnyVariables> {
	readonly query: TypedDocumentNode<Data, Variables>;
	readonly variables: Variables;
	readonly pause?: boolean;
}

interface Options<Data, Variables extends AnyVariables> extends Asked<Data, Variables> {
	/** Milliseconds between two askings; a hidden page does not ask. */
	readonly every?: number;
}

/** The result, at first as it was known before, and a function that asks the server again. */
export function useAsked<Data, Variables extends AnyVariables>({
	query,
	variables,
	pause = false,
}: Asked<Data, Variables>): readonly [UseQueryState<Data, Variables>, () => void] {
	const [result, ask] = useQuery<Data, Variables>({
		query,
		variables,
		pause,
		requestPolicy: "cache-and-network",
	} as Parameters<typeof useQuery<Data, Variables>>[0]);
	return [result, useCallback(() => ask({ requestPolicy: "network-only" }), [ask])];
}

/** Asks every so many milliseconds while the page is seen; not at all without a number. */
function useRegularly(ask: () => void, every: number | null): void {
	useEffect(() => {
		if (every === null) return;
		const timer = setInterval(() => {
			if (document.visibilityState === "visible") ask();
		}, every);
		return () => clearInterval(timer);
	}, [ask, every]);
}

/** As `useAsked`, asked again regularly: for lists, which have no feed of their own. */
export function useFresh<Data, Variables extends AnyVariables>({
	every = 5000,
	...asked
}: Options<Data, Variables>): readonly [UseQueryState<Data, Variables>, () => void] {
	const [result, ask] = useAsked(asked);
	useRegularly(ask, asked.pause ? null : every);
	return [result, ask];
}

export interface News {
	/** Rises when something happened, at most once a second. */
	readonly count: number;
	/** Whether nobody would tell of what happens. */
	readonly isUnheard: boolean;
}

/** Milliseconds between two askings while there is nobody to tell of news. */
const unheardPace = 5000;

/** Asks again at news, when the page is seen; regularly where news would not be heard of. */
export function useNews({ count, isUnheard }: News, ask: () => void): void {
	useEffect(() => {
		if (count === 0) return;
		const askSeen = () => {
			if (document.visibilityState !== "visible") return;
			document.removeEventListener("visibilitychange", askSeen);
			ask();
		};
		document.addEventListener("visibilitychange", askSeen);
		askSeen();
		return () => document.removeEventListener("visibilitychange", askSeen);
	}, [count, ask]);
	useRegularly(ask, isUnheard ? unheardPace : null);
}
