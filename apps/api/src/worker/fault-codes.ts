/** The codes under which faults of the engine are recorded. */
import type { MithridateError } from "@mithridate/engine";

/** `DISK_FULL` for whatever could not be written for want of space, else the engine's own code. */
export function codeOf(error: MithridateError): string {
	for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
		if ("code" in cause && (cause.code === "ENOSPC" || cause.code === "EDQUOT")) return "DISK_FULL";
	return error.code.toUpperCase().replaceAll("-", "_");
}
