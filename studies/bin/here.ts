/** Runs a plan on this machine, with stages and journals in the cache folder. */
import { openJournal, type Plan, type Record, runJobs } from "../src/index.ts";
import { laneSettings, openLanes } from "./lanes.ts";
import { journals } from "./places.ts";
import { createProgress } from "./progress.ts";
import { stopSignal } from "./stop.ts";

/** How many experiments run at the same time, and threads of each; 0 leaves it to the machine's cores and memory. */
export interface Load {
	readonly lanes: number;
	readonly threads: number;
}

/** Runs what is not known yet and gives every job's records. */
export async function runHere(
	{ jobs }: Plan,
	{ load, json }: { readonly load: Load; readonly json: boolean },
): Promise<(key: string) => readonly Record[]> {
	const { lanes: count, threads } = laneSettings(load);
	const progress = json ? null : createProgress(process.stderr, count);
	const withThreads = jobs.map((job) => ({
		...job,
		config: { ...job.config, runtime: { ...job.config.runtime, threads } },
	}));
	const { lanes, close } = openLanes(count, stopSignal());
	try {
		for await (const event of runJobs(withThreads, { journals, lanes })) {
			if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
			progress?.show(event);
		}
	} finally {
		progress?.close();
		await close();
	}
	return recordsOf(jobs.map(({ key }) => key));
}

/** The records in the journals of some jobs. */
async function recordsOf(keys: readonly string[]): Promise<(key: string) => readonly Record[]> {
	const known = new Map<string, readonly Record[]>();
	for (const key of keys) known.set(key, (await openJournal(journals, key)).records);
	return (key) => known.get(key) ?? [];
}
