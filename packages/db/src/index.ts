/** The database's public face. */
export { type ConnectOptions, connect, type Database, type Db } from "./connect.ts";
export { DatabaseError, type DatabaseErrorCode, StaleAttemptError } from "./errors.ts";
export { migrate } from "./migrate.ts";
export { type OpenDatabase, openDatabase } from "./open.ts";
export * from "./queries/artifacts.ts";
export * from "./queries/config-hash.ts";
export { EVENT_CHANNEL, type Event, eventsAfter, lastSeq, studyEventsAfter } from "./queries/events.ts";
export { forgetIdempotency, type IdempotentRequest, idempotently } from "./queries/idempotency.ts";
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
export { type Recorded, record } from "./queries/record.ts";
export type { Difference, RecordItem, StoredFile } from "./queries/record-items.ts";
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
export * as schema from "./schema/index.ts";
export * from "./shapes.ts";
