/** Bicubic resizing with the same bits as Pillow's `Image.resize(..., BICUBIC)` on 8-bit RGB (src/libImaging/Resample.c). */
import { MithridateError } from "../errors.ts";
import type { ImageStore } from "../types.ts";
import { imageAt } from "./image-at.ts";

/** One image: height x width x 3 bytes. */
export interface RgbImage {
	readonly width: number;
	readonly height: number;
	readonly pixels: Uint8Array;
}

/** Fraction bits of the fixed-point weights: 32 less 8 of the pixel less 2 of headroom. */
const precisionBits = 22;

/** Keys' cubic with a = -0.5; zero beyond 2. */
function cubic(x: number): number {
	const a = -0.5;
	const t = Math.abs(x);
	if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
	if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
	return 0;
}

/** For every output position, the first input position it reads and how it weighs the `taps[i]` from there on. */
interface Weights {
	readonly first: Int32Array;
	readonly taps: Int32Array;
	/** `stride` fixed-point weights for each output position. */
	readonly values: Int32Array;
	readonly stride: number;
}

function weightsFor(from: number, to: number): Weights {
	const scale = from / to;
	const filterScale = Math.max(scale, 1);
	const support = 2 * filterScale;
	const stride = Math.ceil(support) * 2 + 1;
	const weights = { first: new Int32Array(to), taps: new Int32Array(to), values: new Int32Array(to * stride), stride };
	for (let out = 0; out < to; out++) {
		const centre = (out + 0.5) * scale;
		const start = Math.max(0, Math.trunc(centre - support + 0.5));
		const count = Math.min(from, Math.trunc(centre + support + 0.5)) - start;
		const raw = Array.from({ length: count }, (_, tap) => cubic((tap + start - centre + 0.5) * (1 / filterScale)));
		const sum = raw.reduce((total, one) => total + one, 0);
		weights.first[out] = start;
		weights.taps[out] = count;
		for (const [tap, one] of raw.entries()) {
			const fixed = (sum === 0 ? one : one * (1 / sum)) * 2 ** precisionBits;
			weights.values[out * stride + tap] = Math.trunc(fixed + (fixed < 0 ? -0.5 : 0.5));
		}
	}
	return weights;
}

/** Where a pass reads and writes: `lines` independent lines, and byte steps between neighbours along and across them. */
interface Pass {
	readonly lines: number;
	readonly outputs: number;
	readonly along: number;
	readonly across: number;
	readonly outAlong: number;
	readonly outAcross: number;
}

function runPass(input: Uint8Array, output: Uint8Array, weights: Weights, pass: Pass): void {
	const { first, taps, values, stride } = weights;
	for (let line = 0; line < pass.lines; line++) {
		for (let out = 0; out < pass.outputs; out++) {
			const count = taps[out]!;
			const from = line * pass.across + first[out]! * pass.along;
			const to = line * pass.outAcross + out * pass.outAlong;
			for (let channel = 0; channel < 3; channel++) {
				let sum = 1 << (precisionBits - 1);
				let at = from + channel;
				for (let tap = 0; tap < count; tap++) {
					sum += input[at]! * values[out * stride + tap]!;
					at += pass.along;
				}
				const rounded = sum >> precisionBits;
				output[to + channel] = rounded < 0 ? 0 : rounded > 255 ? 255 : rounded;
			}
		}
	}
}

function checkSide(side: number): void {
	if (Number.isInteger(side) && side >= 1) return;
	throw new MithridateError("invalid-data", `An image side must be a whole number of at least 1, not ${side}.`);
}

/** The image at another size. Rows first, then columns, each rounded to bytes; a side that stays is not filtered. */
export function resizeImage(image: RgbImage, width: number, height: number): RgbImage {
	checkSide(width);
	checkSide(height);
	let { pixels } = image;
	if (width !== image.width) {
		const wide = new Uint8Array(width * image.height * 3);
		const steps = { along: 3, across: image.width * 3, outAlong: 3, outAcross: width * 3 };
		runPass(pixels, wide, weightsFor(image.width, width), { lines: image.height, outputs: width, ...steps });
		pixels = wide;
	}
	if (height !== image.height) {
		const tall = new Uint8Array(width * height * 3);
		const steps = { along: width * 3, across: 3, outAlong: width * 3, outAcross: 3 };
		runPass(pixels, tall, weightsFor(image.height, height), { lines: width, outputs: height, ...steps });
		pixels = tall;
	}
	return { width, height, pixels };
}

/** Resized images of a store in files are kept as they are first read, as long as all of them take no more than this. */
const mostKeptBytes = 2 ** 29;

/** What stores were resized to, by size, for as long as they live. */
const resized = new WeakMap<ImageStore, Map<number, ImageStore>>();

/**
 * All images of a store at another size: at once for a store in memory, as they are read for one in files. The same store
 * and size give the same result, which is made once.
 */
export function resizeStore(store: ImageStore, size: number): ImageStore {
	checkSide(size);
	if (size === store.size) return store;
	const known = resized.get(store) ?? new Map<number, ImageStore>();
	resized.set(store, known);
	const made = known.get(size) ?? resizeAll(store, size);
	known.set(size, made);
	return made;
}

function resizeAll(store: ImageStore, size: number): ImageStore {
	const { count } = store;
	const stride = size * size * 3;
	const resizeTo = squareResizer(store.size, size);
	if ("pixels" in store) {
		const pixels = new Uint8Array(count * stride);
		for (let row = 0; row < count; row++)
			resizeTo(imageAt(store, row), pixels.subarray(row * stride, (row + 1) * stride));
		return { size, count, pixels };
	}
	const kept = count * stride <= mostKeptBytes ? new Uint8Array(count * stride) : null;
	const isKept = new Uint8Array(kept === null ? 0 : count);
	const scratch = new Uint8Array(stride);
	return {
		size,
		count,
		read(row) {
			const target = kept === null ? scratch : kept.subarray(row * stride, (row + 1) * stride);
			if (isKept[row] !== 1) resizeTo(store.read(row), target);
			if (kept !== null) isKept[row] = 1;
			return target;
		},
	};
}

/** Resizes one square image after another with the same weights. */
function squareResizer(side: number, size: number): (source: Uint8Array, target: Uint8Array) => void {
	const rows = new Uint8Array(side * size * 3);
	const weights = weightsFor(side, size);
	const horizontal = { lines: side, outputs: size, along: 3, across: side * 3, outAlong: 3, outAcross: size * 3 };
	const vertical = { lines: size, outputs: size, along: size * 3, across: 3, outAlong: size * 3, outAcross: 3 };
	return (source, target) => {
		runPass(source, rows, weights, horizontal);
		runPass(rows, target, weights, vertical);
	};
}
