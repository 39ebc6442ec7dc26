/** Backdoor z-score: how much closer together stamped images lie than clean ones. */

import type { Metric } from "../metric-types.ts";
import type { Embeddings } from "../types.ts";

/** Mean cosine over all pairs of different rows, and its standard deviation. */
interface Spread {
	readonly mean: number;
	readonly deviation: number;
}

/** (mean cosine of stamped pairs - mean cosine of clean pairs) / deviation of the clean pairs' cosines; null if that is 0. */
export function zScore(stamped: Embeddings, clean: Embeddings): number | null {
	const [one, other] = [pairwise(stamped), pairwise(clean)];
	return other.deviation > 0 ? (one.mean - other.mean) / other.deviation : null;
}

/**
 * Moments of all n (n - 1) cosines without computing any: their sum is |sum of rows|^2 - n, that of their squares the
 * squared Frobenius norm of the rows' second moment, less n. Rows are of unit length.
 */
function pairwise({ count, width, values }: Embeddings): Spread {
	const sum = new Float64Array(width);
	const moment = new Float64Array(width * width);
	let own = 0;
	let ownSquared = 0;
	for (let row = 0; row < count; row++) {
		const at = row * width;
		let length = 0;
		for (let a = 0; a < width; a++) {
			const value = values[at + a]!;
			length += value * value;
			sum[a] = sum[a]! + value;
			for (let b = 0; b <= a; b++) moment[a * width + b] = moment[a * width + b]! + value * values[at + b]!;
		}
		own += length;
		ownSquared += length * length;
	}
	const pairs = count * (count - 1);
	const mean = (sum.reduce((total, value) => total + value * value, 0) - own) / pairs;
	let squares = 0;
	for (let a = 0; a < width; a++)
		for (let b = 0; b <= a; b++) squares += (a === b ? 1 : 2) * moment[a * width + b]! ** 2;
	return { mean, deviation: Math.sqrt(Math.max(0, (squares - ownSquared) / pairs - mean ** 2)) };
}

/** `backdoor/z-score`, where an attack stamps a patch. */
export const backdoorZScore: Metric = {
	description: "How many deviations closer together stamped test images lie than clean ones, by mean pairwise cosine.",
	source: "Carlini and Terzis, ICLR 2022; the exact form is ours",
	unit: "deviations",
	measure: ({ embedded: { images, stamped } }) => {
		const score = stamped === undefined || images.count < 2 ? null : zScore(stamped, images);
		return score === null ? {} : { "backdoor/z-score": score };
	},
};
