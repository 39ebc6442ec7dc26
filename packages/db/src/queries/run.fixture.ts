/** Runs and workers for tests. */
import type { ExperimentConfig } from "@mithridate/engine";
import type { Db } from "../connect.ts";
import { claimRun } from "./leases.ts";
import { createRun, type Enqueue, type NewRun, type Run } from "./runs.ts";
import { registerWorker } from "./workers.ts";

/** A configuration as far as the database looks into one. */
export function sampleConfig(seed = 1, attack = "singleLabel"): ExperimentConfig {
	return {
		attack: { name: attack },
		defenses: [{ name: "filter" }, { name: "cure" }],
		seeds: [seed],
	} as ExperimentConfig;
}

/** A queue that keeps no jobs. */
export const noQueue: Enqueue = async () => undefined;

export async function aRun(db: Db, run: Partial<NewRun> = {}): Promise<Run> {
	const wanted = { name: "a run", config: sampleConfig(), goalsLabel: "sheep → aeroplane", ...run };
	return (await createRun(db, { run: wanted, enqueue: noQueue })).run;
}

export async function aWorker(db: Db, name = "worker"): Promise<string> {
	const { id } = await registerWorker(db, { name, host: "here", pid: process.pid, version: "0.1.0", threads: 2 });
	return id;
}

/** A run that a worker holds. */
export async function aRunningRun(db: Db, run: Partial<NewRun> = {}): Promise<Run> {
	const { id } = await aRun(db, run);
	return (await claimRun(db, { runId: id, workerId: await aWorker(db) }))!;
}
