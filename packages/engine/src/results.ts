/** Condenses evaluations and filter reports to what a table holds. */
import type { EvaluationResult, GoalResult } from "./evaluate.ts";
import type { ExperimentEnd, FilterEnd, ResultRow } from "./events.ts";
import { detect, rocCurve } from "./metrics/detection.ts";
import type { FilterReport, Poisoning, Sample } from "./types.ts";

/** One row of the result table: text-to-image, averaged over the attack's goals. */
export function resultRow(
	{ goals, utility }: EvaluationResult,
	{ model, seed, seconds }: Pick<ResultRow, "model" | "seed" | "seconds">,
): ResultRow {
	const over = (measure: (attack: GoalResult["directions"]["text-to-image"]["attack"]) => number) =>
		mean(goals.map((goal) => measure(goal.directions["text-to-image"].attack)));
	const hit = (cutoff: number) =>
		over(({ queries }) => mean(queries.map(({ rank }) => Number(rank >= 0 && rank < cutoff))));
	return {
		model,
		seed,
		hitAt1: hit(1),
		hitAt5: hit(5),
		hitAt10: hit(10),
		minRank: over(({ minRank }) => minRank.mean),
		textRetrievalAt10: utility["image-to-text"].recalls["r@10"] as number,
		imageRetrievalAt10: utility["text-to-image"].recalls["r@10"] as number,
		seconds,
	};
}

/** A filter's report beside the truth, which only the experiment holds. */
export function filterEnd(
	{ scores, threshold, kept }: FilterReport,
	{
		seed,
		defense,
		samples,
		poisoning,
	}: { seed: number; defense: string; samples: readonly Sample[]; poisoning: Poisoning },
): FilterEnd {
	const poisoned = samples.map(({ id }) => poisoning.poisoned.has(id));
	return {
		type: "filter-end",
		seed,
		defense,
		threshold,
		detection: detect({ scores, poisoned, kept: samples.map(({ id }) => kept.has(id)) }),
		roc: rocCurve(scores, poisoned),
		scores: samples.map(({ id }, at) => ({
			sample: id,
			score: scores[at] as number,
			poisoned: poisoned[at] as boolean,
		})),
	};
}

/** Mean over seeds of the first filter among the defenses; null when there was none. */
export function meanFilter(filters: readonly FilterEnd[]): ExperimentEnd["filter"] {
	const first = filters.filter(({ defense }) => defense === filters[0]?.defense);
	if (first.length === 0) return null;
	const aurocs = first.flatMap(({ detection }) => (detection.auroc === null ? [] : [detection.auroc]));
	return {
		auroc: aurocs.length === 0 ? null : mean(aurocs),
		kept: mean(first.map(({ detection }) => detection.kept)),
		poisonLeft: mean(first.map(({ detection }) => detection.poisonLeft)),
	};
}

function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}
