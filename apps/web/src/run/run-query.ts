/** What every part of a run's page needs. */
import type { CombinedError } from "urql";
import { graphql, type ResultOf } from "../graphql/document.ts";
import type { RunState } from "../live/run-state.ts";

export const RunQuery = graphql(`
	query Run($number: Int!) {
		run(number: $number) {
			id
			number
			name
			status
			intent
			seed
			tags
			notes
			createdAt
			startedAt
			endedAt
			attempt
			poisonShare
			viewerCanEdit
			viewerCanCancel
			groupHash
			configHash
			progress {
				stage
				done
				total
				secondsLeft
				worker
			}
			error {
				code
				message
				requestId
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
			goals {
				from
				to
				targets
			}
			study {
				id
				slug
				name
			}
			dataset {
				id
				name
				hash
			}
			config {
				attack {
					__typename
				}
			}
		}
	}
`);

export type Run = NonNullable<ResultOf<typeof RunQuery>["run"]>;

/** Without keys it asks for all curves, so that a page need not know any before it asks. */
export const RunMetricsQuery = graphql(`
	query RunMetrics($number: Int!, $keys: [String!], $range: StepRange) {
		run(number: $number) {
			id
			throughSeq
			resumeCursor
			metrics(keys: $keys, range: $range, maxBuckets: 1000) {
				key
				rawCount
				method
				steps
				last
				min
				max
				nonFinite {
					step
					kind
				}
				throughSeq
			}
		}
	}
`);

/** What a tab of the page is given; `live` is null until the first answer with metrics is there. */
export interface TabProps {
	readonly run: Run;
	readonly live: RunState | null;
	/** Why the curves could not be loaded, and a way to ask again. */
	readonly fault?: { readonly error: CombinedError; readonly retry: () => void } | null | undefined;
}
