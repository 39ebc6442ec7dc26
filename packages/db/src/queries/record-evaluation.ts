/** Evaluations of a run's models, with the rank of every query. */
import { and, eq, isNull, sql } from "drizzle-orm";
import { evaluationQueries, evaluations } from "../schema/index.ts";
import type { GoalSummary, NewEvent, Outcome } from "../shapes.ts";
import { canonicalJson } from "./config-hash.ts";
import type { ItemOf, Recording } from "./record-items.ts";
import { records } from "./rows.ts";

const DIRECTIONS = ["text-to-image", "image-to-text"] as const;

/**
 * Stores an evaluation, once per model and step. Its time is the clock's and not the transaction's, which all items of
 * a batch share: it is what evaluations are put in order by.
 */
export async function recordEvaluation(
	{ tx, run, changes, differences }: Recording,
	{ row, evaluation, step, steps = null, stageKey }: ItemOf<"evaluation">,
): Promise<NewEvent | null> {
	const { model, seed: _, ...outcome } = row;
	const { numbers } = evaluation;
	const goals = summaries(evaluation.goals);
	const createdAt = sql`clock_timestamp()`;
	const [created] = await tx
		.insert(evaluations)
		.values({ runId: run.id, model, step, steps, stageKey, ...outcome, numbers, goals, createdAt })
		.onConflictDoNothing()
		.returning({ id: evaluations.id });
	if (!created) {
		const sameStep = step === null ? isNull(evaluations.step) : eq(evaluations.step, step);
		const [before] = await tx
			.select()
			.from(evaluations)
			.where(and(eq(evaluations.runId, run.id), eq(evaluations.model, model), sameStep));
		const [stored, repeated] = [comparable(before!, before!.numbers), comparable(outcome, numbers)];
		const what = step === null ? `the evaluation of ${model}` : `the evaluation of ${model} at step ${step}`;
		if (stored !== repeated) differences.push({ what, stored, repeated });
		return null;
	}
	const rows = evaluation.goals.flatMap(({ directions }, goal) =>
		DIRECTIONS.flatMap((direction) =>
			(["attack", "random"] as const).flatMap((set) =>
				directions[direction][set].queries.map((query, position) => ({ goal, direction, set, position, ...query })),
			),
		),
	);
	await tx.execute(sql`
		INSERT INTO ${evaluationQueries} (evaluation_id, goal, direction, query_set, position, query, rank, top)
		SELECT ${created.id}, goal, direction, set, position, query, rank, top FROM jsonb_to_recordset(${records(rows)})
			AS found(goal int, direction direction, set query_set, position int, query text, rank int, top text[])`);
	if (model === "poisoned" && step === null) changes.poisonedHitAt10 = outcome.hitAt10;
	return { kind: "evaluation", body: { evaluationId: created.id, model, step, outcome } };
}

function summaries(goals: ItemOf<"evaluation">["evaluation"]["goals"]): GoalSummary[] {
	return goals.flatMap(({ from, to, directions }) =>
		DIRECTIONS.map((direction) => {
			const { attack, random, gallery, targets } = directions[direction];
			return {
				from,
				to,
				direction,
				gallery,
				targets,
				hits: attack.hits,
				randomHits: random.hits,
				minRank: attack.minRank,
			};
		}),
	);
}

/** All of an evaluation that must come out the same each time, which the time it took need not. */
function comparable(
	{ hitAt1, hitAt5, hitAt10, minRank, textRetrievalAt10, imageRetrievalAt10 }: Outcome,
	numbers: Readonly<Record<string, number>>,
): string {
	return canonicalJson({ hitAt1, hitAt5, hitAt10, minRank, textRetrievalAt10, imageRetrievalAt10, numbers });
}
