/** The runs that a study lacks of its plan: queued once, however many people ask for them at the same time. */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { runs } from "../schema/index.ts";
import { configHashes } from "./config-hash.ts";
import { type IdempotentRequest, idempotently } from "./idempotency.ts";
import { type Enqueue, findRuns, insertRuns, type NewRun, queueRun, type Run } from "./runs.ts";

/** The same for all runs that repeat one cell with one seed; cells without a name are told by their configuration. */
const placeOf = ({ cell, groupHash, seed }: Pick<Run, "cell" | "groupHash" | "seed">) =>
	JSON.stringify([cell ?? groupHash, seed]);

const placeOfNew = ({ cell, config }: NewRun) =>
	JSON.stringify([cell ?? configHashes(config).groupHash, config.seeds[0]]);

/**
 * Queues the planned runs that a study has not in sight: cancelled ones go on where they were, others begin. What waits,
 * runs, has succeeded or has failed is left as it is. Once per idempotency key.
 * @returns the runs queued, by number; without those that were deleted since, for a key that was used before.
 */
export function queueMissing(
	db: Db,
	{
		studyId,
		planned,
		enqueue,
		idempotency,
	}: { studyId: string; planned: readonly NewRun[]; enqueue: Enqueue; idempotency: IdempotentRequest },
): Promise<{ runs: Run[]; replayed: boolean }> {
	return db.transaction(async (tx) => {
		const queue = async () => {
			// Not by the study's row: whoever writes events locks runs first, and their study after them.
			await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${studyId}, 0))`);
			const { id, cell, groupHash, seed, status } = runs;
			const present = await tx
				.select({ id, cell, groupHash, seed, status })
				.from(runs)
				.where(and(eq(runs.studyId, studyId), isNull(runs.archivedAt)));
			const taken = new Set(present.filter((run) => run.status !== "cancelled").map(placeOf));
			const cancelled = new Map(
				present.filter((run) => run.status === "cancelled").map((run) => [placeOf(run), run.id]),
			);
			const missing = planned.map((run) => ({ run, place: placeOfNew(run) })).filter(({ place }) => !taken.has(place));
			const queued = await queueRun(tx, {
				runIds: missing.flatMap(({ place }) => cancelled.get(place) ?? []),
				from: ["cancelled"],
				enqueue,
			});
			const created = await insertRuns(tx, {
				runs: missing.filter(({ place }) => !cancelled.has(place)).map(({ run }) => ({ ...run, studyId })),
				enqueue,
			});
			return [...queued, ...created].map((run) => run.id);
		};
		const { result: ids, replayed } = await idempotently(tx, idempotency, queue);
		return { runs: (await findRuns(tx, ids)).toSorted((a, b) => a.number - b.number), replayed };
	});
}
