/**
 * OpenAI's way from a text to words (clip/simple_tokenizer.py): repairs of the ftfy library, HTML entities undone twice,
 * white space collapsed, lower case. Of ftfy's repairs one is left out: text that was decoded with the wrong encoding
 * ("itâ€™s") stays as it is.
 */
import { decodeHTML } from "entities/decode";

/** Special tokens, contractions (a long s is an s), letter runs, single digits, runs of anything else. */
const PIECES =
	/<\|startoftext\|>|<\|endoftext\|>|'[sſ]|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;

/** The words that BPE works on, special tokens among them. */
export function openaiWords(text: string): string[] {
	const clean = unescapeHtml(unescapeHtml(repair(text)));
	return clean.replace(/\s+/gu, " ").trim().toLowerCase().match(PIECES) ?? [];
}

/** What ftfy's fix_text does, in its order. */
function repair(text: string): string {
	// ftfy takes a text with an angle bracket for HTML and leaves its entities to the HTML's reader.
	const plain = text.includes("<") ? text : unescapeHtml(text);
	return plain
		.replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252.decode(Uint8Array.of(control.charCodeAt(0))))
		.replace(/[ĲĳŉǱ-ǳǄ-ǌﬀ-ﬆ]/g, (ligature) => ligature.normalize("NFKC"))
		.replace(/[\u3000\uff01-\uffef]/g, (wide) => wide.normalize("NFKC"))
		.replace(/[\u02bc\u2018-\u201b]/g, "'")
		.replace(/[\u201c-\u201f]/g, '"')
		.replace(/\r\n|[\r\u2028\u2029]/g, "\n")
		.replace(TERMINAL_ESCAPES, "")
		.replace(CONTROLS, "")
		.normalize("NFC");
}

const WINDOWS_1252 = new TextDecoder("windows-1252");
const ESCAPE = String.fromCharCode(0x1b);
const TERMINAL_ESCAPES = new RegExp(`${ESCAPE}\\[[\\d;]*[a-zA-Z]`, "g");
const CONTROLS = /[[\p{Cc}--[\t\n\f\r]]\u206a-\u206f\ufeff\ufff9-\ufffc]/gv;

/** Python's html.unescape: HTML 5's entities, the old ones without a semicolon too. */
function unescapeHtml(text: string): string {
	return text.replace(/&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g, (entity, body: string) => {
		if (!body.startsWith("#")) return decodeHTML(entity);
		const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number.parseInt(body.slice(1), 10);
		return isNoCharacter(code) ? "" : decodeHTML(`&#${code};`);
	});
}

/** Code points that Python drops: controls without a meaning in HTML, and what Unicode calls noncharacters. */
function isNoCharacter(code: number): boolean {
	const control = (code >= 0x01 && code <= 0x08) || code === 0x0b || (code >= 0x0e && code <= 0x1f) || code === 0x7f;
	return control || (code >= 0xfdd0 && code <= 0xfdef) || (code <= 0x10ffff && (code & 0xfffe) === 0xfffe);
}
