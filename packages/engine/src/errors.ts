/** The errors a caller of the engine may catch. Each names the offending value, the limit and the remedy. */

/** What kind of fault it was; callers map codes to exit codes or GraphQL error types. */
export type ErrorCode =
	| "invalid-config"
	| "invalid-data"
	| "invalid-checkpoint"
	| "runtime-unavailable"
	| "unsupported-kernel"
	| "non-finite"
	| "aborted"
	| "unwritable";

/** Any fault of the engine that a person can act on. Everything else that is thrown is a bug. */
export class MithridateError extends Error {
	override readonly name = "MithridateError";
	readonly code: ErrorCode;
	/** Dotted path of the offending field, file or tensor, where there is one. */
	readonly subject: string | undefined;

	constructor(code: ErrorCode, message: string, options: { subject?: string; cause?: unknown } = {}) {
		super(message, options.cause === undefined ? {} : { cause: options.cause });
		this.code = code;
		this.subject = options.subject;
	}
}

/** Throws `aborted` when the signal has fired; long loops call it between steps. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
	if (signal?.aborted)
		throw new MithridateError("aborted", "The run was stopped before it finished.", { cause: signal.reason });
}
