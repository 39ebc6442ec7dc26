/** The closed list of error codes, and the one class whose messages reach a caller. */
import { GraphQLError } from "graphql";

/** Every `extensions.code` this API answers with. */
export const errorCodes = [
	"UNAUTHENTICATED",
	"FORBIDDEN",
	"BAD_REQUEST",
	"BAD_USER_INPUT",
	"GRAPHQL_PARSE_FAILED",
	"GRAPHQL_VALIDATION_FAILED",
	"OPERATION_RESOLUTION_FAILURE",
	"DOCUMENT_LIMIT",
	"COST_LIMIT",
	"RATE_LIMITED",
	"NOT_FOUND",
	"INVALID_CURSOR",
	"CURSOR_MALFORMED",
	"CURSOR_FOREIGN",
	"CURSOR_FUTURE",
	"CURSOR_EXPIRED",
	"SLOW_CONSUMER",
	"TIMEOUT",
	"INTERNAL",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Codes after which the same request may succeed without being changed. */
const retryable: ReadonlySet<string> = new Set(["RATE_LIMITED", "SLOW_CONSUMER", "TIMEOUT", "INTERNAL"] as const);

/** HTTP status of a request that was refused before it ran. */
const statuses: Partial<Record<ErrorCode, number>> = {
	UNAUTHENTICATED: 401,
	FORBIDDEN: 403,
	BAD_REQUEST: 400,
	BAD_USER_INPUT: 400,
	DOCUMENT_LIMIT: 400,
	COST_LIMIT: 400,
	RATE_LIMITED: 429,
};

/** A failure that the caller can act on: its message says what was wrong, the limit, and the remedy. */
export class ApiError extends GraphQLError {
	readonly code: ErrorCode;
	/** HTTP status where the whole request is refused. */
	readonly status: number;

	constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
		super(message, { extensions: { ...details, code } });
		this.name = "ApiError";
		this.code = code;
		this.status = statuses[code] ?? 400;
	}
}

/** Whether the same request may be sent again as it is. */
export function isRetryable(code: string): boolean {
	return retryable.has(code);
}
