/** Cosine distance between each sample's image and its captions under a reference model. */
import type { Embeddings, Encoder, ProgressEvent, Sample } from "../types.ts";

/** Samples embedded at a time: bounds the memory that their captions take. */
const BLOCK = 2048;

/**
 * Mean over the sample's captions of 1 - cos(image, caption), in [0, 2]. The mean and not the maximum: poison re-pairs
 * an image with all captions of another sample, so averaging keeps the signal and shrinks the noise of single captions,
 * while the maximum would throw out clean samples for one odd caption. Progress counts samples.
 */
export async function* pairDistances(
	encoder: Encoder,
	samples: readonly Sample[],
	stage: string,
): AsyncGenerator<ProgressEvent, Float64Array> {
	const distances = new Float64Array(samples.length);
	for (let first = 0; first < samples.length; first += BLOCK) {
		const block = samples.slice(first, first + BLOCK);
		const counted = (half: number) => (inner: ProgressEvent) => ({
			type: "progress" as const,
			stage,
			done: first + Math.floor((block.length * (half + inner.done / Math.max(inner.total, 1))) / 2),
			total: samples.length,
		});
		const images = yield* relabel(encoder.embedImages(block.map((sample) => sample.image)), counted(0));
		const texts = yield* relabel(encoder.embedTexts(block.flatMap((sample) => sample.captions)), counted(1));
		let caption = 0;
		for (const [row, { id, captions }] of block.entries()) {
			if (captions.length === 0) throw new RangeError(`sample "${id}" has no caption`);
			let sum = 0;
			for (const _ of captions) sum += distance(images, row, texts, caption++);
			distances[first + row] = sum / captions.length;
		}
	}
	yield { type: "progress", stage, done: samples.length, total: samples.length };
	return distances;
}

async function* relabel<Result>(
	work: AsyncGenerator<ProgressEvent, Result>,
	name: (event: ProgressEvent) => ProgressEvent,
): AsyncGenerator<ProgressEvent, Result> {
	for (;;) {
		const { done, value } = await work.next();
		if (done) return value;
		yield name(value);
	}
}

/** 1 - cos of two unit-length rows; in [0, 2] whatever the rounding of their lengths. */
function distance(a: Embeddings, row: number, b: Embeddings, column: number): number {
	let cosine = 0;
	for (let k = 0; k < a.width; k++) cosine += a.values[row * a.width + k]! * b.values[column * b.width + k]!;
	return Math.min(2, Math.max(0, 1 - cosine));
}
