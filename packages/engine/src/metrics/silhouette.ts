/** Silhouette: how far the classes stand apart among images and among captions (Figure 1a in one number). */

import type { Metric } from "../metric-types.ts";
import type { Embeddings } from "../types.ts";

/**
 * Mean silhouette of the labelled rows under cosine distance: (b - a) / max(a, b), with a the mean distance to the
 * others of the row's class and b that to the nearest other class; 0 for a row alone in its class. Null unless two
 * classes have rows. On unit-length rows a mean distance is 1 less the dot product with a mean, so class sums suffice.
 */
export function silhouette({ width, values }: Embeddings, labels: readonly (string | null)[]): number | null {
	const sums = new Map<string, { readonly sum: Float64Array; count: number }>();
	for (const [row, label] of labels.entries()) {
		if (label === null) continue;
		const group = sums.get(label) ?? { sum: new Float64Array(width), count: 0 };
		for (let k = 0; k < width; k++) group.sum[k]! += values[row * width + k]!;
		group.count++;
		sums.set(label, group);
	}
	if (sums.size < 2) return null;
	let total = 0;
	let rows = 0;
	for (const [row, label] of labels.entries()) {
		if (label === null) continue;
		rows++;
		const own = sums.get(label) as { count: number };
		if (own.count === 1) continue;
		let [within, nearest] = [0, Number.POSITIVE_INFINITY];
		for (const [name, { sum, count }] of sums) {
			const [dot, square] = products(values, row * width, sum);
			if (name === label) within = Math.max(0, 1 - (dot - square) / (count - 1));
			else nearest = Math.min(nearest, Math.max(0, 1 - dot / count));
		}
		const larger = Math.max(within, nearest);
		if (larger > 0) total += (nearest - within) / larger;
	}
	return total / rows;
}

/** Dot product of a row with a sum, and with itself. */
function products(values: Float32Array, from: number, sum: Float64Array): [number, number] {
	let [dot, square] = [0, 0];
	for (let k = 0; k < sum.length; k++) {
		const value = values[from + k]!;
		dot += value * sum[k]!;
		square += value * value;
	}
	return [dot, square];
}

/** `silhouette/images` and `silhouette/texts`, where the split has classes. */
export const classSilhouette: Metric = {
	description: "Mean silhouette of the classes among test images, and among their captions, under cosine distance.",
	source: "Rousseeuw, J. Comput. Appl. Math. 20, 1987; Figure 1a of Yang et al., ICML 2023, shows classes as a picture",
	unit: "contrast",
	measure: ({ embedded: { images, texts, captionOf, labels } }) => {
		const found = {
			"silhouette/images": silhouette(images, labels),
			"silhouette/texts": silhouette(
				texts,
				Array.from(captionOf, (row) => labels[row] ?? null),
			),
		};
		return Object.fromEntries(
			Object.entries(found).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
		);
	},
};
