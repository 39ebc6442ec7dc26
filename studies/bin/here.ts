/** Runs a plan in this process, with stages and journals in the cache folder. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { directoryStages } from "@mithridate/engine";
import { openJournal, type Plan, type Record, runJobs } from "../src/index.ts";
import { createProgress } from "./progress.ts";
import { stopSignal } from "./stop.ts";

export const repository = resolve(import.meta.dirname, "../..");
export const cacheFolder = join(repository, ".cache");
const journals = join(cacheFolder, "studies");

/** Version of the code: the package's, and the commit where this is a clone. */
function codeVersion(): string {
	const { version }: { version: string } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
	const git = (...args: string[]) => spawnSync("git", args, { cwd: repository, encoding: "utf8" });
	const { status, stdout } = git("rev-parse", "--short", "HEAD");
	if (status !== 0) return version;
	const changed = git("status", "--porcelain", "--untracked-files=no", "--", "packages/engine", "studies/src");
	return `${version} at ${stdout.trim()}${changed.stdout === "" ? "" : " with changes"}`;
}

/** Runs what is not known yet and gives every job's records. */
export async function runHere(
	{ jobs }: Plan,
	{ threads, json }: { readonly threads: number; readonly json: boolean },
): Promise<(key: string) => readonly Record[]> {
	const progress = json ? null : createProgress(process.stderr);
	const withThreads = jobs.map((job) => ({
		...job,
		config: { ...job.config, runtime: { ...job.config.runtime, threads } },
	}));
	const running = runJobs(withThreads, {
		stages: directoryStages(join(cacheFolder, "stages")),
		journals,
		cacheFolder,
		codeVersion: codeVersion(),
		now: () => performance.now(),
		peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
		signal: stopSignal(),
	});
	try {
		for await (const event of running) {
			if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
			progress?.show(event);
		}
	} finally {
		progress?.close();
	}
	return recordsOf(jobs.map(({ key }) => key));
}

/** The records in the journals of some jobs. */
async function recordsOf(keys: readonly string[]): Promise<(key: string) => readonly Record[]> {
	const known = new Map<string, readonly Record[]>();
	for (const key of keys) known.set(key, (await openJournal(journals, key)).records);
	return (key) => known.get(key) ?? [];
}
