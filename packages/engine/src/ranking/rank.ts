/** Ranks in a gallery ordered by descending similarity; equal similarities: lower gallery index first. Zero-based. */

import type { Ranking } from "../metric-types.ts";
import { keepFirst } from "../similarity/nearest.ts";
import { forEachTile } from "../similarity/tiles.ts";
import type { Embeddings } from "../types.ts";
import { type Best, bestTargets, scanOf, scanRows } from "./scan.ts";

/** Ranks every query against one gallery; all queries share the targets (gallery rows). */
export function rankTargets(
	queries: Embeddings,
	gallery: Embeddings,
	options: { targets: readonly number[]; depth: number },
): Ranking {
	const depth = Math.min(options.depth, gallery.count);
	const best = bestTargets(queries, gallery, () => options.targets);
	const scan = scanOf(queries.count);
	const nearest = new Int32Array(queries.count * depth);
	const scores = new Float64Array(queries.count * depth).fill(Number.NEGATIVE_INFINITY);
	forEachTile(queries, gallery, (tile) => {
		scanRows(tile, best, scan);
		keepFirst(tile, { nearest, scores, depth });
	});
	return { ranks: withoutTargets(scan.ahead, best), nearest, depth, gallery: gallery.count };
}

/** Ranks, -1 for queries without a target. */
export function withoutTargets(ranks: Int32Array, best: Best): Int32Array {
	return ranks.map((rank, query) => (best.rows[query] === -1 ? -1 : rank));
}
