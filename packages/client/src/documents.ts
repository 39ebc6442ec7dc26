/** What the client asks of the API, checked against the printed schema. */
import { graphql, type ResultOf, type VariablesOf } from "./document.ts";
import { eventFields } from "./event-fields.ts";

const runFields = graphql(`
	fragment RunFields on Run {
		id
		number
		name
		status
		seed
		attempt
		tags
		createdAt
		startedAt
		endedAt
		poisonShare
		progress { stage done total secondsLeft }
		error { code message }
		outcomes { model hitAt1 hitAt5 hitAt10 minRank textRetrievalAt10 imageRetrievalAt10 seconds }
	}
`);
/** A run as the client gives it: what it is, how far it is, and its result table. */
export type Run = ResultOf<typeof runFields>;

export const startRun = graphql(
	`
		mutation StartRun($input: StartRunInput!) {
			startRun(input: $input) {
				run { ...RunFields }
				replayed
				errors { ... on UserError { code message path } }
			}
		}
	`,
	[runFields],
);
export type StartRunInput = VariablesOf<typeof startRun>["input"];

export const cancelRuns = graphql(`
	mutation CancelRuns($input: RunsInput!) {
		cancelRuns(input: $input) {
			count
			errors { ... on UserError { code message path } }
		}
	}
`);

export const retryRuns = graphql(`
	mutation RetryRuns($input: RetryRunsInput!) {
		retryRuns(input: $input) {
			count
			errors { ... on UserError { code message path } }
		}
	}
`);

export const findRun = graphql(
	`
		query FindRun($id: ID!) {
			node(id: $id) { ... on Run { ...RunFields exportJson: exportUrl(format: JSON) exportCsv: exportUrl(format: CSV) } }
		}
	`,
	[runFields],
);

export const findRunByNumber = graphql(
	`
		query FindRunByNumber($number: Int!) {
			run(number: $number) { ...RunFields }
		}
	`,
	[runFields],
);

export const listRuns = graphql(
	`
		query ListRuns($filter: RunFilter, $first: Int!, $after: Cursor) {
			runs(filter: $filter, first: $first, after: $after) {
				nodes { ...RunFields }
				pageInfo { hasNextPage endCursor }
			}
		}
	`,
	[runFields],
);
export type RunFilter = NonNullable<VariablesOf<typeof listRuns>["filter"]>;

export const listDatasets = graphql(`
	query ListDatasets($first: Int!, $after: Cursor) {
		datasets(first: $first, after: $after) {
			nodes { id name hash classes imageSize counts { split count } createdAt }
			pageInfo { hasNextPage endCursor }
		}
	}
`);
export type Dataset = ResultOf<typeof listDatasets>["datasets"]["nodes"][number];

const importFields = graphql(`
	fragment ImportFields on DatasetImport {
		id
		importer
		path
		status
		progress { done total }
		faultCount
		error { code message }
		versionHash
		dataset { id name hash counts { split count } }
		createdAt
		startedAt
		endedAt
	}
`);
/** An import of a data set as the client gives it. */
export type DatasetImport = ResultOf<typeof importFields>;

export const importDataset = graphql(
	`
		mutation ImportDataset($input: ImportDatasetInput!) {
			importDataset(input: $input) {
				import { ...ImportFields }
				replayed
				errors { ... on UserError { code message path } }
			}
		}
	`,
	[importFields],
);
export type ImportDatasetInput = VariablesOf<typeof importDataset>["input"];

export const cancelDatasetImport = graphql(
	`
		mutation CancelDatasetImport($input: CancelDatasetImportInput!) {
			cancelDatasetImport(input: $input) {
				import { ...ImportFields }
				errors { ... on UserError { code message path } }
			}
		}
	`,
	[importFields],
);

export const listDatasetImports = graphql(
	`
		query ListDatasetImports($first: Int!, $after: Cursor) {
			datasetImports(first: $first, after: $after) {
				nodes { ...ImportFields }
				pageInfo { hasNextPage endCursor }
			}
		}
	`,
	[importFields],
);

export const listImportFaults = graphql(`
	query ListImportFaults($id: ID!, $first: Int!, $after: Cursor) {
		datasetImport(id: $id) {
			faults(first: $first, after: $after) {
				nodes { file row column reason detail }
				pageInfo { hasNextPage endCursor }
			}
		}
	}
`);
/** A row that an import left out. */
export type ImportFault = NonNullable<ResultOf<typeof listImportFaults>["datasetImport"]>["faults"]["nodes"][number];

export const watchDatasetImport = graphql(
	`
		subscription WatchDatasetImport($id: ID!) {
			datasetImportChanges(id: $id) { ...ImportFields }
		}
	`,
	[importFields],
);

export const compareRuns = graphql(
	`
		query CompareRuns($ids: [ID!]!) {
			nodes(ids: $ids) { ... on Run { ...RunFields } }
			configDiff(runIds: $ids) { path values }
		}
	`,
	[runFields],
);

export const watchRun = graphql(
	`
		subscription WatchRun($runId: ID!, $after: Cursor, $kinds: [RunEventKind!]) {
			runEvents(runId: $runId, after: $after, kinds: $kinds) {
				cursor
				isReplay
				events { ...EventFields }
			}
		}
	`,
	[eventFields],
);
/** One recorded event of a run; `__typename` says which. */
export type RunEvent = ResultOf<typeof watchRun>["runEvents"]["events"][number];
/** What events can be chosen by. */
export type RunEventKind = NonNullable<VariablesOf<typeof watchRun>["kinds"]>[number];
