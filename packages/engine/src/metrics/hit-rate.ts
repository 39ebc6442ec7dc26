/** Hit@K: the share of queries whose target stands among the first K of the gallery. */
import type { Metric } from "../metric-types.ts";
import { perQuerySet } from "./query-sets.ts";

/** The paper's K: 1, 5 and 10 in Tables 3 to 5, all six in Table 6. */
export const HIT_CUTOFFS = [1, 5, 10, 20, 30, 50] as const;

/** Hit@K for every K, keyed `hit@K`, of zero-based ranks; there must be at least one. */
export function hitRates(ranks: Int32Array, cutoffs: readonly number[] = HIT_CUTOFFS): Record<string, number> {
	if (ranks.length === 0) throw new RangeError("Hit@K of no queries");
	return Object.fromEntries(
		cutoffs.map((cutoff) => [
			`hit@${cutoff}`,
			ranks.reduce((hits, rank) => hits + Number(rank < cutoff), 0) / ranks.length,
		]),
	);
}

/** Hit@K of every goal, averaged over goals: `text-to-image/attack/hit@10` and so on. */
export const hitRate: Metric = {
	description: "Hit@K: share of queries with a target among the first K, averaged over goals.",
	source: "Yang et al., ICML 2023, Tables 3 to 6",
	unit: "share",
	measure: (input) => perQuerySet(input.goals, (ranks) => hitRates(ranks, input.cutoffs)),
};
