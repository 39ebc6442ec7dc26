/**
 * OpenAI's way from a text to words (clip/simple_tokenizer.py): repairs of the ftfy library, HTML entities undone twice,
 * white space collapsed, lower case.
 */
import { unescapeHtml } from "./html.ts";
import { repairText } from "./repair/index.ts";

/** Special tokens, contractions (a long s is an s), letter runs, single digits, runs of anything else. */
const PIECES =
	/<\|startoftext\|>|<\|endoftext\|>|'[sſ]|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;

/** The words that BPE works on, special tokens among them. */
export function openaiWords(text: string): string[] {
	const clean = unescapeHtml(unescapeHtml(repairText(text)));
	return clean.replace(/\s+/gu, " ").trim().toLowerCase().match(PIECES) ?? [];
}
