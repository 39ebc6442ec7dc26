/** The errors a caller of the database may catch. Each names the offending value, the limit and the remedy. */

/** What kind of fault it was; callers map codes to exit codes or GraphQL error types. */
export type DatabaseErrorCode =
	| "stale-attempt"
	| "not-found"
	| "conflict"
	| "invalid-input"
	| "idempotency-conflict"
	| "server-unavailable"
	| "server-unsupported"
	| "server-start-failed"
	| "migration-failed"
	| "artifact-missing"
	| "artifact-damaged"
	| "artifact-unwritable";

/** Any fault of the database or the artifact store that a person can act on. Everything else that is thrown is a bug. */
export class DatabaseError extends Error {
	override readonly name: string = "DatabaseError";
	readonly code: DatabaseErrorCode;
	/** The id, folder or hash that is at fault, where there is one. */
	readonly subject: string | undefined;

	constructor(code: DatabaseErrorCode, message: string, options: { subject?: string; cause?: unknown } = {}) {
		super(message, options.cause === undefined ? {} : { cause: options.cause });
		this.code = code;
		this.subject = options.subject;
	}
}

/** An attempt wrote after its lease was lost or its run was ended: nothing was stored, and it must stop. */
export class StaleAttemptError extends DatabaseError {
	override readonly name = "StaleAttemptError";

	constructor({ runId, epoch }: { runId: string; epoch: number }) {
		super(
			"stale-attempt",
			`Attempt ${epoch} of run ${runId} no longer holds the run: another attempt took it over or it was ended. Stop the trainer; nothing of this write was stored.`,
			{ subject: runId },
		);
	}
}
