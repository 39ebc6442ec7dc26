/** Encodings of one byte a character that UTF-8 is mistaken for, in the order in which they are tried. */

export interface Encoding {
	readonly name: string;
	/** 256 characters by their byte; bytes without a meaning stand for the control characters of Latin-1. */
	readonly characters: readonly string[];
	/** The bytes of a text as characters up to U+00FF, null if it has one that the encoding lacks. */
	encode(text: string): string | null;
	/** U+FFFD may stand for any byte that was lost, and is byte 0x1a. */
	readonly isLossy: boolean;
}

/** The upper half of IBM's code page 437, which has no decoder in JavaScript. */
const CP437 =
	"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

const BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
const LATIN_1 = oneByte("latin-1", BYTES);
const WINDOWS = ["1252", "1251", "1250", "1253", "1254", "1257"].map((page) => named(`windows-${page}`, true));

export const ENCODINGS: readonly Encoding[] = [
	LATIN_1,
	...WINDOWS,
	named("iso-8859-2", false),
	named("macintosh", false),
	oneByte("cp437", [...BYTES.slice(0, 128), ...CP437]),
];

export const WINDOWS_1252 = WINDOWS[0] as Encoding;

function named(name: string, isLossy: boolean): Encoding {
	const decoded = new TextDecoder(name).decode(Uint8Array.from(BYTES.keys()));
	const characters = Array.from(decoded, (character, byte) => (character === "\ufffd" ? BYTES[byte]! : character));
	if (isLossy) characters[0x1a] = "\ufffd";
	return oneByte(name, characters, isLossy);
}

function oneByte(name: string, characters: readonly string[], isLossy = false): Encoding {
	const byteOf = new Map(characters.map((character, byte) => [character, BYTES[byte] as string]));
	return {
		name,
		characters,
		isLossy,
		encode(text) {
			let bytes = "";
			for (const character of text) {
				const byte = byteOf.get(character);
				if (byte === undefined) return null;
				bytes += byte;
			}
			return bytes;
		},
	};
}
