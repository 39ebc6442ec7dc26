import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dataset, ImageStore, ProgressEvent, Split } from "../../types.ts";
import { imageAt } from "../image-at.ts";
import { pascalClasses } from "./concepts.ts";
import { emojiPascal, emojiPascalBase } from "./load.ts";
import type { EmojiPascalBaseOptions, EmojiPascalOptions } from "./options.ts";

let cacheFolder: string;
const small = { trainPerClass: 2, filler: 30, testPerClass: 2, trusted: 40 };

async function finish<Result>(
	making: AsyncGenerator<ProgressEvent, Result>,
): Promise<{ result: Result; stages: string[] }> {
	const stages: string[] = [];
	for (;;) {
		const next = await making.next();
		if (next.done) return { result: next.value, stages };
		stages.push(next.value.stage);
	}
}

const make = async (options: EmojiPascalOptions = {}): Promise<Dataset> =>
	(await finish(emojiPascal({ ...small, cacheFolder, ...options }))).result;
const makeBase = async (options: EmojiPascalBaseOptions) =>
	(await finish(emojiPascalBase({ cacheFolder, ...options }))).result;

function imageHash(images: ImageStore, row: number): string {
	return createHash("sha256").update(imageAt(images, row)).digest("hex");
}

/** A split as its content alone, without where the images lie in the store. */
function contentOf(images: ImageStore, split: Split): unknown[] {
	return split.samples.map(({ id, image, captions }, at) => [id, imageHash(images, image), captions, split.labels[at]]);
}

async function emptyCache(kinds: RegExp): Promise<void> {
	for (const file of await readdir(cacheFolder)) if (kinds.test(file)) await rm(join(cacheFolder, file));
}

beforeAll(async () => {
	cacheFolder = await mkdtemp(join(tmpdir(), "mithridate-emoji-"));
	await make();
}, 180_000);
afterAll(() => rm(cacheFolder, { recursive: true }));

describe("emojiPascal", () => {
	it("has the counts, ids and labels it was asked for", async () => {
		const { classes, images, train, test, trusted } = await make();
		expect(classes).toEqual(pascalClasses.map((one) => one.name));
		expect([train, test, trusted].map((split) => split.samples.length)).toEqual([70, 40, 40]);
		expect(images).toMatchObject({ size: 64, count: 150 });
		expect("pixels" in images && images.pixels.length).toBe(150 * 64 * 64 * 3);
		for (const split of [train, test, trusted]) expect(split.labels).toHaveLength(split.samples.length);
		for (const [name, split] of [
			["train", train],
			["test", test],
		] as const) {
			for (const one of classes)
				expect([name, one, split.labels.filter((label) => label === one).length]).toEqual([name, one, 2]);
		}
		expect(train.labels.filter((label) => label === null)).toHaveLength(30);
		expect(trusted.labels.every((label) => label === null)).toBe(true);
		expect(train.samples.slice(0, 2).map((sample) => sample.id)).toEqual(["train/000000", "train/000001"]);
		for (const { captions } of [...train.samples, ...test.samples, ...trusted.samples])
			expect(new Set(captions).size).toBe(5);
	});

	it("gives every sample an image of its own, and no split an image of another", async () => {
		const { images, train, test, trusted } = await make();
		const samples = [...train.samples, ...test.samples, ...trusted.samples];
		expect(samples.map((sample) => sample.image)).toEqual(samples.map((_, at) => at));
		expect(new Set(samples.map((sample) => imageHash(images, sample.image))).size).toBe(samples.length);
		expect(new Set(samples.map((sample) => sample.id)).size).toBe(samples.length);
	});

	it("mixes labelled and filler images", async () => {
		const { labels } = (await make()).train;
		const firstHalf = labels.slice(0, 35).filter((label) => label === null).length;
		expect(firstHalf).toBeGreaterThan(5);
		expect(firstHalf).toBeLessThan(25);
	});

	it("is the same for the same seed, from the cache or made anew, and another for another seed", async () => {
		const first = await make();
		const cached = await make();
		await emptyCache(/^emoji-(train|test|trusted)/);
		const again = await make();
		expect(cached.hash).toBe(first.hash);
		expect(again.hash).toBe(first.hash);
		const other = await make({ seed: 1 });
		expect(other.hash).not.toBe(first.hash);
		expect(contentOf(other.images, other.test)).not.toEqual(contentOf(first.images, first.test));
	});

	it("changes only the split whose count changes", async () => {
		const first = await make();
		const more = await make({ filler: 31, trusted: 41 });
		expect(contentOf(more.images, more.test)).toEqual(contentOf(first.images, first.test));
		expect(contentOf(more.images, more.trusted).slice(0, 40)).toEqual(contentOf(first.images, first.trusted));
		const old = new Set(first.train.samples.map((sample) => imageHash(first.images, sample.image)));
		expect(more.train.samples.filter((sample) => !old.has(imageHash(more.images, sample.image)))).toHaveLength(1);
	});

	it("shows every class in the trusted split, with captions of regions", async () => {
		const captions = (await make()).trusted.samples.flatMap((sample) => sample.captions);
		for (const { name, drawings } of pascalClasses) {
			const nouns = drawings.flatMap((one) => one.nouns);
			expect([name, captions.some((caption) => nouns.some((noun) => caption.includes(noun)))]).toEqual([name, true]);
		}
		for (const caption of captions) expect(caption).not.toContain("background");
	});

	it.each<[string, (file: Buffer) => Uint8Array]>([
		["cut short", (file) => file.subarray(0, 5000)],
		["with a byte changed", (file) => file.with(file.length - 5, file.at(-5)! ^ 1)],
	])("makes a cached split %s again, and says so", async (_, damage) => {
		// Other tests leave test splits of other settings.
		await emptyCache(/^emoji-test/);
		const { hash } = await make();
		const name = (await readdir(cacheFolder)).find((file) => file.startsWith("emoji-test"))!;
		const path = join(cacheFolder, name);
		await writeFile(path, damage(await readFile(path)));
		const { result, stages } = await finish(emojiPascal({ ...small, cacheFolder }));
		expect(result.hash).toBe(hash);
		expect(stages).toContain("emoji-pascal: stored test images were damaged and are made again");
		expect((await finish(emojiPascal({ ...small, cacheFolder }))).stages).toEqual([]);
	});

	it.each<[string, EmojiPascalOptions]>([
		["trainPerClass", { trainPerClass: 0 }],
		["filler", { filler: -1 }],
		["testPerClass", { testPerClass: 2.5 }],
		["trusted", { trusted: 1e9 }],
		["size", { size: 16 }],
		["seed", { seed: Number.NaN }],
	])("refuses a bad %s by name", async (subject, options) => {
		await expect(make(options)).rejects.toMatchObject({ code: "invalid-config", subject });
	});

	it("refuses more images than one store may hold, and says how many it may", async () => {
		const message = /50000 images of 128 x 128 pixels are too many for one store; ask for at most \d+/;
		await expect(makeBase({ count: 50_000, size: 128 })).rejects.toThrow(message);
	});

	it("refuses options it does not know", async () => {
		await expect(make({ fillers: 3 } as EmojiPascalOptions)).rejects.toMatchObject({ code: "invalid-config" });
	});

	it("stops when the signal fires", async () => {
		const making = emojiPascal({ ...small, seed: 2, cacheFolder }, AbortSignal.abort());
		await expect(finish(making)).rejects.toMatchObject({ code: "aborted" });
	});
});

describe("emojiPascalBase", () => {
	it("draws the asked share of images from the 20 classes", async () => {
		const { split, images } = await makeBase({ count: 600 });
		expect([split.samples.length, images.count]).toEqual([600, 600]);
		const share = split.labels.filter((label) => label !== null).length / 600;
		expect(share).toBeCloseTo(0.35, 1);
		expect(new Set(split.labels).size).toBe(21);
	});

	it("keeps its first images when more are asked for", async () => {
		const [few, more] = [await makeBase({ count: 20 }), await makeBase({ count: 30 })];
		expect(contentOf(more.images, more.split).slice(0, 20)).toEqual(contentOf(few.images, few.split));
		expect(more.hash).not.toBe(few.hash);
	});

	it("scales with the size asked for", async () => {
		const { images } = await makeBase({ count: 3, size: 32 });
		expect(images).toMatchObject({ size: 32, count: 3 });
		expect(images.pixels).toHaveLength(3 * 32 * 32 * 3);
	});
});
