/** How errors leave this server: those meant for the caller as they are, surprises masked, each with the request's id. */
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { ApiError, errorCodes, isRetryable } from "../errors.ts";

export interface Presenting {
	readonly requestId: string;
	readonly log: Logger;
	/** Code of an error that graphql-js made itself: it depends on the step that failed. */
	readonly step?: "GRAPHQL_PARSE_FAILED" | "GRAPHQL_VALIDATION_FAILED" | "BAD_USER_INPUT";
}

const codes: ReadonlySet<string> = new Set(errorCodes);
/** How graphql-js says that a document has too many tokens. */
const tooManyTokens = /^Syntax Error: Document contains more tha[nt] (\d+) tokens/;
/** Names of the schema that a caller did not ask for are not offered. */
const suggestion = / ?Did you mean .+\?$/s;

function codeOf(error: GraphQLError, step: Presenting["step"]): string {
	const given = error.extensions.code;
	if (typeof given === "string" && codes.has(given)) return given;
	if (given === "INTERNAL_SERVER_ERROR") return "INTERNAL";
	return step ?? "BAD_USER_INPUT";
}

function present(error: GraphQLError, presenting: Presenting): GraphQLFormattedError {
	const { requestId, log, step } = presenting;
	const place = {
		...(error.locations ? { locations: error.locations } : {}),
		...(error.path ? { path: error.path } : {}),
	};
	// Thrown by a resolver, an error comes wrapped; what is wrapped tells whether it was meant for the caller.
	const cause = error.originalError ?? error;
	if (!(cause instanceof GraphQLError)) {
		log.error({ err: cause, requestId, path: error.path }, "an operation failed");
		const message = `Something went wrong on the server. Its log has the details under ${requestId}.`;
		return { message, ...place, extensions: { code: "INTERNAL", requestId, retryable: true } };
	}
	const tokens = tooManyTokens.exec(cause.message)?.[1];
	if (tokens !== undefined) {
		const message = `The document has more than ${tokens} tokens. Split the operation in several.`;
		return { message, extensions: { code: "DOCUMENT_LIMIT", limit: "tokens", requestId, retryable: false } };
	}
	const code = codeOf(cause, step);
	const details = cause instanceof ApiError ? cause.extensions : {};
	const message = cause.message.replace(suggestion, "");
	return { message, ...place, extensions: { ...details, code, requestId, retryable: isRetryable(code) } };
}

/** Errors as they are sent. */
export function presentErrors(errors: readonly GraphQLError[], presenting: Presenting): GraphQLFormattedError[] {
	return errors.map((error) => present(error, presenting));
}
