/** Embedding shift: how far a model moved the same items from where another puts them (Figure 1b). */

import type { Metric } from "../metric-types.ts";
import { checkComparable, cosineDistance } from "../similarity/tiles.ts";
import type { EmbeddedSplit, Embeddings } from "../types.ts";
import { mean } from "./query-sets.ts";

/** Mean cosine distance, in [0, 2], between two models' embeddings of the same items. */
export function meanShift(a: Embeddings, b: Embeddings): number {
	if (a.count !== b.count) throw new RangeError(`${a.count} and ${b.count} embeddings are not of the same items`);
	checkComparable(a, b);
	return mean(Float64Array.from({ length: a.count }, (_, row) => cosineDistance(a, row, b, row)));
}

/** `shift/images` and `shift/texts` from the compared model, and the same of `clean-shift` from the clean fine-tuned one. */
export const embeddingShift: Metric = {
	description: "Mean cosine distance between this model's and the compared model's embeddings of the same test items.",
	source: "Yang et al., ICML 2023, Figure 1b",
	unit: "distance",
	measure: ({ embedded, before, clean }) => ({
		...shiftsFrom(before, embedded, "shift"),
		...shiftsFrom(clean, embedded, "clean-shift"),
	}),
};

function shiftsFrom(origin: EmbeddedSplit | undefined, { images, texts }: EmbeddedSplit, name: string) {
	return origin === undefined
		? {}
		: { [`${name}/images`]: meanShift(images, origin.images), [`${name}/texts`]: meanShift(texts, origin.texts) };
}
