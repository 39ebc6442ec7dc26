"use client";
/** One query for each of several things: each answer is cached by itself. */
import type { AnyVariables, TypedDocumentNode } from "@urql/core";
import { useEffect, useState } from "react";
import { type CombinedError, useClient } from "urql";

export interface Each<Data> {
	readonly data?: readonly Data[];
	readonly error?: CombinedError;
}

/** The answers in the order of their variables; an error where one of them failed. */
export function useEach<Data, Variables extends AnyVariables>(
	document: TypedDocumentNode<Data, Variables>,
	variables: readonly Variables[],
): Each<Data> {
	const client = useClient();
	const [answers, setAnswers] = useState<Each<Data>>({});
	const key = JSON.stringify(variables);
	// biome-ignore lint/correctness/useExhaustiveDependencies: `key` says all that `variables` does.
	useEffect(() => {
		let isCurrent = true;
		void Promise.all(variables.map((one) => client.query(document, one).toPromise())).then((results) => {
			if (!isCurrent) return;
			const failed = results.find(({ error }) => error);
			if (failed?.error) setAnswers({ error: failed.error });
			else setAnswers({ data: results.flatMap(({ data }) => (data ? [data] : [])) });
		});
		return () => {
			isCurrent = false;
		};
	}, [client, document, key]);
	return answers;
}
