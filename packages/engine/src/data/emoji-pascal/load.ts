/** Makes emoji-PASCAL, or takes it from the cache: each split from its own random stream, under its own checksum. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { throwIfAborted } from "../../errors.ts";
import { Random } from "../../random.ts";
import type { Dataset, MemoryImages, ProgressEvent, Sample, Split } from "../../types.ts";
import { manifestHash } from "../manifest.ts";
import { readStored, storedPath, writeStored } from "../stored.ts";
import { pascalClasses } from "./concepts.ts";
import {
	checkOptions,
	checkWeight,
	type EmojiPascalBaseOptions,
	type EmojiPascalOptions,
	emojiPascalBaseOptions,
	emojiPascalOptions,
} from "./options.ts";
import { newCanvas, noiseTile } from "./paint.ts";
import { type Picture, picturesOf, type SplitPlan } from "./pictures.ts";
import { damagedNotice, loadSprites, type SpriteSheet } from "./sprites.ts";

/** Changes whenever images or captions would, so that older stored splits are left alone. */
const generatorVersion = 9;

const splitHeader = z.object({
	size: z.int(),
	rows: z.array(z.object({ captions: z.array(z.string()), label: z.string().nullable() })),
});
type SplitRows = z.output<typeof splitHeader>["rows"];

interface MadeSplit {
	readonly rows: SplitRows;
	readonly pixels: Uint8Array;
}

interface Workshop {
	readonly seed: number;
	readonly size: number;
	readonly cacheFolder: string | null;
	readonly sprites: SpriteSheet;
	readonly signal: AbortSignal | undefined;
}

async function* paintSplit(
	shop: Workshop,
	pictures: readonly Picture[],
	stage: string,
): AsyncGenerator<ProgressEvent, MadeSplit> {
	const bytes = shop.size * shop.size * 3;
	const pixels = new Uint8Array(pictures.length * bytes);
	const canvas = newCanvas(shop.size);
	const tile = noiseTile(new Random("emoji-pascal/noise"));
	const rows: SplitRows = [];
	for (const [at, picture] of pictures.entries()) {
		if (at % 500 === 0) {
			throwIfAborted(shop.signal);
			yield { type: "progress", stage, done: at, total: pictures.length };
		}
		picture.paint({
			canvas,
			tile,
			sprites: shop.sprites,
			target: new Uint8ClampedArray(pixels.buffer, at * bytes, bytes),
		});
		rows.push({ captions: [...picture.captions], label: picture.label });
	}
	yield { type: "progress", stage, done: pictures.length, total: pictures.length };
	return { rows, pixels };
}

async function* makeSplit(shop: Workshop, plan: SplitPlan): AsyncGenerator<ProgressEvent, MadeSplit> {
	const { seed, size, cacheFolder } = shop;
	const identity = JSON.stringify({ generatorVersion, sprites: shop.sprites.key, seed, size, plan });
	const key = createHash("sha256").update(identity).digest("hex");
	const path = cacheFolder === null ? null : storedPath(cacheFolder, `emoji-${plan.name}`, key);
	const lookup = path === null ? { state: "absent" as const } : await readStored(path, splitHeader);
	if (lookup.state === "found") return { rows: lookup.stored.header.rows, pixels: lookup.stored.bytes };
	if (lookup.state === "damaged") yield damagedNotice(`${plan.name} images`);
	const pictures = picturesOf(new Random(seed).split("emoji-pascal").split(plan.name), plan);
	const made = yield* paintSplit(shop, pictures, `emoji-pascal: painting ${plan.name}`);
	if (path !== null) await writeStored(path, { header: { size, rows: made.rows }, bytes: made.pixels });
	return made;
}

function splitOf(name: string, rows: SplitRows, firstImage: number): Split {
	const samples = rows.map(
		({ captions }, at): Sample => ({ id: `${name}/${String(at).padStart(6, "0")}`, image: firstImage + at, captions }),
	);
	return { name, samples, labels: rows.map((row) => row.label) };
}

function joinImages(size: number, parts: readonly MadeSplit[]): MemoryImages {
	const pixels = new Uint8Array(parts.reduce((sum, part) => sum + part.pixels.length, 0));
	let at = 0;
	for (const part of parts) {
		pixels.set(part.pixels, at);
		at += part.pixels.length;
	}
	return { size, count: parts.reduce((sum, part) => sum + part.rows.length, 0), pixels };
}

/** The data set of an experiment: train, test and trusted splits over one image store. */
export async function* emojiPascal(
	options: EmojiPascalOptions = {},
	signal?: AbortSignal,
): AsyncGenerator<ProgressEvent, Dataset> {
	const { cacheFolder, ...settings } = checkOptions(emojiPascalOptions, options);
	const { seed, size, trainPerClass, filler, testPerClass } = settings;
	checkWeight(pascalClasses.length * (trainPerClass + testPerClass) + filler + settings.trusted, size);
	const sprites = yield* loadSprites(cacheFolder, signal);
	const shop: Workshop = { seed, size, cacheFolder, sprites, signal };
	const train = yield* makeSplit(shop, { name: "train", perClass: trainPerClass, filler });
	const test = yield* makeSplit(shop, { name: "test", perClass: testPerClass });
	const trusted = yield* makeSplit(shop, { name: "trusted", count: settings.trusted });
	const images = joinImages(size, [train, test, trusted]);
	const splits = {
		train: splitOf("train", train.rows, 0),
		test: splitOf("test", test.rows, train.rows.length),
		trusted: splitOf("trusted", trusted.rows, train.rows.length + test.rows.length),
	};
	const name = "emoji-pascal";
	const hash = manifestHash({ name, settings, splits: Object.values(splits), images });
	return { name, hash, classes: pascalClasses.map((one) => one.name), images, ...splits };
}

/** The pre-training set: pairs over all concepts, with the 20 classes as common as common things are. */
export async function* emojiPascalBase(
	options: EmojiPascalBaseOptions = {},
	signal?: AbortSignal,
): AsyncGenerator<ProgressEvent, { readonly split: Split; readonly images: MemoryImages; readonly hash: string }> {
	const { cacheFolder, ...settings } = checkOptions(emojiPascalBaseOptions, options);
	const { seed, size, count, classShare } = settings;
	checkWeight(count, size);
	const sprites = yield* loadSprites(cacheFolder, signal);
	const made = yield* makeSplit({ seed, size, cacheFolder, sprites, signal }, { name: "base", count, classShare });
	const images: MemoryImages = { size, count: made.rows.length, pixels: made.pixels };
	const split = splitOf("base", made.rows, 0);
	return { split, images, hash: manifestHash({ name: "emoji-pascal-base", settings, splits: [split], images }) };
}
