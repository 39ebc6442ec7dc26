/** Tells a database that is away from a statement that is wrong. */

/** Errors of the socket, by Node's names. */
const SOCKET = new Set([
	"ECONNREFUSED",
	"ECONNRESET",
	"EPIPE",
	"ETIMEDOUT",
	"ENOENT",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"ENOTFOUND",
	"EAI_AGAIN",
]);
/** PostgreSQL's classes: connection exceptions, lack of resources, operator intervention, rolled back for another's sake. */
const STATES = /^(08|53|57P|40)/;
/** What pg and its pool say without a code. */
const WORDS =
	/connection (terminated|ended|closed)|timeout exceeded|client (was closed|has encountered)|query read timeout/i;

/** Whether trying the same again later may help. */
export function isOutage(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const { code } = cause as { code?: unknown };
		if (typeof code === "string" && (SOCKET.has(code) || STATES.test(code))) return true;
		if (WORDS.test(cause.message)) return true;
		if (cause instanceof AggregateError && cause.errors.some(isOutage)) return true;
	}
	return false;
}
