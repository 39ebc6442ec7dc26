/** Nearest rows by cosine: each row of one embedding table against all rows of another. */
import type { Embeddings } from "../types.ts";
import { forEachTile, type Tile } from "./tiles.ts";

/** Query rows per block: what is done between two reports of progress. */
const BLOCK = 512;

/** The first `depth` gallery rows of each query, best first, with their similarities: [queries, depth]. */
export interface Nearest {
	readonly nearest: Int32Array;
	readonly scores: Float64Array;
	readonly depth: number;
}

/** Nearest gallery rows of every query; equal similarities: lower row first. Yields the queries done. */
export function* nearestRows(queries: Embeddings, gallery: Embeddings, depth: number): Generator<number, Nearest> {
	const kept = Math.min(depth, gallery.count);
	const { width, values } = queries;
	const nearest = new Int32Array(queries.count * kept);
	const scores = new Float64Array(queries.count * kept).fill(Number.NEGATIVE_INFINITY);
	for (let first = 0; first < queries.count; first += BLOCK) {
		const last = Math.min(first + BLOCK, queries.count);
		const block = { count: last - first, width, values: values.subarray(first * width, last * width) };
		const list = {
			nearest: nearest.subarray(first * kept, last * kept),
			scores: scores.subarray(first * kept, last * kept),
			depth: kept,
		};
		forEachTile(block, gallery, (tile) => keepFirst(tile, list));
		yield last;
	}
	return { nearest, scores, depth: kept };
}

/** Insertion into each row's short list; columns arrive in ascending order, so an equal score goes behind. */
export function keepFirst(
	{ values, stride, row0, rowCount, column0, columnCount }: Tile,
	{ nearest, scores, depth }: Nearest,
): void {
	if (depth === 0) return;
	for (let i = 0; i < rowCount; i++) {
		const first = (row0 + i) * depth;
		const last = first + depth - 1;
		for (let j = 0, at = i * stride; j < columnCount; j++, at++) {
			const value = values[at]!;
			if (value <= scores[last]!) continue;
			let place = last;
			for (; place > first && scores[place - 1]! < value; place--) {
				scores[place] = scores[place - 1]!;
				nearest[place] = nearest[place - 1]!;
			}
			scores[place] = value;
			nearest[place] = column0 + j;
		}
	}
}
