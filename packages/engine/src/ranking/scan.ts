/** What one tile of similarities adds to what is known of its queries: how many items are ahead of the target, and the first of all. */
import { dot, type Tile } from "../similarity/tiles.ts";
import type { Embeddings } from "../types.ts";

/** Similarity and gallery row of each query's best target; row -1 where a query has none. */
export interface Best {
	readonly scores: Float64Array;
	readonly rows: Int32Array;
}

/** The best of the gallery rows that each query is meant to find. */
export function bestTargets(
	queries: Embeddings,
	gallery: Embeddings,
	targets: (query: number) => readonly number[],
): Best {
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

/** Per query: items ahead of its best target, and the first item of all with its similarity. */
export interface Scan {
	readonly ahead: Int32Array;
	readonly nearest: Int32Array;
	readonly scores: Float64Array;
}

export function scanOf(queries: number): Scan {
	const scores = new Float64Array(queries).fill(Number.NEGATIVE_INFINITY);
	return { ahead: new Int32Array(queries), nearest: new Int32Array(queries), scores };
}

/** The first item scores no less than the target, so one comparison settles all that fall short of the target. */
export function scanRows({ values, stride, row0, rowCount, column0, columnCount }: Tile, best: Best, scan: Scan): void {
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

/** The same for the queries that stand in columns, whose gallery rows begin at `firstRow`. */
export function scanColumns(
	{ values, stride, row0, rowCount, column0, columnCount }: Tile,
	best: Best,
	scan: Scan,
): void {
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
