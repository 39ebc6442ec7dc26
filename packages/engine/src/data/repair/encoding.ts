/**
 * Text that was UTF-8 and was read in another encoding ("itâ€™s"), read again. After fix_encoding of ftfy 6.3.1 by Robyn
 * Speer (Apache License 2.0, LICENSE-ftfy.txt), rewritten for JavaScript: bytes are strings of characters up to U+00FF.
 */
import { ENCODINGS, WINDOWS_1252 } from "./encodings.ts";
import { looksMisread } from "./misread.ts";

/** Repairs until nothing changes any more: texts are misread twice over, too. */
export function repairEncoding(text: string): string {
	for (let before = text; ; ) {
		const after = repairOnce(before);
		if (after === before) return after;
		before = after;
	}
}

const ASCII = /^[^\x80-\u{10ffff}]*$/u;
const C1_CONTROLS = /[\x80-\x9f]/g;

function repairOnce(text: string): string {
	if (ASCII.test(text) || !looksMisread(text)) return text;
	for (const { name, isLossy, encode } of ENCODINGS) {
		const encoded = encode(text);
		if (encoded === null) continue;
		const spaced = name === "macintosh" ? encoded : restoreByteA0(encoded);
		const fixed = decodeUtf8(isLossy ? spaced.replace(LOST_BYTES, UTF8_REPLACEMENT) : spaced);
		if (fixed !== null) return fixed;
	}
	const inPlaces = text.replace(DETECTOR, (part) =>
		part.length < text.length && looksMisread(part) ? repairEncoding(part) : part,
	);
	return inPlaces === text ? repairControls(text) : inPlaces;
}

/** C1 controls are what Windows-1252 has at their place. */
export function repairControls(text: string): string {
	return text.replace(C1_CONTROLS, (control) => WINDOWS_1252.characters[control.charCodeAt(0)] as string);
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Six bytes for a character beyond U+FFFF, as from two surrogates that were encoded apart. */
const SURROGATES = /\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])/g;

function decodeUtf8(bytes: string): string | null {
	const plain = bytes.replaceAll("\xc0\x80", "\0").replace(SURROGATES, (pair) => {
		const bits = (at: number, mask: number) => pair.charCodeAt(at) & mask;
		const code = 0x10000 + (bits(1, 0x0f) << 16) + (bits(2, 0x3f) << 10) + (bits(4, 0x0f) << 6) + bits(5, 0x3f);
		return Buffer.from(String.fromCodePoint(code)).toString("latin1");
	});
	try {
		return UTF8.decode(Buffer.from(plain, "latin1"));
	} catch {
		return null;
	}
}

/** UTF-8 whose byte A0 became a space: sequences that would be letters with it. */
const ALTERED = new RegExp(
	[
		"[\\xc2\\xc3\\xc5\\xce\\xd0\\xd9][ ]",
		"[\\xe2\\xe3][ ][\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf]",
		"[\\xe0-\\xe3][\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf][ ]",
		"\\xf0[ ][\\x80-\\xbf][\\x80-\\xbf]",
		"\\xf0[\\x80-\\xbf][ ][\\x80-\\xbf]",
		"\\xf0[\\x80-\\xbf][\\x80-\\xbf][ ]",
	].join("|"),
	"g",
);

/** "à" as a word: the space behind it was one, and stays. Portuguese "às", "àquele" and the like are one word. */
const A_GRAVE_WORD = /\xc3 (?! |quele|quela|quilo|s )/g;

function restoreByteA0(bytes: string): string {
	// Only where something is altered; else the word alone would be rewritten in text that is none of this.
	if (bytes.search(ALTERED) < 0) return bytes;
	return bytes.replace(A_GRAVE_WORD, "\xc3\xa0 ").replace(ALTERED, (part) => part.replaceAll(" ", "\xa0"));
}

const UTF8_REPLACEMENT = "\xef\xbf\xbd";

/** UTF-8 in which byte 1A, or a question mark, stands for a byte that was lost. */
const LOST_BYTES = new RegExp(
	[
		"[\\xc2-\\xdf]\\x1a",
		"[\\xc2-\\xc3][?]",
		"\\xed[\\xa0-\\xaf][\\x1a?]\\xed[\\xb0-\\xbf][\\x1a?\\x80-\\xbf]",
		"\\xed[\\xa0-\\xaf][\\x1a?\\x80-\\xbf]\\xed[\\xb0-\\xbf][\\x1a?]",
		"[\\xe0-\\xef][\\x1a?][\\x1a\\x80-\\xbf]",
		"[\\xe0-\\xef][\\x1a\\x80-\\xbf][\\x1a?]",
		"[\\xf0-\\xf4][\\x1a?][\\x1a\\x80-\\xbf][\\x1a\\x80-\\xbf]",
		"[\\xf0-\\xf4][\\x1a\\x80-\\xbf][\\x1a?][\\x1a\\x80-\\xbf]",
		"[\\xf0-\\xf4][\\x1a\\x80-\\xbf][\\x1a\\x80-\\xbf][\\x1a?]",
		"\\x1a",
	].join("|"),
	"g",
);

/** What bytes of a range read as, in the encodings that resemble Latin-1, as the insides of brackets. */
function readAs(...ranges: readonly (readonly [number, number])[]): string {
	const characters = ENCODINGS.slice(0, 7).flatMap((encoding) =>
		ranges.flatMap(([first, last]) => encoding.characters.slice(first, last + 1)),
	);
	return [...new Set(characters)].join("");
}

const CONTINUATION = readAs([0x80, 0xbf]);

/** Sequences of UTF-8 that stand in text which is otherwise right, not behind the rest of a longer one. */
const DETECTOR = new RegExp(
	`(?<![${CONTINUATION.replace(/[–—―‘’‚“”„•…]/g, "")}])(?:[${readAs([0xc2, 0xdf])}][${CONTINUATION} ]|` +
		`[${readAs([0xe0, 0xef])}][${CONTINUATION} ]{2}|[${readAs([0xf0, 0xf0], [0xf3, 0xf3])}][${CONTINUATION} ]{3})+`,
	"gu",
);
