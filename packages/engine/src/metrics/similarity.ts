/** Dot products of all rows of two embedding tables, tile by tile, summed so that equal rows give equal sums. */
import { MithridateError } from "../errors.ts";
import type { Embeddings } from "../types.ts";

/** Dot products of `rowCount` rows from `row0` with `columnCount` columns from `column0`; row i starts at i x stride. */
export interface Tile {
	readonly values: Float64Array;
	readonly stride: number;
	readonly row0: number;
	readonly rowCount: number;
	readonly column0: number;
	readonly columnCount: number;
}

// 256 rows of 512 numbers are 1 MiB in double precision: they stay in the second-level cache while columns pass by.
const TILE_ROWS = 256;
const TILE_COLUMNS = 64;
const LANES = 4;

/**
 * Visits every tile of the similarity matrix; rows ascend from call to call, and columns ascend within rows.
 * Sums run over the width in order and in double precision, so they are the same on every machine, for every
 * tile position, and in `dot`: ties are exact.
 */
export function forEachTile(rows: Embeddings, columns: Embeddings, visit: (tile: Tile) => void): void {
	checkComparable(rows, columns);
	const { width } = rows;
	const values = new Float64Array(TILE_ROWS * TILE_COLUMNS);
	const left = new Float64Array(TILE_ROWS * width);
	const right = new Float64Array(TILE_COLUMNS * width);
	for (let row0 = 0; row0 < rows.count; row0 += TILE_ROWS) {
		const rowCount = Math.min(TILE_ROWS, rows.count - row0);
		pack(rows, row0, rowCount, left);
		for (let column0 = 0; column0 < columns.count; column0 += TILE_COLUMNS) {
			const columnCount = Math.min(TILE_COLUMNS, columns.count - column0);
			pack(columns, column0, columnCount, right);
			for (let j = 0; j < columnCount; j += LANES)
				for (let i = 0; i < rowCount; i += LANES) multiply(left, i * width, right, j * width, width, values, i, j);
			visit({ values, stride: TILE_COLUMNS, row0, rowCount, column0, columnCount });
		}
	}
}

/** Dot product of one row of each table, summed exactly as in a tile. */
export function dot(a: Embeddings, row: number, b: Embeddings, column: number): number {
	let sum = 0;
	const left = row * a.width;
	const right = column * b.width;
	for (let k = 0; k < a.width; k++) sum += a.values[left + k]! * b.values[right + k]!;
	return sum;
}

/** Cosine distance of unit-length rows, in [0, 2] whatever the rounding of their lengths. */
export function cosineDistance(a: Embeddings, row: number, b: Embeddings, column: number): number {
	return Math.min(2, Math.max(0, 1 - dot(a, row, b, column)));
}

/** Throws unless both tables have one width and only finite numbers: against NaN every target would rank first. */
export function checkComparable(a: Embeddings, b: Embeddings): void {
	if (a.width !== b.width) throw new RangeError(`embeddings of width ${a.width} and ${b.width} cannot be compared`);
	for (const table of [a, b]) {
		if (table.values.length !== table.count * table.width)
			throw new RangeError(`${table.values.length} numbers for ${table.count} x ${table.width} embeddings`);
		const at = table.values.findIndex((value) => !Number.isFinite(value));
		if (at < 0) continue;
		throw new MithridateError(
			"non-finite",
			`Embedding ${Math.floor(at / table.width)} of ${table.count} holds ${table.values[at]}: the model has diverged and cannot be ranked. ` +
				"Train it with a lower learning rate.",
		);
	}
}

/** Groups of four rows, interleaved: [row / 4][width][row % 4]. Rows missing from the last group hold old numbers that nobody reads. */
function pack(table: Embeddings, first: number, count: number, packed: Float64Array): void {
	const { width, values } = table;
	for (let i = 0; i < count; i++) {
		const from = (first + i) * width;
		const to = (i - (i % LANES)) * width + (i % LANES);
		for (let k = 0; k < width; k++) packed[to + k * LANES] = values[from + k]!;
	}
}

/** 4 x 4 dot products in registers, written at row i, column j of a tile. */
function multiply(
	a: Float64Array,
	aStart: number,
	b: Float64Array,
	bStart: number,
	width: number,
	out: Float64Array,
	i: number,
	j: number,
): void {
	let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
	let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
	const end = aStart + LANES * width;
	for (let p = aStart, q = bStart; p < end; p += LANES, q += LANES) {
		const a0 = a[p]!;
		const a1 = a[p + 1]!;
		const a2 = a[p + 2]!;
		const a3 = a[p + 3]!;
		const b0 = b[q]!;
		s00 += a0 * b0;
		s10 += a1 * b0;
		s20 += a2 * b0;
		s30 += a3 * b0;
		const b1 = b[q + 1]!;
		s01 += a0 * b1;
		s11 += a1 * b1;
		s21 += a2 * b1;
		s31 += a3 * b1;
		const b2 = b[q + 2]!;
		s02 += a0 * b2;
		s12 += a1 * b2;
		s22 += a2 * b2;
		s32 += a3 * b2;
		const b3 = b[q + 3]!;
		s03 += a0 * b3;
		s13 += a1 * b3;
		s23 += a2 * b3;
		s33 += a3 * b3;
	}
	write(out, i * TILE_COLUMNS + j, s00, s01, s02, s03);
	write(out, (i + 1) * TILE_COLUMNS + j, s10, s11, s12, s13);
	write(out, (i + 2) * TILE_COLUMNS + j, s20, s21, s22, s23);
	write(out, (i + 3) * TILE_COLUMNS + j, s30, s31, s32, s33);
}

function write(out: Float64Array, at: number, s0: number, s1: number, s2: number, s3: number): void {
	out[at] = s0;
	out[at + 1] = s1;
	out[at + 2] = s2;
	out[at + 3] = s3;
}
