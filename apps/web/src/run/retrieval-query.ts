/** What the retrieval gallery asks: which measurements there are, their captions, and what one caption found. */
import { graphql, type ResultOf } from "../graphql/document.ts";

const RankedItemFields = graphql(`
	fragment RankedItemFields on RankedItem {
		rank
		sample
		class
		caption
		similarity
		isTarget
		isTrueClass
		image {
			url
			width
			height
		}
	}
`);

export const ProbesQuery = graphql(`
	query RunProbes($number: Int!) {
		run(number: $number) {
			id
			evaluations {
				id
				model
				modelId
				step
				goals {
					from
					to
					direction
					gallery
				}
			}
		}
	}
`);

export type Evaluation = NonNullable<ResultOf<typeof ProbesQuery>["run"]>["evaluations"][number];
export type Goal = Evaluation["goals"][number];

export const CaptionsQuery = graphql(`
	query RunCaptions($evaluation: ID!) {
		node(id: $evaluation) {
			id
			... on Evaluation {
				goals {
					from
					to
					direction
					queries(first: 25) {
						edges {
							cursor
						}
						nodes {
							query
							text
						}
					}
				}
			}
		}
	}
`);

export const FoundQuery = graphql(
	`
		query RunFound($evaluation: ID!, $after: Cursor) {
			node(id: $evaluation) {
				id
				... on Evaluation {
					model
					step
					goals {
						from
						to
						direction
						queries(first: 1, after: $after) {
							nodes {
								query
								rank
								top {
									...RankedItemFields
								}
							}
						}
					}
				}
			}
		}
	`,
	[RankedItemFields],
);

export const RetrieveQuery = graphql(
	`
		query Retrieve($input: RetrieveInput!) {
			retrieve(input: $input) {
				model {
					id
				}
				items {
					...RankedItemFields
				}
				targetRanks {
					class
					bestRank
				}
			}
		}
	`,
	[RankedItemFields],
);

export type Item = ResultOf<typeof RetrieveQuery>["retrieve"][number]["items"][number];
