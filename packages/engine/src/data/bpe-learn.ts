/** Learns a small byte-pair vocabulary from captions, in CLIP's file format (Sennrich et al. 2016). */
import { MithridateError } from "../errors.ts";
import {
	END_TEXT,
	joinPair,
	ORDERED_BYTE_SYMBOLS,
	START_TEXT,
	splitWords,
	type Vocabulary,
	WORD_END,
	wordSymbols,
} from "./tokenizer.ts";

/** 256 bytes, the same as word ends, start and end token. */
const FIXED_IDS = 2 * 256 + 2;

/**
 * A vocabulary of at most `size` ids: bytes, bytes at a word's end, merges, start, end, as CLIP orders them. Each merge
 * joins the most frequent pair (of equals, the first in code-unit order); learning ends early when every word is one token.
 */
export function learnVocabulary(captions: readonly string[], size: number): Vocabulary {
	if (!Number.isInteger(size) || size < FIXED_IDS)
		throw new MithridateError("invalid-config", `A vocabulary needs at least ${FIXED_IDS} ids, not ${size}.`, {
			subject: "size",
		});
	let words = countWords(captions);
	const merges: [string, string][] = [];
	while (merges.length < size - FIXED_IDS) {
		const pair = mostFrequentPair(words);
		if (pair === null) break;
		merges.push(pair);
		words = words.map(({ symbols, count }) => ({
			symbols: symbols.includes(pair[0]) ? joinPair(symbols, pair) : symbols,
			count,
		}));
	}
	const tokens = [
		...ORDERED_BYTE_SYMBOLS,
		...ORDERED_BYTE_SYMBOLS.map((symbol) => symbol + WORD_END),
		...merges.map(([left, right]) => left + right),
		START_TEXT,
		END_TEXT,
	];
	return { ids: new Map([...new Set(tokens)].map((token, id) => [token, id])), merges };
}

interface CountedWord {
	readonly symbols: readonly string[];
	readonly count: number;
}

function countWords(captions: readonly string[]): CountedWord[] {
	const counts = new Map<string, number>();
	for (const caption of captions) for (const word of splitWords(caption)) counts.set(word, (counts.get(word) ?? 0) + 1);
	return [...counts].map(([word, count]) => ({ symbols: wordSymbols(word), count }));
}

function mostFrequentPair(words: readonly CountedWord[]): [string, string] | null {
	const counts = new Map<string, number>();
	for (const { symbols, count } of words)
		for (let at = 0; at + 1 < symbols.length; at++) {
			const pair = `${symbols[at]} ${symbols[at + 1]}`;
			counts.set(pair, (counts.get(pair) ?? 0) + count);
		}
	let best: string | null = null;
	let most = 0;
	for (const [pair, count] of counts)
		if (count > most || (count === most && best !== null && pair < best)) {
			best = pair;
			most = count;
		}
	return best === null ? null : (best.split(" ") as [string, string]);
}
