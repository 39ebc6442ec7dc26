/** What the threshold lab asks of the API. */
import { graphql, type ResultOf } from "../graphql/document.ts";
import { UserErrorFields } from "../graphql/mutation-errors.ts";

export const filteredRuns = graphql(`
	query FilteredRuns {
		runs(filter: { defense: ["filter"], status: [SUCCEEDED] }, first: 50) {
			nodes { number name seed }
		}
	}
`);

export const labRun = graphql(`
	query LabRun($number: Int!) {
		run(number: $number) {
			id
			number
			name
			seed
			defenseReports {
				id
				defense
				threshold
				auroc
				mixture { weight mean deviation }
				histogram { minimum maximum clean poisoned }
			}
		}
	}
`);
type LabRun = NonNullable<ResultOf<typeof labRun>["run"]>;
export type Report = LabRun["defenseReports"][number];

export const nearestPairs = graphql(`
	query NearestPairs($id: ID!, $near: Float!) {
		node(id: $id) {
			... on DefenseReport {
				pairs(near: $near, first: 12) {
					nodes { sample score isPoisoned captions image { url } }
				}
			}
		}
	}
`);

export const startFilter = graphql(
	`
		mutation StartFilter($input: StartRunInput!) {
			startRun(input: $input) {
				run { number }
				errors { ...UserErrorFields }
			}
		}
	`,
	[UserErrorFields],
);
