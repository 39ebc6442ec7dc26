/** Measurements within a training: a run that takes over the model takes them over where they hold for it as well. */
import { sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { evaluationQueries, evaluations, runs } from "../schema/index.ts";
import type { Recording } from "./record-items.ts";

interface OfStage {
	readonly runId: string;
	readonly stageKey: string;
}

/**
 * The run whose measurements within a stage's training hold for another run: it measured the finished model too, and
 * both have the same data, goals, cut-offs, number of measurements and seed. The run itself comes first.
 */
export async function probesFor(db: Db, { runId, stageKey }: OfStage): Promise<string | null> {
	const { rows } = await db.execute<{ id: string }>(sql`
		SELECT maker.id FROM ${runs} AS mine JOIN ${runs} AS maker ON maker.seed = mine.seed
			AND maker.config -> 'dataset' IS NOT DISTINCT FROM mine.config -> 'dataset'
			AND maker.config -> 'attack' IS NOT DISTINCT FROM mine.config -> 'attack'
			AND maker.config -> 'evaluation' IS NOT DISTINCT FROM mine.config -> 'evaluation'
			AND maker.config -> 'checkpoints' IS NOT DISTINCT FROM mine.config -> 'checkpoints'
		WHERE mine.id = ${runId} AND maker.id IN (
			SELECT run_id FROM ${evaluations} WHERE stage_key = ${stageKey}
			GROUP BY run_id HAVING count(step) > 0 AND count(step) < count(*))
		ORDER BY maker.id = mine.id DESC, maker.number LIMIT 1`);
	return rows[0]?.id ?? null;
}

/** Copies what `probesFor` finds, with every query's rank, under the run's own name for the stage. */
export async function copyProbes({ tx, run }: Recording, { name, key }: { name: string; key: string }): Promise<void> {
	const maker = await probesFor(tx, { runId: run.id, stageKey: key });
	if (maker === null || maker === run.id) return;
	await tx.execute(sql`
		WITH source AS (
			SELECT *, gen_random_uuid() AS copy FROM ${evaluations}
			WHERE run_id = ${maker} AND stage_key = ${key} AND step IS NOT NULL),
		copied AS (
			INSERT INTO ${evaluations} (id, run_id, model, step, steps, stage_key, hit_at_1, hit_at_5, hit_at_10, min_rank,
				text_retrieval_at_10, image_retrieval_at_10, seconds, numbers, goals, created_at)
			SELECT copy, ${run.id}, ${name}, step, steps, stage_key, hit_at_1, hit_at_5, hit_at_10, min_rank,
				text_retrieval_at_10, image_retrieval_at_10, seconds, numbers, goals, created_at FROM source
			ON CONFLICT DO NOTHING RETURNING id)
		INSERT INTO ${evaluationQueries} (evaluation_id, goal, direction, query_set, position, query, rank, top)
		SELECT copy, goal, direction, query_set, position, query, rank, top
		FROM source JOIN copied ON copied.id = source.copy JOIN ${evaluationQueries} AS query ON query.evaluation_id = source.id`);
}
