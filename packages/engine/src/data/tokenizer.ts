/** CLIP's byte-level BPE tokenizer under Hugging Face's or OpenAI's rules, on a `vocab.json` and `merges.txt` of any size. */
import { MithridateError } from "../errors.ts";
import { openaiWords } from "./openai-text.ts";

export const START_TEXT = "<|startoftext|>";
export const END_TEXT = "<|endoftext|>";
/** Ends the last symbol of each word. */
export const WORD_END = "</w>";

/** What the two files hold. */
export interface Vocabulary {
	/** Token string to id. */
	readonly ids: ReadonlyMap<string, number>;
	/** Pairs of symbols in the order in which they are merged. */
	readonly merges: readonly (readonly [string, string])[];
}

/** How a text is cut into words: the two differ on HTML entities, curly quotes and a few letters of other scripts. */
export type TokenizerRules = "huggingface" | "openai";

export interface Tokenizer {
	readonly rules: TokenizerRules;
	readonly vocabulary: Vocabulary;
	readonly startId: number;
	readonly endId: number;
	/** Ids of one text, start and end token included, at most `context` of them: an over-long text keeps its end token. */
	encode(text: string, context: number): number[];
}

/** Contractions, letter runs, single digits, runs of anything else. */
const PIECES = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;
const SPECIAL = /(<\|startoftext\|>|<\|endoftext\|>)/;

/** Throws `invalid-checkpoint` when the vocabulary lacks a special token, a byte, or what a merge makes. */
export function createTokenizer(vocabulary: Vocabulary, rules: TokenizerRules = "huggingface"): Tokenizer {
	const { ids, merges } = vocabulary;
	const idOf = (token: string): number => {
		const id = ids.get(token);
		if (id === undefined)
			throw new MithridateError("invalid-checkpoint", `vocab.json: the token ${JSON.stringify(token)} is missing.`, {
				subject: "vocab.json",
			});
		return id;
	};
	for (const symbol of BYTE_SYMBOLS) {
		idOf(symbol);
		idOf(symbol + WORD_END);
	}
	for (const [left, right] of merges) idOf(left + right);
	const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
	const startId = idOf(START_TEXT);
	const endId = idOf(END_TEXT);
	const words = new Map<string, readonly number[]>();

	function encodeWord(word: string): readonly number[] {
		const known = words.get(word);
		if (known) return known;
		const symbols = mergeByRank(wordSymbols(word), ranks).map(idOf);
		words.set(word, symbols);
		return symbols;
	}

	const wordsOf = rules === "openai" ? openaiWords : huggingFaceWords;
	return {
		rules,
		vocabulary,
		startId,
		endId,
		encode(text, context) {
			const content: number[] = [];
			for (const word of wordsOf(text)) {
				if (word === START_TEXT) content.push(startId);
				else if (word === END_TEXT) content.push(endId);
				else content.push(...encodeWord(word));
				if (content.length >= context - 2) break;
			}
			return [startId, ...content.slice(0, context - 2), endId];
		},
	};
}

/** Special tokens cut out of the raw text, and the words between them. */
function huggingFaceWords(text: string): string[] {
	return text.split(SPECIAL).flatMap((part) => (part === START_TEXT || part === END_TEXT ? [part] : splitWords(part)));
}

/** The position a row of ids is read at: the first largest id if `eosTokenId` is 2, else the first `eosTokenId`. */
export function endPosition(ids: ArrayLike<number>, eosTokenId: number): number {
	let best = 0;
	for (let at = 0; at < ids.length; at++) {
		if (eosTokenId === 2 ? ids[at]! > ids[best]! : ids[at] === eosTokenId) {
			best = at;
			if (eosTokenId !== 2) break;
		}
	}
	return best;
}

/** The words that BPE works on: composed, white space collapsed, lower case, cut into CLIP's pieces. */
export function splitWords(text: string): string[] {
	// Lower-casing character by character leaves out the final-sigma rule, as the reference does.
	const lower = Array.from(text.normalize("NFC"), (character) => character.toLowerCase()).join("");
	return lower.match(PIECES) ?? [];
}

/** UTF-8 bytes of a word as printable symbols, the last one marked as the word's end. */
export function wordSymbols(word: string): string[] {
	const symbols = Array.from(new TextEncoder().encode(word), (byte) => BYTE_SYMBOLS[byte]!);
	symbols.push(symbols.pop()! + WORD_END);
	return symbols;
}

/** Printable stand-ins of the 256 bytes, by byte. */
const PRINTABLE: readonly (readonly [number, number])[] = [
	[33, 126],
	[161, 172],
	[174, 255],
];
const isPrintable = (byte: number) => PRINTABLE.some(([from, to]) => byte >= from && byte <= to);
const BYTE_SYMBOLS: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
	if (isPrintable(byte)) return String.fromCodePoint(byte);
	const before = Array.from({ length: byte }, (_, other) => other).filter((other) => !isPrintable(other)).length;
	return String.fromCodePoint(256 + before);
});
/** The 256 byte symbols in the order of CLIP's vocabulary: printable bytes first. */
export const ORDERED_BYTE_SYMBOLS: readonly string[] = [...BYTE_SYMBOLS].sort(
	(left, right) => left.codePointAt(0)! - right.codePointAt(0)!,
);

/** Reads `vocab.json` and `merges.txt`. Throws `invalid-checkpoint` naming the file and line. */
export function parseVocabulary(vocabJson: string, mergesText: string): Vocabulary {
	return { ids: parseIds(vocabJson), merges: parseMerges(mergesText) };
}

/** The two files of a vocabulary. */
export function printVocabulary({ ids, merges }: Vocabulary): { vocabJson: string; mergesText: string } {
	const lines = merges.map(([left, right]) => `${left} ${right}\n`);
	return { vocabJson: JSON.stringify(Object.fromEntries(ids)), mergesText: `#version: 0.2\n${lines.join("")}` };
}

function parseIds(vocabJson: string): Map<string, number> {
	const fault = (problem: string, cause?: unknown) =>
		new MithridateError("invalid-checkpoint", `vocab.json: ${problem}.`, { subject: "vocab.json", cause });
	let parsed: unknown;
	try {
		parsed = JSON.parse(vocabJson);
	} catch (cause) {
		throw fault("this is not JSON", cause);
	}
	if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed))
		throw fault("an object of token ids is expected");
	const ids = new Map<string, number>();
	const seen = new Set<number>();
	for (const [token, id] of Object.entries(parsed)) {
		if (!Number.isInteger(id) || id < 0)
			throw fault(`the id of ${JSON.stringify(token)} is ${JSON.stringify(id)}, not a count`);
		if (seen.has(id)) throw fault(`the id ${id} is given twice`);
		seen.add(id);
		ids.set(token, id);
	}
	return ids;
}

function parseMerges(mergesText: string): [string, string][] {
	const lines = mergesText.split("\n");
	const first = lines[0]?.startsWith("#version") ? 1 : 0;
	const merges: [string, string][] = [];
	for (let line = first; line < lines.length; line++) {
		const text = lines[line]!.replace(/\r$/, "");
		if (text === "") continue;
		const [left, right, ...rest] = text.split(" ");
		if (!left || !right || rest.length > 0)
			throw new MithridateError(
				"invalid-checkpoint",
				`merges.txt, line ${line + 1}: two symbols and one space are expected, not ${JSON.stringify(text)}.`,
				{ subject: "merges.txt" },
			);
		merges.push([left, right]);
	}
	return merges;
}

/** Joins, again and again, every occurrence of the neighbouring pair of the lowest rank. */
function mergeByRank(symbols: string[], ranks: ReadonlyMap<string, number>): string[] {
	let current = symbols;
	for (;;) {
		let best = Number.POSITIVE_INFINITY;
		let pair: readonly [string, string] | null = null;
		for (let at = 0; at + 1 < current.length; at++) {
			const rank = ranks.get(`${current[at]} ${current[at + 1]}`);
			if (rank !== undefined && rank < best) {
				best = rank;
				pair = [current[at]!, current[at + 1]!];
			}
		}
		if (pair === null) return current;
		current = joinPair(current, pair);
	}
}

/** Every occurrence of `pair`, from the left, made one symbol. */
export function joinPair(symbols: readonly string[], [left, right]: readonly [string, string]): string[] {
	const joined: string[] = [];
	for (let at = 0; at < symbols.length; at++) {
		if (symbols[at] === left && symbols[at + 1] === right) {
			joined.push(left + right);
			at++;
		} else joined.push(symbols[at]!);
	}
	return joined;
}
