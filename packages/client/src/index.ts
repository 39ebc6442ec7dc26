/** The client's public face. */
export { type Client, type Comparison, connect, type DatasetToImport, type RunToStart } from "./client.ts";
export type { ConnectionOptions } from "./connection.ts";
export { graphql, type ResultOf, type VariablesOf } from "./document.ts";
export type { Dataset, DatasetImport, ImportFault, Run, RunEvent, RunEventKind, RunFilter } from "./documents.ts";
export { ApiError } from "./errors.ts";
export type { StudyDetails, StudyResults, StudySetting, SweepToStart } from "./studies.ts";
export type {
	Perspective,
	Study,
	StudyDefinition,
	StudyEvent,
	StudyVerdict,
	StudyView,
} from "./study-documents.ts";
export type { WatchOptions } from "./watch.ts";
