import { expect, test } from "vitest";
import { MithridateError } from "../errors.ts";
import { toyModel, toyPairs } from "../model/toy.fixture.ts";
import { Random } from "../random.ts";
import { assembleImages, assembleTexts, createPairs, pixelTable, textLength, tokenizeTexts } from "./batches.ts";

const model = toyModel();
const { images, samples } = toyPairs();

test("pixels are normalised by channel as (byte / 255 - mean) / std", () => {
	const table = pixelTable(model.preprocess);
	const image = assembleImages(images, [7], { table });
	const from = 7 * 8 * 8 * 3;
	for (let at = 0; at < 8 * 8 * 3; at++) {
		const expected = (images.pixels[from + at]! / 255 - model.preprocess.mean[at % 3]!) / model.preprocess.std[at % 3]!;
		expect(image[at]).toBeCloseTo(expected, 6);
	}
});

test("texts are cut after the longest end", () => {
	const table = tokenizeTexts(model, ["a red sheep", "the red sheep is blue", "sheep ".repeat(40)]);
	expect([...table.ends]).toEqual([4, 6, 23]);
	expect(textLength(table, [0])).toBe(5);
	expect(textLength(table, [0, 1])).toBe(7);
	expect(textLength(table, [0, 1, 2])).toBe(24);
	const { tokens, ends, length } = assembleTexts(table, [1, 0]);
	expect(length).toBe(7);
	expect([...ends]).toEqual([6, 4]);
	expect([...tokens.slice(7, 12)]).toEqual(model.tokenizer.encode("a red sheep", 24));
	expect([...tokens.slice(12)]).toEqual([model.tokenizer.endId, model.tokenizer.endId]);
	expect(assembleTexts(table, [0], 12).tokens).toHaveLength(12);
});

test("every caption of every sample is one pair, shuffled anew each epoch and the same for the same seed", () => {
	const pairs = createPairs(model, { images, samples });
	expect(pairs.count).toBe(24);
	const random = new Random("order");
	const first = pairs.order(random, 0);
	expect([...first].sort((left, right) => left - right)).toEqual(Array.from({ length: 24 }, (_, pair) => pair));
	expect(pairs.order(random, 0)).toEqual(first);
	expect(pairs.order(random, 1)).not.toEqual(first);
	expect(pairs.order(new Random("another"), 0)).not.toEqual(first);
});

test("a pair's image and caption belong to the same sample", () => {
	const pairs = createPairs(model, { images, samples });
	const batch = pairs.assemble([9], new Random("crops"));
	expect(batch.images).toEqual(assembleImages(images, [samples[4]!.image], { table: pixelTable(model.preprocess) }));
	const expected = model.tokenizer.encode(samples[4]!.captions[1]!, 24);
	expect([...batch.tokens.slice(0, expected.length)]).toEqual(expected);
});

test("a sample that names no image of the store is refused by its id", () => {
	const wrong = { id: "lost", image: 12, captions: ["a sheep"] };
	expect(() => createPairs(model, { images, samples: [wrong] })).toThrow("Sample lost names image 12 of 12.");
	expect(() => createPairs(model, { images: { ...images, pixels: images.pixels.slice(1) }, samples })).toThrow(
		MithridateError,
	);
});

test("crops are drawn anew for every pair and stream, and the same again for the same", () => {
	const pairs = createPairs(model, { images, samples, augmentation: "random-resized-crop" });
	const random = new Random("crops");
	// An image of 8 pixels has few boxes: many pairs show at least one other.
	const all = Array.from({ length: 24 }, (_, pair) => pair);
	const { images: first } = pairs.assemble(all, random.split("0"));
	expect(pairs.assemble(all, random.split("0")).images).toEqual(first);
	expect(pairs.assemble(all, random.split("1")).images).not.toEqual(first);
	expect(createPairs(model, { images, samples }).assemble(all, random).images).not.toEqual(first);
	const stride = 8 * 8 * 3;
	expect(pairs.assemble([9], random.split("0")).images).toEqual(first.subarray(9 * stride, 10 * stride));
});

test("the arrays of a spent batch are written anew where they fit, and are left alone where they do not", () => {
	const pairs = createPairs(model, { images, samples });
	const random = new Random("spent");
	const [expected, spent] = [pairs.assemble([4, 9], random), pairs.assemble([0, 1], random)];
	const batch = pairs.assemble([4, 9], random, undefined, spent);
	expect(batch.images).toBe(spent.images);
	expect(batch).toEqual(expected);
	expect(pairs.assemble([7], random, undefined, spent).images).not.toBe(spent.images);
	expect(batch).toEqual(expected);
});

test("captions are cut to fewer tokens than the context when asked", () => {
	const long = [{ id: "long", image: 0, captions: ["sheep ".repeat(40)] }];
	const { ends } = createPairs(model, { images, samples: long, context: 10 }).assemble([0], new Random(1));
	expect([...ends]).toEqual([9]);
});
