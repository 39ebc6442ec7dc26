/** What a call to the API can fail with. */

/** A fault that the API told of, or a server that gave no GraphQL answer. */
export class ApiError extends Error {
	override readonly name = "ApiError";
	/** One of the API's codes, e.g. `NOT_FOUND`; `UNREACHABLE` when there was no answer at all. */
	readonly code: string;
	/** Names the request in the server's log. */
	readonly requestId: string | undefined;
	/** Whether the same call may succeed later. */
	readonly retryable: boolean;

	constructor(
		code: string,
		message: string,
		{ requestId, retryable = false, cause }: { requestId?: string; retryable?: boolean; cause?: unknown } = {},
	) {
		super(message, cause === undefined ? {} : { cause });
		this.code = code;
		this.requestId = requestId;
		this.retryable = retryable;
	}
}

interface GraphQLFault {
	readonly message: string;
	readonly extensions?: { readonly code?: string; readonly requestId?: string; readonly retryable?: boolean };
}

/** The first of an answer's errors. */
export function faultOf([fault]: readonly GraphQLFault[]): ApiError {
	const { code = "INTERNAL", requestId, retryable = false } = fault?.extensions ?? {};
	return new ApiError(code, fault?.message ?? "The server answered with an empty list of errors.", {
		retryable,
		...(requestId !== undefined && { requestId }),
	});
}

/** A mutation's modelled errors, all in one message. Does nothing when there are none. */
export function throwModelled(
	errors: readonly { readonly code?: string; readonly message?: string; readonly path?: readonly string[] | null }[],
): void {
	if (errors.length === 0) return;
	const lines = errors.map(({ path, message }) => `${path?.length ? `${path.join(".")}: ` : ""}${message}`);
	throw new ApiError(errors[0]?.code ?? "VALIDATION", lines.join("\n"));
}
