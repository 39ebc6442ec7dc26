/** Takes runs back from workers that are gone; every worker and every API server sweeps. */
import { setTimeout as sleep } from "node:timers/promises";
import { collectGarbage, schema, sweepLeases } from "@mithridate/db";
import { and, asc, eq, lt, sql } from "drizzle-orm";
import { isOutage } from "./outage.ts";
import type { WorkerSettings } from "./settings.ts";

/** While the server was down nobody could renew: its owners get this long to do so after it has started. */
const GRACE_SECONDS = 8;
/** How often, in sweeps, waiting runs without a job are looked for. */
const LOST_JOBS_EVERY = 12;
/** How often, in sweeps, files that nothing needs any more are looked for. */
const GARBAGE_EVERY = 120;

/** Sweeps until the returned function is called. */
export function startSweeper(
	settings: Pick<WorkerSettings, "database" | "artifacts" | "queue" | "log" | "timing">,
): () => Promise<void> {
	const { log, timing } = settings;
	const over = new AbortController();
	const loop = async () => {
		for (let count = 0; !over.signal.aborted; count++) {
			try {
				if (await sweep(settings)) {
					if (count % LOST_JOBS_EVERY === 0) await sendLostJobs(settings);
					if (count % GARBAGE_EVERY === GARBAGE_EVERY - 1)
						await collectGarbage(settings.database.db, settings.artifacts);
				}
			} catch (error) {
				if (isOutage(error)) log.debug({ err: error }, "no sweep: the database is away");
				else log.error({ err: error }, "a sweep failed");
			}
			await sleep(timing.sweepMilliseconds, undefined, { signal: over.signal }).catch(() => {});
		}
	};
	const looping = loop();
	return () => {
		over.abort();
		return looping;
	};
}

type Sweeping = Pick<WorkerSettings, "database" | "queue" | "log">;

/** One sweep; false where the server has only just started. */
async function sweep({ database, queue, log }: Sweeping): Promise<boolean> {
	const { db } = database;
	const { rows } = await db.execute<{ settled: boolean }>(
		sql`SELECT clock_timestamp() - pg_postmaster_start_time() > make_interval(secs => ${GRACE_SECONDS}) AS settled`,
	);
	if (!rows[0]?.settled) return false;
	for (const { id, epoch, status } of await sweepLeases(db, { enqueue: queue.enqueue }))
		log.warn({ runId: id, epoch, status }, "the worker of this run is gone");
	return true;
}

/** Sends jobs anew for runs that have waited for a while without one. */
async function sendLostJobs({ database, queue, log }: Sweeping): Promise<void> {
	const { runs } = schema;
	await database.db.transaction(async (tx) => {
		const old = lt(runs.queuedAt, sql`now() - interval '1 minute'`);
		const waiting = await tx
			.select({ runId: runs.id, epoch: runs.epoch, priority: runs.priority })
			.from(runs)
			.where(and(eq(runs.status, "queued"), old))
			.orderBy(asc(runs.queuedAt))
			.limit(100)
			.for("no key update", { skipLocked: true });
		for (const job of waiting) {
			if (await queue.holds(tx, job.runId)) continue;
			log.warn(job, "this run waited without a job");
			await queue.enqueue(tx, [job]);
		}
	});
}
