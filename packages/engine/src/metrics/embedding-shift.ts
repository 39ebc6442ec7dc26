/** Embedding shift: how far a model moved the same items from where another puts them (Figure 1b). */

import { checkComparable, cosineDistance } from "../similarity/tiles.ts";
import type { Embeddings, Metric } from "../types.ts";
import { mean } from "./query-sets.ts";

/** Mean cosine distance, in [0, 2], between two models' embeddings of the same items. */
export function meanShift(a: Embeddings, b: Embeddings): number {
	if (a.count !== b.count) throw new RangeError(`${a.count} and ${b.count} embeddings are not of the same items`);
	checkComparable(a, b);
	return mean(Float64Array.from({ length: a.count }, (_, row) => cosineDistance(a, row, b, row)));
}

/** `shift/images` and `shift/texts`, where there is a model to compare with. */
export const embeddingShift: Metric = {
	description: "Mean cosine distance between this model's and the compared model's embeddings of the same test items.",
	source: "Yang et al., ICML 2023, Figure 1b",
	unit: "distance",
	measure: ({ embedded, before }) =>
		before === undefined
			? {}
			: {
					"shift/images": meanShift(embedded.images, before.images),
					"shift/texts": meanShift(embedded.texts, before.texts),
				},
};
