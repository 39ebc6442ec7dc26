/** Ranks in a gallery ordered by descending similarity; equal similarities: lower gallery index first. Zero-based. */

import { keepFirst } from "../similarity/nearest.ts";
import { dot, forEachTile, type Tile } from "../similarity/tiles.ts";
import type { Embeddings, Ranking } from "../types.ts";

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

/** Image-to-text and text-to-image ranks of an item's own counterparts. */
export interface PairedRanking {
	/** Targets of an image: all of its captions. */
	readonly imageToText: Ranking;
	/** Target of a caption: the image it describes. */
	readonly textToImage: Ranking;
}

/** Ranks images and captions against each other in one pass; caption j describes image `captionOf[j]`. */
export function rankPairs(images: Embeddings, texts: Embeddings, captionOf: Int32Array): PairedRanking {
	const captions: number[][] = Array.from({ length: images.count }, () => []);
	for (const [caption, image] of captionOf.entries()) captions[image]?.push(caption);
	const bestTexts = bestTargets(images, texts, (image) => captions[image] ?? []);
	const bestImages = bestTargets(texts, images, (caption) => [captionOf[caption] as number]);
	const [byImage, byText] = [scanOf(images.count), scanOf(texts.count)];
	forEachTile(images, texts, (tile) => {
		scanRows(tile, bestTexts, byImage);
		scanColumns(tile, bestImages, byText);
	});
	return {
		imageToText: {
			ranks: withoutTargets(byImage.ahead, bestTexts),
			nearest: byImage.nearest,
			depth: 1,
			gallery: texts.count,
		},
		textToImage: {
			ranks: withoutTargets(byText.ahead, bestImages),
			nearest: byText.nearest,
			depth: 1,
			gallery: images.count,
		},
	};
}

/** Similarity and gallery row of each query's best target; row -1 where a query has none. */
interface Best {
	readonly scores: Float64Array;
	readonly rows: Int32Array;
}

function bestTargets(queries: Embeddings, gallery: Embeddings, targets: (query: number) => readonly number[]): Best {
	const scores = new Float64Array(queries.count).fill(Number.NEGATIVE_INFINITY);
	const rows = new Int32Array(queries.count).fill(-1);
	for (let query = 0; query < queries.count; query++) {
		for (const row of targets(query)) {
			if (!Number.isInteger(row) || row < 0 || row >= gallery.count)
				throw new RangeError(`target ${row} is outside a gallery of ${gallery.count}`);
			const score = dot(queries, query, gallery, row);
			if (score < scores[query]! || (score === scores[query] && row > rows[query]!)) continue;
			scores[query] = score;
			rows[query] = row;
		}
	}
	return { scores, rows };
}

function withoutTargets(ranks: Int32Array, best: Best): Int32Array {
	return ranks.map((rank, query) => (best.rows[query] === -1 ? -1 : rank));
}

/** Per query: items ahead of its best target, and the first item of all with its similarity. */
interface Scan {
	readonly ahead: Int32Array;
	readonly nearest: Int32Array;
	readonly scores: Float64Array;
}

function scanOf(queries: number): Scan {
	const scores = new Float64Array(queries).fill(Number.NEGATIVE_INFINITY);
	return { ahead: new Int32Array(queries), nearest: new Int32Array(queries), scores };
}

/** The first item scores no less than the target, so one comparison settles all that fall short of the target. */
function scanRows({ values, stride, row0, rowCount, column0, columnCount }: Tile, best: Best, scan: Scan): void {
	for (let i = 0; i < rowCount; i++) {
		const query = row0 + i;
		const score = best.scores[query]!;
		const target = best.rows[query]! - column0;
		let ahead = 0;
		for (let j = 0, at = i * stride; j < columnCount; j++, at++) {
			const value = values[at]!;
			if (value < score) continue;
			if (value > score || j < target) ahead++;
			if (value <= scan.scores[query]!) continue;
			scan.scores[query] = value;
			scan.nearest[query] = column0 + j;
		}
		scan.ahead[query]! += ahead;
	}
}

function scanColumns({ values, stride, row0, rowCount, column0, columnCount }: Tile, best: Best, scan: Scan): void {
	for (let i = 0; i < rowCount; i++) {
		const row = row0 + i;
		for (let j = 0, at = i * stride; j < columnCount; j++, at++) {
			const value = values[at]!;
			const query = column0 + j;
			const score = best.scores[query]!;
			if (value < score) continue;
			if (value > score || row < best.rows[query]!) scan.ahead[query]!++;
			if (value <= scan.scores[query]!) continue;
			scan.scores[query] = value;
			scan.nearest[query] = row;
		}
	}
}
