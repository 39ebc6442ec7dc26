import { expect, test } from "vitest";
import { toyModel, toyPairs } from "../model/toy.fixture.ts";
import { Random } from "../random.ts";
import { createPairs } from "./batches.ts";
import { otherCaption, otherImage } from "./views.ts";

const caption = "a red sheep stands beside two blue aeroplanes in the rain";

test("a second caption loses or swaps words and adds none", () => {
	const words = caption.split(" ").sort();
	const said = Array.from({ length: 200 }, (_, at) => otherCaption(caption, new Random(at)));
	expect(new Set(said).size).toBeGreaterThan(50);
	for (const one of said) {
		const left = one.split(" ").sort();
		expect(left.length).toBeGreaterThan(0);
		const rest = [...words];
		for (const word of left) rest.splice(rest.indexOf(word), 1);
		expect(rest.length).toBe(words.length - left.length);
	}
	expect(said.some((one) => one.split(" ").length < words.length)).toBe(true);
	expect(said.some((one) => one !== caption && one.split(" ").length === words.length)).toBe(true);
});

test("what cannot be changed stays: one word, or none", () => {
	expect(otherCaption("sheep", new Random(1))).toBe("sheep");
	expect(otherCaption("", new Random(1))).toBe("");
});

test("a second image keeps its size, differs from the first and leaves it as it was", () => {
	const size = 8;
	const pixels = Uint8Array.from({ length: size * size * 3 }, (_, at) => (at * 37) % 256);
	const before = pixels.slice();
	const view = otherImage(pixels, size, new Random("view"));
	expect(view.length).toBe(pixels.length);
	expect(view).not.toEqual(pixels);
	expect(pixels).toEqual(before);
	expect(otherImage(pixels, size, new Random("view"))).toEqual(view);
});

test("about half of the second images are mirrored", () => {
	const size = 16;
	// Dark on the left, light on the right: a mirrored view is the other way round, whatever its crop and colours.
	const pixels = Uint8Array.from({ length: size * size * 3 }, (_, at) => (Math.floor(at / 3) % size) * 16);
	const isMirrored = (view: Uint8Array) => view[(8 * size + 1) * 3]! > view[(8 * size + size - 2) * 3]!;
	const views = Array.from({ length: 200 }, (_, at) => otherImage(pixels, size, new Random(at)));
	const mirrored = views.filter(isMirrored).length;
	expect(mirrored).toBeGreaterThan(70);
	expect(mirrored).toBeLessThan(130);
});

test("a batch carries second views of its own pairs where it is asked to, in as many columns", () => {
	const source = toyPairs();
	const plain = createPairs(toyModel(), source).assemble([1, 5], new Random("batch"));
	expect(plain.views).toBeUndefined();
	const pairs = createPairs(toyModel(), { ...source, hasViews: true });
	const { views, ...same } = pairs.assemble([1, 5], new Random("batch"));
	expect(same).toEqual(plain);
	expect(views?.tokens.length).toBe(plain.tokens.length);
	expect(views?.images.length).toBe(plain.images.length);
	expect(views?.images).not.toEqual(plain.images);
	// A pair's view does not depend on its place in the batch.
	const { views: moved } = pairs.assemble([5, 1], new Random("batch"));
	expect(moved!.images.slice(0, 192)).toEqual(views!.images.slice(192));
});
