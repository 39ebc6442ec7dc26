/** The nearest other images of every image under a model: what all local outlier scores are made of. */
import { z } from "zod";
import { MithridateError } from "../../errors.ts";
import { nearestRows } from "../../similarity/nearest.ts";
import type { Embeddings, ProgressEvent } from "../../types.ts";
import type { ScoreInput } from "./pair-score.ts";

/** Distances are no smaller: copies of one image (Attack I repeats its target) would divide by zero. */
const LEAST = 1e-6;

/** k of a local outlier score. */
export const neighbours = z.int().min(1).max(512).default(16).describe("Neighbours that an image is compared with.");

/** Euclidean distances between unit-length embeddings, the image itself left out: row i holds its k nearest, in order. */
export interface Neighbourhoods {
	readonly count: number;
	readonly k: number;
	/** Width of the embeddings: no neighbourhood has more dimensions. */
	readonly width: number;
	/** [count, k]. */
	readonly rows: Int32Array;
	/** [count, k], ascending. */
	readonly distances: Float64Array;
}

/** Embeds the samples' images and finds their neighbours, in blocks; progress counts samples. */
export async function* findNeighbourhoods(
	{ encoder, samples, stage }: ScoreInput,
	k: number,
): AsyncGenerator<ProgressEvent, Neighbourhoods> {
	if (samples.length <= k)
		throw new MithridateError(
			"invalid-config",
			`A local outlier score with ${k} neighbours needs more than ${k} samples, and there are ${samples.length}. Lower score.k.`,
			{ subject: "score.k" },
		);
	const images = yield* encoder.embedImages(samples.map((sample) => sample.image));
	const search = nearestRows(images, images, k + 1);
	for (;;) {
		const { done, value } = search.next();
		if (done) return withoutSelf(images, k, value);
		yield { type: "progress", stage, done: value, total: samples.length };
	}
}

/** Distance to the k-th neighbour of each image. */
export function kDistances({ count, k, distances }: Neighbourhoods): Float64Array {
	return Float64Array.from({ length: count }, (_, row) => distances[row * k + k - 1] as number);
}

/**
 * Neighbours with their distances in double precision: those that follow from single-precision cosines lose half their
 * digits. An image among more than k copies of itself may be missing from its own list; then the last one goes.
 */
function withoutSelf(images: Embeddings, k: number, { nearest, depth }: { nearest: Int32Array; depth: number }) {
	const { count, width } = images;
	const rows = new Int32Array(count * k);
	const distances = new Float64Array(count * k);
	for (let row = 0; row < count; row++) {
		const found = [...nearest.subarray(row * depth, (row + 1) * depth)];
		const own = found.indexOf(row);
		found.splice(own < 0 ? k : own, 1);
		const measured = found
			.map((other) => ({ other, distance: distance(images, row, other) }))
			.sort((a, b) => a.distance - b.distance);
		for (const [at, { other, distance }] of measured.entries()) {
			rows[row * k + at] = other;
			distances[row * k + at] = distance;
		}
	}
	return { count, k, width, rows, distances };
}

function distance({ width, values }: Embeddings, a: number, b: number): number {
	let square = 0;
	for (let k = 0; k < width; k++) square += (values[a * width + k]! - values[b * width + k]!) ** 2;
	return Math.max(LEAST, Math.sqrt(square));
}
