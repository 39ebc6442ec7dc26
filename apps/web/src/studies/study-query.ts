/** What the page of a study asks and does. */
import { graphql, type ResultOf } from "../graphql/document.ts";

export const StudyQuery = graphql(`
	query Study($slug: String!) {
		study(slug: $slug) {
			id
			name
			question
			notes
			tags
			resumeCursor
			viewerCanEdit
			definitionName
			json: exportUrl(format: JSON)
			csv: exportUrl(format: CSV)
			counts {
				status
				count
			}
			axes {
				name
				values
			}
			missing {
				name
				coordinates {
					axis
					value
				}
				seeds
			}
			cells {
				name
				coordinates {
					axis
					value
				}
				status
				runs {
					id
					number
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

export const RetryFailed = graphql(`
	mutation RetryFailed($input: RetryRunsInput!) {
		retryRuns(input: $input) {
			count
			errors {
				... on UserError {
					message
				}
			}
		}
	}
`);

export const StartMissing = graphql(`
	mutation StartMissing($input: StartMissingRunsInput!) {
		startMissingRuns(input: $input) {
			count
			errors {
				... on UserError {
					message
				}
			}
		}
	}
`);

export type Study = NonNullable<ResultOf<typeof StudyQuery>["study"]>;
export type StudyCell = Study["cells"][number];
