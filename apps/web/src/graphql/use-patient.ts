"use client";
/** A query whose first answer can take longer than the server gives an operation: it is asked again until it is there. */
import type { AnyVariables, CombinedError, TypedDocumentNode } from "@urql/core";
import { useEffect, useRef } from "react";
import { type UseQueryState, useQuery } from "urql";

/** The server goes on with what was too slow, so a few times its limit is long enough for anything. */
const MOST_TRIES = 6;

interface Asked<Data, Variables extends AnyVariables> {
	readonly query: TypedDocumentNode<Data, Variables>;
	readonly variables: Variables;
	readonly pause?: boolean;
}

/** Whether asking again will help: the server ran out of time, and works on. */
function isLate(error: CombinedError | undefined): boolean {
	return error?.graphQLErrors[0]?.extensions?.code === "TIMEOUT";
}

/** The result; an answer that is late is no error until it was waited for several times. */
export function usePatient<Data, Variables extends AnyVariables>(
	asked: Asked<Data, Variables>,
): UseQueryState<Data, Variables> {
	const [result, ask] = useQuery<Data, Variables>(asked as Parameters<typeof useQuery<Data, Variables>>[0]);
	const tries = useRef({ of: "", count: 0 });
	const about = JSON.stringify(asked.variables);
	if (tries.current.of !== about) tries.current = { of: about, count: 0 };
	const isWaiting = isLate(result.error) && (result.fetching || tries.current.count < MOST_TRIES);
	useEffect(() => {
		if (!isWaiting || result.fetching) return;
		tries.current.count += 1;
		ask({ requestPolicy: "network-only" });
	}, [isWaiting, result.fetching, ask]);
	if (!isWaiting) return result;
	const { error: _late, ...rest } = result;
	return rest;
}
