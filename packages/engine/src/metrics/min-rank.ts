/** MinRank: the smallest zero-based rank of any target, over queries (best = 0, one-based ranks are 1 more). */
import type { Metric } from "../metric-types.ts";
import { mean, perQuerySet } from "./query-sets.ts";

/** The middle and the ends of the ranks' distribution. The median of an even count is the mean of the middle two. */
export interface RankSummary {
	readonly mean: number;
	readonly median: number;
	readonly min: number;
	readonly max: number;
}

/** Summary of at least one rank. */
export function summarizeRanks(ranks: Int32Array): RankSummary {
	const sorted = ranks.toSorted();
	const middle = sorted.length / 2;
	return {
		mean: mean(sorted),
		median: (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2,
		min: sorted[0]!,
		max: sorted.at(-1)!,
	};
}

/** MinRank of every goal, averaged over goals: `text-to-image/attack/min-rank-mean` and so on. */
export const minRank: Metric = {
	description: "MinRank: best zero-based rank of any target, over queries, averaged over goals.",
	source: "Yang et al., ICML 2023, Tables 3 to 6",
	unit: "rank",
	measure: (input) =>
		perQuerySet(input.goals, (ranks) => {
			const summary = Object.entries(summarizeRanks(ranks));
			return Object.fromEntries(summary.map(([name, value]) => [`min-rank-${name}`, value]));
		}),
};
