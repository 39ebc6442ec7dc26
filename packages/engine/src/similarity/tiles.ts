/** Dot products of all rows of two embedding tables, tile by tile, summed so that equal rows give equal sums. */
import { MithridateError } from "../errors.ts";
import type { Embeddings } from "../types.ts";
import { BLOCK_COLUMNS, BLOCK_ROWS, dotKernel } from "./wasm-dot.ts";

/** Dot products of `rowCount` rows from `row0` with `columnCount` columns from `column0`; row i starts at i x stride. */
export interface Tile {
	readonly values: Float32Array;
	readonly stride: number;
	readonly row0: number;
	readonly rowCount: number;
	readonly column0: number;
	readonly columnCount: number;
}

// 512 rows of 512 numbers are 1 MiB: they stay in a near cache while columns pass by.
const TILE_ROWS = 512;
const TILE_COLUMNS = 64;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Visits every tile of the similarity matrix; rows ascend from call to call, and columns ascend within rows.
 * Sums run over the width in order and in single precision, so they are the same on every machine, for every
 * tile position, and in `dot`: equal rows tie exactly.
 */
export function forEachTile(rows: Embeddings, columns: Embeddings, visit: (tile: Tile) => void): void {
	checkComparable(rows, columns);
	const { width } = rows;
	const sizes = [TILE_ROWS * width, TILE_COLUMNS * width, TILE_ROWS * TILE_COLUMNS] as const;
	const [rightAt, outAt] = [sizes[0] * BYTES, (sizes[0] + sizes[1]) * BYTES];
	const { memory, multiply } = dotKernel(outAt + sizes[2] * BYTES);
	const left = new Float32Array(memory, 0, sizes[0]);
	const right = new Float32Array(memory, rightAt, sizes[1]);
	const values = new Float32Array(memory, outAt, sizes[2]);
	for (let row0 = 0; row0 < rows.count; row0 += TILE_ROWS) {
		const rowCount = Math.min(TILE_ROWS, rows.count - row0);
		const rowGroups = pack(rows, { first: row0, count: rowCount, lanes: BLOCK_ROWS }, left);
		for (let column0 = 0; column0 < columns.count; column0 += TILE_COLUMNS) {
			const columnCount = Math.min(TILE_COLUMNS, columns.count - column0);
			const columnGroups = pack(columns, { first: column0, count: columnCount, lanes: BLOCK_COLUMNS }, right);
			multiply(0, rowGroups, rightAt, columnGroups, width, outAt);
			visit({ values, stride: columnGroups * BLOCK_COLUMNS, row0, rowCount, column0, columnCount });
		}
	}
}

/** Dot product of one row of each table, summed exactly as in a tile. */
export function dot(a: Embeddings, row: number, b: Embeddings, column: number): number {
	let sum = 0;
	const [left, right] = [row * a.width, column * b.width];
	for (let k = 0; k < a.width; k++) sum = Math.fround(sum + Math.fround(a.values[left + k]! * b.values[right + k]!));
	return sum;
}

/** Cosine distance of unit-length rows, summed in double precision; in [0, 2] whatever the rounding of their lengths. */
export function cosineDistance(a: Embeddings, row: number, b: Embeddings, column: number): number {
	let sum = 0;
	const [left, right] = [row * a.width, column * b.width];
	for (let k = 0; k < a.width; k++) sum += a.values[left + k]! * b.values[right + k]!;
	return Math.min(2, Math.max(0, 1 - sum));
}

/** Throws unless both tables have one width and only finite numbers: against NaN every target would rank first. */
export function checkComparable(a: Embeddings, b: Embeddings): void {
	if (a.width !== b.width) throw new RangeError(`embeddings of width ${a.width} and ${b.width} cannot be compared`);
	for (const table of [a, b]) {
		if (table.values.length !== table.count * table.width)
			throw new RangeError(`${table.values.length} numbers for ${table.count} x ${table.width} embeddings`);
		let at = 0;
		while (at < table.values.length && Number.isFinite(table.values[at])) at++;
		if (at === table.values.length) continue;
		throw new MithridateError(
			"non-finite",
			`Embedding ${Math.floor(at / table.width)} of ${table.count} holds ${table.values[at]}: the model has diverged and cannot be ranked. ` +
				"Train it with a lower learning rate.",
		);
	}
}

/** Groups of `lanes` rows, interleaved: [group][width][lane]. Lanes of missing rows hold old numbers that nobody reads. */
function pack(
	{ width, values }: Embeddings,
	{ first, count, lanes }: { first: number; count: number; lanes: number },
	packed: Float32Array,
): number {
	for (let i = 0; i < count; i++) {
		const from = (first + i) * width;
		const to = (i - (i % lanes)) * width + (i % lanes);
		for (let k = 0; k < width; k++) packed[to + k * lanes] = values[from + k]!;
	}
	return Math.ceil(count / lanes);
}
