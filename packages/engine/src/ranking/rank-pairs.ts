/** Ranks all images and all captions of a split against each other, on as many threads as it is worth. */
import { Worker } from "node:worker_threads";
import type { Ranking } from "../metric-types.ts";
import { checkComparable } from "../similarity/tiles.ts";
import type { Embeddings } from "../types.ts";
import { addBand, type Band, type BandInput, scanBand } from "./band.ts";
import { withoutTargets } from "./rank.ts";
import { type Best, bestTargets, scanOf } from "./scan.ts";

/** Multiplications, about a quarter of a second of them, below which starting threads costs more than it saves. */
const WORTH_THREADS = 2 ** 32;

/** Image-to-text and text-to-image ranks of an item's own counterparts. */
export interface PairedRanking {
	/** Targets of an image: all of its captions. */
	readonly imageToText: Ranking;
	/** Target of a caption: the image it describes. */
	readonly textToImage: Ranking;
}

export interface PairOptions {
	/** At most so many are used; the ranks are the same for any number. */
	readonly threads: number;
	/** Multiplications from which on more than one is used. */
	readonly worthThreads?: number;
}

/**
 * Ranks images and captions against each other in one pass; caption j describes image `captionOf[j]`.
 * @throws MithridateError `non-finite` when a model has diverged.
 */
export async function rankPairs(
	images: Embeddings,
	texts: Embeddings,
	captionOf: Int32Array,
	{ threads, worthThreads = WORTH_THREADS }: PairOptions,
): Promise<PairedRanking> {
	checkComparable(images, texts);
	const captions: number[][] = Array.from({ length: images.count }, () => []);
	for (const [caption, image] of captionOf.entries()) captions[image]?.push(caption);
	const bestTexts = bestTargets(images, texts, (image) => captions[image] ?? []);
	const bestImages = bestTargets(texts, images, (caption) => [captionOf[caption] as number]);
	const isWorth = images.count * texts.count * images.width >= worthThreads;
	const bands = Math.min(isWorth ? threads : 1, images.count);
	const { byImage, byText } =
		bands > 1
			? await scanOnThreads({ images: shared(images), texts: shared(texts), bestTexts, bestImages }, bands)
			: scanBand({ images, firstRow: 0, texts, bestTexts, bestImages });
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

/** Cuts the images into equal bands and scans each on its own thread. */
async function scanOnThreads(all: Omit<BandInput, "firstRow">, count: number): Promise<Band> {
	const inputs = Array.from({ length: count }, (_, at) => {
		const [first, last] = [at, at + 1].map((edge) => Math.floor((edge * all.images.count) / count)) as [number, number];
		return {
			...all,
			images: rowsOf(all.images, first, last),
			firstRow: first,
			bestTexts: partOf(all.bestTexts, first, last),
		};
	});
	const whole = { byImage: scanOf(all.images.count), byText: scanOf(all.texts.count) };
	for (const [at, band] of (await Promise.all(inputs.map(scanOnThread))).entries())
		addBand(whole, inputs[at] as BandInput, band);
	return whole;
}

function scanOnThread(input: BandInput): Promise<Band> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL("./band.worker.ts", import.meta.url), { workerData: input, execArgv: [] });
		worker.once("message", resolve).once("error", reject);
	});
}

/** The same numbers in memory that threads read together instead of each having a copy. */
function shared({ count, width, values }: Embeddings): Embeddings {
	const together = new Float32Array(new SharedArrayBuffer(values.byteLength));
	together.set(values);
	return { count, width, values: together };
}

function rowsOf({ width, values }: Embeddings, first: number, last: number): Embeddings {
	return { count: last - first, width, values: values.subarray(first * width, last * width) };
}

function partOf({ scores, rows }: Best, first: number, last: number): Best {
	return { scores: scores.slice(first, last), rows: rows.slice(first, last) };
}
