/** A worker: takes imports and runs one after the other, keeps its own row alive, and sweeps behind others. */
import { setTimeout as sleep } from "node:timers/promises";
import { claimImport, claimRun, type Run } from "@mithridate/db";
import { superviseImport } from "./import-supervisor.ts";
import { isOutage } from "./outage.ts";
import type { WorkerSettings } from "./settings.ts";
import { supervise } from "./supervisor.ts";
import { startSweeper } from "./sweeper.ts";

export interface WorkerIdentity {
	/** Of its row. */
	id(): string;
	/** Says that the worker lives. */
	beat(): Promise<void>;
	/** Takes its row away. */
	leave(): Promise<void>;
}

/** Works until `drain` fires; then what is under way is saved and given back. */
export async function work(identity: WorkerIdentity, settings: WorkerSettings, drain: AbortSignal): Promise<void> {
	const { log, timing } = settings;
	const pause = (milliseconds: number) => sleep(milliseconds, undefined, { signal: drain }).catch(() => {});
	const beating = setInterval(() => {
		identity.beat().catch((error: unknown) => {
			if (!isOutage(error)) log.error({ err: error }, "the heartbeat failed");
		});
	}, timing.renewMilliseconds);
	const stopSweeping = startSweeper(settings);
	try {
		while (!drain.aborted) {
			try {
				// Before runs: those that wait for its data can then be started.
				const wanted = await claimImport(settings.database.db, { workerId: identity.id() });
				const run = wanted === null ? await claimNext(identity.id(), settings) : null;
				if (wanted) await superviseImport(wanted, settings, drain);
				else if (run) await supervise(run, settings, drain);
				else await pause(timing.pollMilliseconds);
			} catch (error) {
				if (isOutage(error)) log.debug({ err: error }, "the database is away");
				else log.error({ err: error }, "an attempt could not be carried out");
				await pause(timing.pollMilliseconds);
			}
		}
	} finally {
		clearInterval(beating);
		await stopSweeping();
		await identity.leave().catch((error: unknown) => log.warn({ err: error }, "the worker's row stays behind"));
	}
}

/** Takes the next job and claims its run in one transaction: a worker killed in between has taken neither. */
function claimNext(workerId: string, { database, queue }: WorkerSettings): Promise<Run | null> {
	return database.db.transaction(async (tx) => {
		for (;;) {
			const job = await queue.take(tx);
			if (job === null) return null;
			// Null for a job that was overtaken: its run was cancelled, paused or claimed since.
			const run = await claimRun(tx, { ...job, workerId });
			if (run) return run;
		}
	});
}
