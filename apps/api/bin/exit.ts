/** How the command ends: what it says of an error, and the exit code that a shell branches on. */
import { ApiError } from "@mithridate/client";
import { CommanderError } from "commander";

/** The run that was started or watched ended otherwise than well. */
export class RunNotSucceeded extends Error {
	override readonly name = "RunNotSucceeded";
}

/** What the caller gave cannot be used. */
export class UsageError extends Error {
	override readonly name = "UsageError";
}

const interrupted = 130;
const unreachable = new Set(["UNREACHABLE", "UNAUTHENTICATED", "FORBIDDEN"]);
/** Codes that say the server is at fault, or busy. */
const passing = new Set(["INTERNAL", "RATE_LIMITED"]);

export function exitCode(error: unknown): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
	if (error instanceof RunNotSucceeded) return 3;
	if (error instanceof UsageError) return 2;
	if (error instanceof ApiError) return unreachable.has(error.code) ? 4 : passing.has(error.code) ? 1 : 2;
	return (error as Error).name === "AbortError" ? interrupted : 1;
}

export function explain(error: unknown): string {
	if (error instanceof ApiError) {
		const log = error.requestId === undefined ? "" : ` (request ${error.requestId} in the server's log)`;
		return `${error.code}: ${error.message}${log}`;
	}
	if (error instanceof RunNotSucceeded || error instanceof UsageError) return error.message;
	if ((error as Error).name === "AbortError") return "Interrupted. The run goes on; mithridate runs cancel stops it.";
	return (error as Error).stack ?? String(error);
}
