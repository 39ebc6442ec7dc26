/** Who trains a stage that several runs need: one of them does, the others wait for its model. */
import { type Db, schema } from "@mithridate/db";
import type { StageRef } from "@mithridate/engine";
import { and, eq, isNull, sql } from "drizzle-orm";

const { runs, stages } = schema;

/**
 * Makes a run the one that trains a stage, unless another run that is under way already is. A run that stopped on the
 * way loses its stages to whoever asks next.
 * @returns the other run, null when the stage is ours.
 */
export async function claimStage(db: Db, { key, name }: StageRef, runId: string): Promise<string | null> {
	await db.insert(stages).values({ key, name, madeByRun: runId }).onConflictDoNothing();
	const [stage] = await db
		.select({ maker: stages.madeByRun, isUnderWay: sql<boolean>`coalesce(${runs.status} = 'running', false)` })
		.from(stages)
		.leftJoin(runs, eq(runs.id, stages.madeByRun))
		.where(eq(stages.key, key));
	const { maker, isUnderWay } = stage!;
	if (maker === runId) return null;
	if (maker !== null && isUnderWay) return maker;
	const unchanged = maker === null ? isNull(stages.madeByRun) : eq(stages.madeByRun, maker);
	const taken = await db
		.update(stages)
		.set({ madeByRun: runId })
		.where(and(eq(stages.key, key), unchanged));
	return taken.rowCount === 1 ? null : claimStage(db, { key, name }, runId);
}
