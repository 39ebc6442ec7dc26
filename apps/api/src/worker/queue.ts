/** The queue of runs on pg-boss: a job says only which attempt of which run may start; the truth is the run's row. */
import { sql } from "drizzle-orm";
import type { Pool } from "pg";
import { fromDrizzle, PgBoss } from "pg-boss";

/** Which attempt of which run may start: the claim raises the epoch by one. */
export interface QueuedRun {
	readonly runId: string;
	/** The run's epoch while it waits. */
	readonly epoch: number;
}

/** A drizzle transaction, or the database itself. */
export type Statements = Parameters<typeof fromDrizzle>[0];

export interface RunQueue {
	/** Queues attempts, within the transaction that made their runs wait. Higher priorities go first. */
	readonly enqueue: (within: Statements, jobs: readonly (QueuedRun & { readonly priority: number })[]) => Promise<void>;
	/** Takes the next job off the queue. It is back should the transaction fail. */
	take(within: Statements): Promise<QueuedRun | null>;
	/** Moves a waiting run forward or back. */
	reprioritise(within: Statements, runId: string, priority: number): Promise<void>;
	/** Takes a run off the queue. */
	remove(within: Statements, runId: string): Promise<void>;
	/** Whether a job of this run waits. */
	holds(within: Statements, runId: string): Promise<boolean>;
	close(): Promise<void>;
}

const NAME = "runs";
/** Longer than any study waits; the sweeper sends anew what is waiting without a job. */
const RETENTION_SECONDS = 365 * 24 * 3600;

/** Opens the queue, and makes its schema where it is missing. `onError` hears of faults in pg-boss's own upkeep. */
export async function openRunQueue(pool: Pool, onError: (error: Error) => void): Promise<RunQueue> {
	// pg-boss reads times as dates, which drizzle's connections hand out as text: its own upkeep goes past drizzle.
	const boss = new PgBoss({ db: { executeSql: (text, values) => pool.query(text, values) }, schedule: false });
	boss.on("error", onError);
	await boss.start();
	await boss.createQueue(NAME, { retryLimit: 0, retentionSeconds: RETENTION_SECONDS });
	const waiting = (within: Statements, runId: string) =>
		boss.findJobs<QueuedRun>(NAME, { key: runId, queued: true, db: fromDrizzle(within, sql) });
	return {
		async enqueue(within, jobs) {
			const db = fromDrizzle(within, sql);
			for (const { runId, epoch, priority } of jobs)
				await boss.send(NAME, { runId, epoch }, { singletonKey: runId, priority, db });
		},
		async take(within) {
			const db = fromDrizzle(within, sql);
			const [job] = await boss.fetch<QueuedRun>(NAME, { db });
			if (job === undefined) return null;
			// The lease on the run's row takes over from here.
			await boss.deleteJob(NAME, job.id, { db });
			return job.data;
		},
		async reprioritise(within, runId, priority) {
			for (const { id } of await waiting(within, runId))
				await boss.update(NAME, undefined, { id, priority, db: fromDrizzle(within, sql) });
		},
		async remove(within, runId) {
			const ids = (await waiting(within, runId)).map(({ id }) => id);
			if (ids.length > 0) await boss.deleteJob(NAME, ids, { db: fromDrizzle(within, sql) });
		},
		holds: async (within, runId) => (await waiting(within, runId)).length > 0,
		close: () => boss.stop({ close: false, graceful: false }),
	};
}
