/** Workers: who is there to carry runs out. */
import { desc, eq, gt, lt, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { runs, workers } from "../schema/index.ts";

export type Worker = typeof workers.$inferSelect;

/** A worker is alive while its heartbeat is younger than this. */
const ALIVE_SECONDS = 15;
/** A dead worker is forgotten after this time; attempts keep its name. */
const FORGOTTEN_HOURS = 24;

/** Notes that a worker began. */
export async function registerWorker(
	db: Db,
	worker: Pick<Worker, "name" | "host" | "pid" | "version" | "threads">,
): Promise<Worker> {
	const [row] = await db.insert(workers).values(worker).returning();
	return row!;
}

/** Notes that a worker lives; false when it was forgotten and must register anew. */
export async function heartbeat(db: Db, workerId: string): Promise<boolean> {
	const beaten = await db.update(workers).set({ heartbeatAt: sql`clock_timestamp()` }).where(eq(workers.id, workerId));
	return beaten.rowCount === 1;
}

/** Forgets a worker that ended, and those that have been dead for long. */
export async function removeWorker(db: Db, workerId: string): Promise<void> {
	const old = lt(workers.heartbeatAt, sql`now() - make_interval(hours => ${FORGOTTEN_HOURS})`);
	await db.delete(workers).where(sql`${workers.id} = ${workerId} OR (${old})`);
}

/** All workers known, the latest first, each with whether it is alive by the database's clock. */
export async function listWorkers(db: Db): Promise<(Worker & { isAlive: boolean })[]> {
	const isAlive = gt(workers.heartbeatAt, sql`now() - make_interval(secs => ${ALIVE_SECONDS})`).mapWith(Boolean);
	const rows = await db.select({ worker: workers, isAlive }).from(workers).orderBy(desc(workers.startedAt));
	return rows.map(({ worker, isAlive }) => ({ ...worker, isAlive }));
}

/** How much waits and how much runs. */
export async function queueState(db: Db): Promise<{ depth: number; running: number; oldestQueuedAt: Date | null }> {
	const [row] = await db
		.select({
			depth: sql<string>`count(*) FILTER (WHERE ${runs.status} = 'queued')`.mapWith(Number),
			running: sql<string>`count(*) FILTER (WHERE ${runs.status} = 'running')`.mapWith(Number),
			oldestQueuedAt: sql`min(${runs.queuedAt}) FILTER (WHERE ${runs.status} = 'queued')`.mapWith(runs.queuedAt),
		})
		.from(runs)
		.where(sql`${runs.status} IN ('queued', 'running')`);
	return { depth: row!.depth, running: row!.running, oldestQueuedAt: row!.oldestQueuedAt };
}
