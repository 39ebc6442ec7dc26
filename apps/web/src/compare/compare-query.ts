"use client";
/** The runs of a comparison, asked for one by one: each is cached by itself. */
import { useEffect, useState } from "react";
import { type CombinedError, useClient } from "urql";
import { graphql, type ResultOf } from "../graphql/document.ts";

const CompareRunQuery = graphql(`
	query CompareRun($number: Int!) {
		run(number: $number) {
			id
			number
			name
			status
			seed
			outcomes {
				model
				hitAt1
				hitAt5
				hitAt10
				minRank
				textRetrievalAt10
				imageRetrievalAt10
				seconds
			}
		}
	}
`);

export const ConfigDiffQuery = graphql(`
	query ConfigDiff($runIds: [ID!]!) {
		configDiff(runIds: $runIds) {
			path
			values
		}
	}
`);

export const RecentRunsQuery = graphql(`
	query RecentRuns {
		runs(first: 100) {
			nodes {
				number
				name
				seed
				status
			}
		}
	}
`);

export type ComparedRun = NonNullable<ResultOf<typeof CompareRunQuery>["run"]>;

interface Runs {
	readonly data?: readonly ComparedRun[];
	readonly error?: CombinedError;
}

/** The runs with these numbers, in their order; a number without a run is left out. */
export function useRuns(numbers: readonly number[]): Runs {
	const client = useClient();
	const [runs, setRuns] = useState<Runs>({});
	const key = numbers.join(",");
	// biome-ignore lint/correctness/useExhaustiveDependencies: `key` says all that `numbers` does.
	useEffect(() => {
		let isCurrent = true;
		void Promise.all(numbers.map((number) => client.query(CompareRunQuery, { number }).toPromise())).then((results) => {
			if (!isCurrent) return;
			const failed = results.find(({ error }) => error);
			if (failed?.error) setRuns({ error: failed.error });
			else setRuns({ data: results.flatMap(({ data }) => (data?.run ? [data.run] : [])) });
		});
		return () => {
			isCurrent = false;
		};
	}, [client, key]);
	return runs;
}
