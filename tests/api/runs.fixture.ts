/** Runs that are under way, and what writes their events. */
import {
	claimRun,
	createRun,
	createStudy,
	type Database,
	finishAttempt,
	LEASE_SECONDS,
	type Run,
	record,
	registerWorker,
	renewLease,
} from "@mithridate/db";
import { ExperimentConfig } from "@mithridate/engine";
import { encodeId } from "../../apps/api/src/subjects/node/ids.ts";

const enqueue = async () => undefined;

export interface Study {
	/** As the API names it. */
	readonly id: string;
	readonly runs: readonly Run[];
}

/** A study with runs that one worker holds. */
export async function runningStudy(
	{ db }: Pick<Database, "db">,
	{ slug, runs: count }: { slug: string; runs: number },
): Promise<Study> {
	const { study } = await createStudy(db, { study: { slug, name: slug }, runs: [], enqueue });
	const worker = await registerWorker(db, { name: slug, host: "test", pid: process.pid, version: "0", threads: 1 });
	const runs: Run[] = [];
	for (let seed = 1; seed <= count; seed++) {
		const config = ExperimentConfig.parse({ seeds: [seed] });
		const run = { name: `run ${seed}`, config, goalsLabel: "none", studyId: study.id };
		const { id } = (await createRun(db, { run, enqueue })).run;
		runs.push((await claimRun(db, { runId: id, workerId: worker.id }))!);
	}
	return { id: encodeId("Study", study.id), runs };
}

/** Holds on to a study's runs as their worker would, until told to let go; a server takes back what nobody holds. */
export function keepLeases({ db }: Pick<Database, "db">, { runs }: Study): () => void {
	const renew = () => {
		for (const { id, epoch } of runs) void renewLease(db, { runId: id, epoch });
	};
	const timer = setInterval(renew, (LEASE_SECONDS * 1000) / 3);
	return () => clearInterval(timer);
}

/** As the API names a run. */
export const idOf = (run: Run) => encodeId("Run", run.id);

/** Stores log lines in one transaction. */
export async function log(
	{ db }: Pick<Database, "db">,
	{ id, epoch }: Run,
	messages: readonly string[],
): Promise<void> {
	const items = messages.map((message) => ({ kind: "log" as const, level: "info" as const, message }));
	await record(db, { runId: id, epoch, items });
}

/** Ends a run well. */
export async function finish({ db }: Pick<Database, "db">, { id, epoch }: Run): Promise<void> {
	await finishAttempt(db, { runId: id, epoch, outcome: "succeeded", enqueue });
}
