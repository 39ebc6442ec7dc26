/** Utility: how often an item's own counterpart is found, image to text (TR) and text to image (IR). */
import type { Metric } from "../metric-types.ts";

/** Recall is given among the first 1, 5 and 10. */
const RECALL_CUTOFFS = [1, 5, 10] as const;

/** R@K as a fraction, keyed `r@K`, over the queries that have a counterpart; empty where none has. */
export function recalls(ranks: Int32Array, cutoffs: readonly number[] = RECALL_CUTOFFS): Record<string, number> {
	const paired = ranks.filter((rank) => rank >= 0);
	if (paired.length === 0) return {};
	return Object.fromEntries(
		cutoffs.map((cutoff) => [`r@${cutoff}`, paired.filter((rank) => rank < cutoff).length / paired.length]),
	);
}

/** TR ranks an image's best caption, IR a caption's one image: `image-to-text/r@10` and so on. */
export const retrieval: Metric = {
	description: "Retrieval recall over the whole test split: image-to-text (TR) and text-to-image (IR).",
	source: "Yang et al., ICML 2023, Table 2",
	unit: "share",
	measure: ({ own }) =>
		Object.fromEntries(
			Object.entries(own).flatMap(([direction, { ranks }]) =>
				Object.entries(recalls(ranks)).map(([name, value]) => [`${direction}/${name}`, value]),
			),
		),
};
