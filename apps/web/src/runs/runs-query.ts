/** Rows of the run table, and of the same runs grouped over their seeds. */
import { graphql, type ResultOf } from "../graphql/document.ts";

const RunRowFields = graphql(`
	fragment RunRowFields on Run {
		id
		number
		name
		status
		seed
		tags
		groupHash
		poisonShare
		createdAt
		endedAt
		viewerCanCancel
		progress {
			stage
			done
			total
			secondsLeft
		}
		config {
			attack {
				__typename
			}
			defenses {
				__typename
			}
		}
		goals {
			from
			to
		}
		study {
			id
			slug
			name
		}
		outcomes {
			model
			hitAt10
			minRank
			imageRetrievalAt10
		}
	}
`);

export const RunsQuery = graphql(
	`
		query Runs($filter: RunFilter, $orderBy: RunOrder, $first: Int!, $after: Cursor) {
			runs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
				totalCount
				pageInfo {
					hasNextPage
					endCursor
				}
				nodes {
					...RunRowFields
				}
			}
		}
	`,
	[RunRowFields],
);

export type RunRow = ResultOf<typeof RunsQuery>["runs"]["nodes"][number];

export const BaselineQuery = graphql(
	`
		query Baseline($number: Int!) {
			run(number: $number) {
				...RunRowFields
			}
		}
	`,
	[RunRowFields],
);

export const RunGroupsQuery = graphql(`
	query RunGroups($filter: RunFilter, $first: Int!, $after: Cursor) {
		runGroups(filter: $filter, first: $first, after: $after) {
			totalCount
			pageInfo {
				hasNextPage
				endCursor
			}
			nodes {
				groupHash
				name
				seeds
				runs {
					id
					number
					status
				}
				outcomes {
					model
					metric
					mean
					low
					high
					n
				}
			}
		}
	}
`);

export type RunGroup = ResultOf<typeof RunGroupsQuery>["runGroups"]["nodes"][number];
