/** The client's public face. */
export {
	type Client,
	type Comparison,
	connect,
	type DatasetToImport,
	type RunToStart,
	type StudyToStart,
} from "./client.ts";
export type { ConnectionOptions } from "./connection.ts";
export { graphql, type ResultOf, type VariablesOf } from "./document.ts";
export type { Dataset, DatasetImport, ImportFault, Run, RunEvent, RunFilter, Study } from "./documents.ts";
export { ApiError } from "./errors.ts";
export type { WatchOptions } from "./watch.ts";
