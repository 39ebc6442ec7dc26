/** A lane in a process of its own: runs the units that its parent sends, one after another, and tells of them. */
import { MithridateError } from "@mithridate/engine";
import { runUnit, type Unit } from "../src/index.ts";
import type { FromLane } from "./lanes.ts";
import { cacheFolder, codeVersion, stages } from "./places.ts";
import { stopSignal } from "./stop.ts";

const signal = stopSignal();
const version = codeVersion();
/** A parent that has gone hears no more, and what it asked for is stored. */
const tell = (message: FromLane) => process.connected && process.send!(message, undefined, undefined, () => {});

process.on("message", async (unit: Unit) => {
	try {
		const events = runUnit(unit, {
			stages,
			cacheFolder,
			codeVersion: version,
			now: () => performance.now(),
			peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
			signal,
		});
		for await (const event of events) tell(event);
		tell({ type: "unit-end" });
	} catch (error) {
		const { message, stack } = error as Error;
		const known = error instanceof MithridateError ? { code: error.code, subject: error.subject } : { stack };
		tell({ type: "unit-failed", message, ...known });
	}
});
