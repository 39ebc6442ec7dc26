/** Stopping by signal: the first one asks for a clean stop, one that comes later than a moment after it insists. */

/** A press of Ctrl-C can arrive several times: from the terminal, and from every launcher in between. */
const SAME_PRESS_MILLISECONDS = 2000;

/** Exit status of a process stopped by Ctrl-C. */
export const STOPPED = 130;

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
