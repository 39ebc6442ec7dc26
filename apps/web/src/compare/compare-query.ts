"use client";
/** The runs of a comparison, asked for one by one: each is cached by itself. */
import { useMemo } from "react";
import { graphql, type ResultOf } from "../graphql/document.ts";
import { type Each, useEach } from "./use-each.ts";

export const CompareRunQuery = graphql(`
	query CompareRun($number: Int!) {
		run(number: $number) {
			id
			number
			name
			status
			seed
			groupHash
			dataset {
				id
			}
			goals {
				from
				to
				targets
			}
			metricKeys {
				key
			}
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

export const CompareCurvesQuery = graphql(`
	query CompareCurves($number: Int!, $keys: [String!]!) {
		run(number: $number) {
			id
			number
			metrics(keys: $keys, maxBuckets: 300) {
				key
				rawCount
				method
				steps
				last
				min
				max
				nonFinite {
					step
				}
			}
		}
	}
`);

export const CompareRanksQuery = graphql(`
	query CompareRanks($number: Int!) {
		run(number: $number) {
			id
			number
			groupHash
			seed
			evaluations {
				id
				model
				step
				goals {
					from
					to
					direction
					gallery
					targets
					hits {
						k
						value
					}
					ranks
				}
			}
		}
	}
`);

export type ComparedRanks = NonNullable<ResultOf<typeof CompareRanksQuery>["run"]>;
export type ComparedRun = NonNullable<ResultOf<typeof CompareRunQuery>["run"]>;

/** The runs with these numbers, in their order; a number without a run is left out. */
export function useRuns(numbers: readonly number[]): Each<ComparedRun> {
	const { data, error } = useEach(
		CompareRunQuery,
		numbers.map((number) => ({ number })),
	);
	return useMemo(
		() => ({ ...(error && { error }), ...(data && { data: data.flatMap(({ run }) => (run ? [run] : [])) }) }),
		[data, error],
	);
}
