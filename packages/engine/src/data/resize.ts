/** Bicubic resizing with the same bits as Pillow's `Image.resize(..., BICUBIC)` on 8-bit RGB (src/libImaging/Resample.c). */
import { MithridateError } from "../errors.ts";
import type { ImageStore } from "../types.ts";

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

/** All images of a store at another size. */
export function resizeStore(store: ImageStore, size: number): ImageStore {
	checkSide(size);
	if (size === store.size) return store;
	const from = store.size * store.size * 3;
	const to = size * size * 3;
	const pixels = new Uint8Array(store.count * to);
	const rows = new Uint8Array(store.size * size * 3);
	const weights = weightsFor(store.size, size);
	const horizontal = {
		lines: store.size,
		outputs: size,
		along: 3,
		across: store.size * 3,
		outAlong: 3,
		outAcross: size * 3,
	};
	const vertical = { lines: size, outputs: size, along: size * 3, across: 3, outAlong: size * 3, outAcross: 3 };
	for (let row = 0; row < store.count; row++) {
		runPass(store.pixels.subarray(row * from, (row + 1) * from), rows, weights, horizontal);
		runPass(rows, pixels.subarray(row * to, (row + 1) * to), weights, vertical);
	}
	return { size, count: store.count, pixels };
}
