/** Events: numbered under the locks of their run and study, and read back in that order. */
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { events, runs, studies } from "../schema/index.ts";
import type { EventKind, NewEvent } from "../shapes.ts";
import { list } from "./rows.ts";

export type Event = typeof events.$inferSelect;

/** The channel of `listen` that rings for new events: `<runId>:<seq>`, with `:<studyId>:<studySeq>` for a run of a study. */
export const EVENT_CHANNEL = "mithridate";

/** Events of one run; its row is locked by the caller's transaction. */
export interface EventsOfRun {
	readonly runId: string;
	readonly epoch: number;
	readonly events: readonly NewEvent[];
}

/**
 * Numbers and stores events of runs that the transaction holds the row locks of, and rings the bell at its commit.
 * Studies are locked after all runs and in the order of their ids, so that two writers never wait for each other.
 * @returns the number of each run's newest event.
 */
export async function appendEvents(tx: Db, batches: readonly EventsOfRun[]): Promise<Map<string, number>> {
	const filled = batches.filter((batch) => batch.events.length > 0);
	if (filled.length === 0) return new Map();
	const numbered = await tx
		.update(runs)
		.set({ lastSeq: sql`${runs.lastSeq} + added.count` })
		.from(
			sql`unnest(${list(filled.map(({ runId }) => runId))}::uuid[], ${list(filled.map((batch) => batch.events.length))}::int[]) AS added(id, count)`,
		)
		.where(sql`${runs.id} = added.id`)
		.returning({ id: runs.id, lastSeq: runs.lastSeq, studyId: runs.studyId });
	const lastSeqs = new Map(numbered.map((run) => [run.id, run.lastSeq]));
	const studyOf = new Map(numbered.map((run) => [run.id, run.studyId]));
	const nextStudySeq = await raiseStudies(tx, filled, studyOf);

	const rows = filled.flatMap(({ runId, epoch, events: own }) => {
		const first = lastSeqs.get(runId)! - own.length + 1;
		const studyId = studyOf.get(runId) ?? null;
		return own.map(({ kind, body }, at) => {
			const studySeq = studyId === null ? null : nextStudySeq.get(studyId)!;
			if (studyId !== null) nextStudySeq.set(studyId, studySeq! + 1);
			return { runId, seq: first + at, studyId, studySeq, epoch, kind, body: JSON.stringify(body) };
		});
	});
	const bells = new Map(
		rows.map((row) => [
			row.runId,
			[row.runId, row.seq, ...(row.studyId === null ? [] : [row.studyId, row.studySeq])].join(":"),
		]),
	);
	await tx.execute(sql`
		WITH told AS (
			INSERT INTO ${events} (run_id, seq, study_id, study_seq, epoch, kind, body)
			SELECT * FROM unnest(
				${list(rows.map((row) => row.runId))}::uuid[], ${list(rows.map((row) => row.seq))}::bigint[],
				${list(rows.map((row) => row.studyId))}::uuid[], ${list(rows.map((row) => row.studySeq))}::bigint[],
				${list(rows.map((row) => row.epoch))}::int[], ${list(rows.map((row) => row.kind))}::event_kind[],
				${list(rows.map((row) => row.body))}::jsonb[]))
		SELECT pg_notify(${EVENT_CHANNEL}, bell) FROM unnest(${list([...bells.values()])}::text[]) AS bell`);
	return lastSeqs;
}

/** Takes the numbers of each study's new events; returns the first one of each. */
async function raiseStudies(tx: Db, batches: readonly EventsOfRun[], studyOf: ReadonlyMap<string, string | null>) {
	const counts = new Map<string, number>();
	for (const batch of batches) {
		const studyId = studyOf.get(batch.runId);
		if (studyId) counts.set(studyId, (counts.get(studyId) ?? 0) + batch.events.length);
	}
	const next = new Map<string, number>();
	for (const [studyId, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const [study] = await tx
			.update(studies)
			.set({ lastSeq: sql`${studies.lastSeq} + ${count}` })
			.where(eq(studies.id, studyId))
			.returning({ lastSeq: studies.lastSeq });
		next.set(studyId, study!.lastSeq - count + 1);
	}
	return next;
}

/** Events of a run after a number, in order. */
export function eventsAfter(
	db: Db,
	{ runId, after, limit, kinds }: { runId: string; after: number; limit: number; kinds?: readonly EventKind[] },
): Promise<Event[]> {
	return db
		.select()
		.from(events)
		.where(and(eq(events.runId, runId), gt(events.seq, after), kinds && inArray(events.kind, [...kinds])))
		.orderBy(asc(events.seq))
		.limit(limit);
}

/** Events of all runs of a study after a number of the study, in order. */
export function studyEventsAfter(
	db: Db,
	{ studyId, after, limit }: { studyId: string; after: number; limit: number },
): Promise<Event[]> {
	return db
		.select()
		.from(events)
		.where(and(eq(events.studyId, studyId), gt(events.studySeq, after)))
		.orderBy(asc(events.studySeq))
		.limit(limit);
}

/** Number of the newest event of a run or of a study; null when there is no such run or study. */
export async function lastSeq(db: Db, of: { runId: string } | { studyId: string }): Promise<number | null> {
	const [row] =
		"runId" in of
			? await db.select({ lastSeq: runs.lastSeq }).from(runs).where(eq(runs.id, of.runId))
			: await db.select({ lastSeq: studies.lastSeq }).from(studies).where(eq(studies.id, of.studyId));
	return row?.lastSeq ?? null;
}
