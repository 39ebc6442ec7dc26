/** Exit status, and stopping by signal: the first one asks for a clean stop, one that comes later than a moment after it insists. */
import { MithridateError } from "@mithridate/engine";

/** A press of Ctrl-C can arrive several times: from the terminal, and from every launcher in between. */
const SAME_PRESS_MILLISECONDS = 2000;

/** Exit status of a process stopped by Ctrl-C. */
const STOPPED = 130;

/** A signal that fires when the process is asked to stop. */
export function stopSignal(): AbortSignal {
	const stop = new AbortController();
	let asked: number | undefined;
	const ask = (reason: string) => () => {
		if (asked !== undefined && performance.now() - asked > SAME_PRESS_MILLISECONDS) process.exit(STOPPED);
		asked ??= performance.now();
		stop.abort(reason);
	};
	process.on("SIGINT", ask("interrupted"));
	process.on("SIGTERM", ask("terminated"));
	return stop.signal;
}

/** Runs a program and says how it ended: 2 for what the caller can mend, 130 for a stop by signal, 1 for anything else. */
export async function end(program: Promise<void>): Promise<void> {
	try {
		await program;
	} catch (error) {
		if (!(error instanceof MithridateError)) {
			process.stderr.write(`${(error as Error).stack}\n`);
			process.exitCode = 1;
		} else if (error.code === "aborted") {
			process.stderr.write("Stopped. The same command goes on where it stopped.\n");
			process.exitCode = STOPPED;
		} else {
			process.stderr.write(`${error.code}: ${error.message}\n`);
			process.exitCode = error.code === "non-finite" || error.code === "unsupported-kernel" ? 1 : 2;
		}
	}
}
