/** What the page asks and does about imports. */
import { graphql, type ResultOf, type VariablesOf } from "../graphql/document.ts";
import { UserErrorFields } from "../graphql/mutation-errors.ts";
import { ParameterFields } from "../new-run/queries.ts";

const ImportFields = graphql(`
	fragment ImportFields on DatasetImport {
		id
		title
		path
		status
		isCancelled
		progress {
			done
			total
		}
		faultCount
		error {
			message
		}
		dataset {
			id
			hash
			counts {
				split
				count
			}
		}
		createdAt
		startedAt
		endedAt
	}
`);
export type DatasetImport = ResultOf<typeof ImportFields>;

export const ImportsQuery = graphql(
	`
		query DatasetImports {
			datasetImports(first: 6) {
				nodes {
					...ImportFields
				}
			}
		}
	`,
	[ImportFields],
);

export const ImportChanges = graphql(
	`
		subscription DatasetImportChanges($id: ID!) {
			datasetImportChanges(id: $id) {
				...ImportFields
			}
		}
	`,
	[ImportFields],
);

export const FaultsQuery = graphql(`
	query ImportFaults($id: ID!, $after: Cursor) {
		datasetImport(id: $id) {
			id
			faults(first: 50, after: $after) {
				pageInfo {
					hasNextPage
					endCursor
				}
				nodes {
					file
					row
					column
					reason
					detail
				}
			}
		}
	}
`);

export const ImportersQuery = graphql(
	`
		query ImportCatalog {
			catalog {
				importers {
					name
					title
					description
					source
					parameters {
						...ParameterFields
					}
				}
				images {
					...ParameterFields
				}
			}
		}
	`,
	[ParameterFields],
);
export type ImportCatalog = ResultOf<typeof ImportersQuery>["catalog"];

export const ImportMutation = graphql(
	`
		mutation ImportDataset($input: ImportDatasetInput!) {
			importDataset(input: $input) {
				import {
					...ImportFields
				}
				errors {
					...UserErrorFields
				}
			}
		}
	`,
	[ImportFields, UserErrorFields],
);

export type ImportInput = VariablesOf<typeof ImportMutation>["input"];

export const CancelMutation = graphql(
	`
		mutation CancelDatasetImport($input: CancelDatasetImportInput!) {
			cancelDatasetImport(input: $input) {
				import {
					...ImportFields
				}
				errors {
					...UserErrorFields
				}
			}
		}
	`,
	[ImportFields, UserErrorFields],
);
