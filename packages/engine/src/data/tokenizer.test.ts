import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import { learnVocabulary } from "./bpe-learn.ts";
import { openaiWords } from "./openai-text.ts";
import {
	createTokenizer,
	endPosition,
	parseVocabulary,
	printVocabulary,
	splitWords,
	type Vocabulary,
} from "./tokenizer.ts";

const captions = ["a photo of a sheep", "two sheep on a hill", "an aeroplane in the sky", "the photo's sky, 1999!"];
const vocabulary = learnVocabulary(captions, 600);
const tokenizer = createTokenizer(vocabulary);

/** Token strings of a text, special tokens included. */
function tokensOf(text: string, context = 77): string[] {
	const names = new Map([...vocabulary.ids].map(([token, id]) => [id, token]));
	return tokenizer.encode(text, context).map((id) => names.get(id)!);
}

test("words of the vocabulary are single tokens between start and end", () => {
	expect(tokensOf("Two  SHEEP\n")).toEqual(["<|startoftext|>", "two</w>", "sheep</w>", "<|endoftext|>"]);
	expect(tokensOf("")).toEqual(["<|startoftext|>", "<|endoftext|>"]);
});

test("contractions, letter runs, single digits and runs of symbols are words of their own", () => {
	expect(splitWords("It's 12 cafés, don't!? naïve x2")).toEqual([
		"it",
		"'s",
		"1",
		"2",
		"cafés",
		",",
		"don",
		"'t",
		"!?",
		"naïve",
		"x",
		"2",
	]);
	expect(splitWords("e\u0301\u00a0\u3000A")).toEqual(["é", "a"]);
});

test("any text can be spelled, byte by byte if need be", () => {
	const spelled = tokensOf("羊🐑").slice(1, -1).join("");
	expect(spelled).toMatch(/<\/w>$/);
	const bytes = [...spelled.replaceAll("</w>", "")];
	expect(bytes).toHaveLength(new TextEncoder().encode("羊🐑").length);
});

test("of several pairs the one that was learned first is joined first, wherever it stands", () => {
	const bytes = [...vocabulary.ids].filter(([, id]) => id < 512).map(([token]) => token);
	const ids = new Map([...bytes, "ab", "bc</w>", "<|startoftext|>", "<|endoftext|>"].map((token, id) => [token, id]));
	const left = ["a", "b"] as const;
	const right = ["b", "c</w>"] as const;
	const spell = (merges: Vocabulary["merges"]) => createTokenizer({ ids, merges }).encode("abc", 8).slice(1, -1);
	expect(spell([left, right])).toEqual([ids.get("ab"), ids.get("c</w>")]);
	expect(spell([right, left])).toEqual([ids.get("a"), ids.get("bc</w>")]);
});

test("special tokens are cut out of the raw text", () => {
	expect(tokensOf("sheep<|endoftext|>sky")).toEqual([
		"<|startoftext|>",
		"sheep</w>",
		"<|endoftext|>",
		"sky</w>",
		"<|endoftext|>",
	]);
	expect(tokensOf("<|ENDOFTEXT|>").filter((token) => token === "<|endoftext|>")).toHaveLength(1);
});

test("an over-long text keeps its end token in the last place", () => {
	expect(tokensOf("sheep sheep sheep sky", 4)).toEqual(["<|startoftext|>", "sheep</w>", "sheep</w>", "<|endoftext|>"]);
});

test("a vocabulary survives printing and parsing", () => {
	const { vocabJson, mergesText } = printVocabulary(vocabulary);
	expect(mergesText.startsWith("#version: 0.2\n")).toBe(true);
	const parsed = parseVocabulary(vocabJson, mergesText.replaceAll("\n", "\r\n"));
	expect(new Map([...parsed.ids].sort(([, left], [, right]) => left - right))).toEqual(vocabulary.ids);
	expect(parsed.merges).toEqual(vocabulary.merges);
});

test.each([
	["this is not JSON", "{", ""],
	["an object of token ids is expected", "[]", ""],
	['the id of "a" is -1', '{"a":-1}', ""],
	["the id 0 is given twice", '{"a":0,"b":0}', ""],
	["merges.txt, line 2: two symbols", "{}", "#version: 0.2\na b c\n"],
	["merges.txt, line 1: two symbols", "{}", "ab\n"],
])("damaged files are refused: %s", (problem, vocabJson, mergesText) => {
	expect(() => parseVocabulary(vocabJson, mergesText)).toThrow(problem);
	expect(() => parseVocabulary(vocabJson, mergesText)).toThrow(MithridateError);
});

test("a vocabulary without a byte, a special token or a merge's result is refused", () => {
	const without = (token: string): Vocabulary => ({
		ids: new Map([...vocabulary.ids].filter(([name]) => name !== token)),
		merges: vocabulary.merges,
	});
	for (const token of ["a", "z</w>", "<|startoftext|>", "sheep</w>"])
		expect(() => createTokenizer(without(token))).toThrow(`the token "${token}" is missing`);
});

test("the historic end id 2 reads at the first largest id, any other id where it first stands", () => {
	const ids = [510, 7, 2, 511, 511, 0];
	expect(endPosition(ids, 2)).toBe(3);
	expect(endPosition(ids, 511)).toBe(3);
	expect(endPosition(ids, 7)).toBe(1);
});

test("OpenAI's rules undo HTML entities twice, and straighten quotes, ligatures and wide letters", () => {
	const words = (text: string) => openaiWords(text).join(" ");
	expect(words("&amp;lt;b&amp;gt; &eacute;t&eacute; caf&#233; AT&T &notanentity;")).toBe(
		"< b > été café at & t ¬ anentity ;",
	);
	expect(words("it\u2019s \u201cso\u201d \ufb01ne \uff21\uff11")).toBe('it \'s " so " fine a 1');
	expect(words("a&#1;b &#xfdd0;c\u001b[31m d\u0007")).toBe("ab c d");
	expect(words("'\u017f <|ENDOFTEXT|>")).toBe("'\u017f <|endoftext|>");
	expect(openaiWords(" \n ")).toEqual([]);
});

const ids = z.array(z.int());
const Case = z.object({
	text: z.string(),
	hf: ids,
	hf_len: z.int(),
	openai: ids,
	openai_len: z.int(),
});
const parity = resolve(import.meta.dirname, "../../../../../shared/parity/open/tokenizer");

test.for(["huggingface", "openai"] as const)(
	"CLIP's own vocabulary gives the %s ids for 400 texts",
	(rules, context) => {
		if (!existsSync(parity)) context.skip("the reference cases are not part of this checkout; nothing was compared");
		const read = (name: string) => readFileSync(join(parity, name), "utf8");
		const clip = createTokenizer(parseVocabulary(read("vocab.json"), read("merges.txt")), rules);
		const cases = read("cases.jsonl")
			.trim()
			.split("\n")
			.map((line) => Case.parse(JSON.parse(line)));
		expect(cases).toHaveLength(400);
		for (const { text, hf, hf_len, openai, openai_len } of cases) {
			const expected = rules === "openai" ? openai.slice(0, openai_len) : hf.slice(0, hf_len);
			expect(clip.encode(text, 77), JSON.stringify(text)).toEqual(expected);
		}
	},
);
