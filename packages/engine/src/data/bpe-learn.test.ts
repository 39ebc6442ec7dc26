import { expect, test } from "vitest";
import { learnVocabulary } from "./bpe-learn.ts";
import { createTokenizer, printVocabulary } from "./tokenizer.ts";

const captions = ["a red sheep", "a red sheep", "a blue sheep", "the blue aeroplane"];

test("learning ends when every word of the captions is one token", () => {
	const vocabulary = learnVocabulary(captions, 2000);
	expect(vocabulary.ids.size).toBeLessThan(600);
	const tokenizer = createTokenizer(vocabulary);
	for (const caption of captions) expect(tokenizer.encode(caption, 77)).toHaveLength(caption.split(" ").length + 2);
});

test("the size asked for is kept, and the most frequent pair is merged first", () => {
	const vocabulary = learnVocabulary(captions, 516);
	expect(vocabulary.ids.size).toBe(516);
	// All four pairs inside "sheep" occur three times; of these, "e e" sorts first.
	expect(vocabulary.merges[0]).toEqual(["e", "e"]);
	expect([...vocabulary.ids].slice(-2)).toEqual([
		["<|startoftext|>", 514],
		["<|endoftext|>", 515],
	]);
	expect(vocabulary.ids.get("!")).toBe(0);
	expect(vocabulary.ids.get("!</w>")).toBe(256);
});

test("the order of captions does not matter", () => {
	expect(printVocabulary(learnVocabulary(captions.toReversed(), 560))).toEqual(
		printVocabulary(learnVocabulary(captions, 560)),
	);
});

test("a size without room for every byte is refused", () => {
	expect(() => learnVocabulary(captions, 513)).toThrow("A vocabulary needs at least 514 ids, not 513.");
});
