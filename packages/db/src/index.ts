/** The database's public face. */
export {
	type ArtifactSource,
	type ArtifactStore,
	faultOf,
	readArtifact,
	type StoredArtifact,
} from "./artifacts/contract.ts";
export { type DiskArtifact, type DiskArtifactStore, diskArtifacts } from "./artifacts/disk.ts";
export { type S3Options, s3Artifacts } from "./artifacts/s3.ts";
export { type ConnectOptions, connect, type Database, type Db } from "./connect.ts";
export { stopServerOf } from "./embedded/server.ts";
export { DatabaseError, type DatabaseErrorCode, StaleAttemptError } from "./errors.ts";
export { type Listener, listen } from "./listen.ts";
export { migrate } from "./migrate.ts";
export { type OpenDatabase, openDatabase } from "./open.ts";
export * from "./queries/artifacts.ts";
export * from "./queries/config-hash.ts";
export * from "./queries/datasets.ts";
export * from "./queries/defenses.ts";
export { collectGarbage, deleteUnused, diagnose, type Finding, type FindingKind, repair } from "./queries/doctor.ts";
export * from "./queries/evaluations.ts";
export { EVENT_CHANNEL, type Event, eventsAfter, lastSeq, studyEventsAfter } from "./queries/events.ts";
export { forgetIdempotency, type IdempotentRequest, idempotently } from "./queries/idempotency.ts";
export * from "./queries/imports.ts";
export {
	type AttemptRef,
	claimRun,
	type FinishedAttempt,
	finishAttempt,
	LEASE_SECONDS,
	renewLease,
	STALLS_TO_QUARANTINE,
	sweepLeases,
} from "./queries/leases.ts";
export * from "./queries/metrics.ts";
export { queueMissing } from "./queries/missing-runs.ts";
export * from "./queries/of-many.ts";
export type { Key, PageOf, PageRequest } from "./queries/pages.ts";
export { probesFor } from "./queries/probes.ts";
export { type Recorded, record } from "./queries/record.ts";
export type { Difference, RecordItem, StoredFile } from "./queries/record-items.ts";
export * from "./queries/run-lists.ts";
export {
	type Attempt,
	createRun,
	type Enqueue,
	findAttempts,
	findRuns,
	type NewRun,
	type QueueJob,
	queueRun,
	type Run,
	type RunIntent,
	type RunStatus,
	requestIntent,
} from "./queries/runs.ts";
export * from "./queries/stages.ts";
export * from "./queries/studies.ts";
export * from "./queries/study-results.ts";
export * from "./queries/system.ts";
export * from "./queries/tokens.ts";
export * from "./queries/workers.ts";
export * as schema from "./schema/index.ts";
export * from "./shapes.ts";
