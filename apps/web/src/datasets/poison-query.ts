/** What attacks made of a data set: the runs that poisoned it, and the pairs of one of them. */
import { graphql, type ResultOf } from "../graphql/document.ts";

export const PoisoningsQuery = graphql(`
	query Poisonings($hash: Sha256!) {
		dataset(hash: $hash) {
			id
			runs(first: 100) {
				nodes {
					id
					number
					seed
					poisonShare
					goals {
						from
						to
					}
					config {
						attack {
							__typename
						}
					}
				}
			}
		}
	}
`);

type Runs = NonNullable<ResultOf<typeof PoisoningsQuery>["dataset"]>["runs"]["nodes"];
export type Poisoning = Runs[number];

export const PoisonedPairsQuery = graphql(`
	query PoisonedPairs($number: Int!, $filter: PairFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor) {
		run(number: $number) {
			id
			number
			poisonShare
			dataset {
				id
				hash
			}
			poisonedPairs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
				totalCount
				pageInfo {
					hasNextPage
					hasPreviousPage
					startCursor
					endCursor
				}
				nodes {
					sample
					kind
					class
					captions
					before {
						url
						width
						height
					}
					after {
						url
						width
						height
					}
				}
			}
		}
	}
`);
