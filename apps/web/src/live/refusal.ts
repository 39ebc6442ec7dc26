/** What an interrupted feed's error means: try again, ask the first answer again, or give up and say why. */

export type Verdict =
	| { readonly kind: "retry" }
	/** The cursor is no longer, or not yet, one of this run's: the first answer has a new one. */
	| { readonly kind: "resync" }
	| { readonly kind: "refused"; readonly reason: string };

interface ServerError {
	readonly message: string;
	readonly extensions?: { readonly code?: unknown; readonly retryable?: unknown };
}

/** Closing codes after which the same socket would be refused again: no or no longer valid sign-in. */
const forbidden: ReadonlySet<unknown> = new Set([4401, 4403]);

const isServerError = (value: unknown): value is ServerError =>
	typeof value === "object" && value !== null && typeof (value as { message?: unknown }).message === "string";

/** Judges what `subscribeOnce` reports: a list of GraphQL errors, or how the socket was closed. */
export function judge(error: unknown): Verdict {
	if (Array.isArray(error)) {
		const first: unknown = error[0];
		if (!isServerError(first)) return { kind: "retry" };
		const code = first.extensions?.code;
		if (code === "CURSOR_EXPIRED" || code === "CURSOR_FUTURE") return { kind: "resync" };
		return first.extensions?.retryable === true ? { kind: "retry" } : { kind: "refused", reason: first.message };
	}
	const close = (error as { code?: unknown } | null)?.code;
	return forbidden.has(close)
		? { kind: "refused", reason: "You are no longer signed in. Open the address that the server printed." }
		: { kind: "retry" };
}
