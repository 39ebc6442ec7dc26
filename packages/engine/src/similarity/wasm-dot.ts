/** A WebAssembly kernel for tiles of dot products, four single-precision lanes at a time, assembled here from its instructions. */

/** Rows and columns of the block that the kernel holds in registers. */
export const BLOCK_ROWS = 4;
export const BLOCK_COLUMNS = 8;

/**
 * `left`, `right` and `out` are byte addresses. Left rows come in groups [group][width][4], right rows in groups
 * [group][width][8]; `out` is row-major with 8 x `rightGroups` columns.
 */
export type DotKernel = (
	left: number,
	leftGroups: number,
	right: number,
	rightGroups: number,
	width: number,
	out: number,
) => void;

type Code = readonly (number | Code)[];

const VECTORS = BLOCK_COLUMNS / 4;
const V128 = 0x7b;
const I32 = 0x7f;

// Parameters come first among the locals.
const [LEFT, LEFT_GROUPS, RIGHT, RIGHT_GROUPS, WIDTH, OUT] = [0, 1, 2, 3, 4, 5] as const;
const [ROW, GROUPS_LEFT, K, COLUMN, TARGET, STRIDE] = [6, 7, 8, 9, 10, 11] as const;
const FIRST_SUM = 12;
const FIRST_B = FIRST_SUM + BLOCK_ROWS * VECTORS;
const A = FIRST_B + VECTORS;

const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [value, 0x21, local];
const constant = (value: number): Code => [0x41, signed(value)];
const add = (a: Code, b: Code): Code => [a, b, 0x6a];
const multiply = (a: Code, b: Code): Code => [a, b, 0x6c];
const advance = (local: number, by: Code): Code => set(local, add(get(local), by));
/** Runs `body` until the counter, lowered once a round, reaches zero; there is always a first round. */
const countDown = (counter: number, body: Code): Code => [
	[0x03, 0x40, body],
	[advance(counter, constant(-1)), get(counter), 0x0d, 0],
	0x0b,
];
const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];
const load = (address: number, offset: number): Code => [get(address), simd(0x00), 4, unsigned(offset)];
const loadSplat = (address: number, offset: number): Code => [get(address), simd(0x09), 2, unsigned(offset)];
const store = (address: number, offset: number, value: Code): Code => [
	get(address),
	value,
	simd(0x0b),
	4,
	unsigned(offset),
];
const zero: Code = [simd(0x0c), Array(16).fill(0)];
const addLanes = (a: Code, b: Code): Code => [a, b, simd(0xe4)];
const multiplyLanes = (a: Code, b: Code): Code => [a, b, simd(0xe6)];

const range = (count: number) => Array.from({ length: count }, (_, at) => at);
const sums = range(BLOCK_ROWS).flatMap((row) =>
	range(VECTORS).map((vector) => ({ row, vector, local: FIRST_SUM + row * VECTORS + vector })),
);

/** One step along the width: multiply, round, add, round, so that the result equals a plain loop in single precision. */
const step: Code = [
	range(VECTORS).map((vector) => set(FIRST_B + vector, load(COLUMN, vector * 16))),
	range(BLOCK_ROWS).map((row) => [
		set(A, loadSplat(ROW, row * 4)),
		sums
			.filter((sum) => sum.row === row)
			.map(({ vector, local }) => set(local, addLanes(get(local), multiplyLanes(get(A), get(FIRST_B + vector))))),
	]),
	advance(ROW, constant(BLOCK_ROWS * 4)),
	advance(COLUMN, constant(BLOCK_COLUMNS * 4)),
];

const block: Code = [
	sums.map(({ local }) => set(local, zero)),
	set(COLUMN, get(RIGHT)),
	set(K, get(WIDTH)),
	countDown(K, step),
	range(BLOCK_ROWS).map((row) => [
		sums.filter((sum) => sum.row === row).map(({ vector, local }) => store(TARGET, vector * 16, get(local))),
		advance(TARGET, get(STRIDE)),
	]),
];

const body: Code = [
	set(STRIDE, multiply(get(RIGHT_GROUPS), constant(BLOCK_COLUMNS * 4))),
	countDown(RIGHT_GROUPS, [
		set(ROW, get(LEFT)),
		set(TARGET, get(OUT)),
		set(GROUPS_LEFT, get(LEFT_GROUPS)),
		countDown(GROUPS_LEFT, block),
		set(RIGHT, get(COLUMN)),
		advance(OUT, constant(BLOCK_COLUMNS * 4)),
	]),
	0x0b,
];

/** The part of the standard WebAssembly interface that is used here; it is not among the types of a project without a browser. */
interface WebAssemblyHost {
	readonly Module: new (code: Uint8Array) => object;
	readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
	readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyHost };

const module = new WebAssembly.Module(
	Uint8Array.from(
		flatten([
			[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
			section(1, [1, 0x60, 6, Array(6).fill(I32), 0]),
			section(2, [1, text("host"), text("memory"), 0x02, 0x00, 1]),
			section(3, [1, 0]),
			section(7, [1, text("multiply"), 0x00, 0]),
			section(10, [1, sized([2, [STRIDE + 1 - ROW, I32], [A + 1 - FIRST_SUM, V128], body])]),
		]),
	),
);

/** The kernel on a fresh memory of at least `bytes`. */
export function dotKernel(bytes: number): { memory: ArrayBuffer; multiply: DotKernel } {
	const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / 65536)) });
	const { exports } = new WebAssembly.Instance(module, { host: { memory } });
	return { memory: memory.buffer, multiply: exports.multiply as DotKernel };
}

function section(id: number, content: Code): Code {
	return [id, sized(content)];
}

function sized(content: Code): Code {
	const bytes = flatten(content);
	return [unsigned(bytes.length), bytes];
}

function text(value: string): Code {
	return [value.length, [...Buffer.from(value)]];
}

function flatten(code: Code): number[] {
	return code.flatMap((part) => (typeof part === "number" ? [part] : flatten(part)));
}

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
	return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** Signed LEB128. */
function signed(value: number): number[] {
	return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
