/**
 * Whether a text looks like UTF-8 that was read in another encoding: pairs of characters that people do not write side by
 * side. After the heuristic of ftfy 6.3.1 by Robyn Speer (Apache License 2.0, LICENSE-ftfy.txt), rewritten for JavaScript.
 */

/** Characters that misread UTF-8 is made of, as the insides of a regular expression's brackets. */
const COMMON = "\u00a0\u00ad·´–—―…’";
const CONTROL = "\u0080-\u009f";
const BAD = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº";
const LAW = "¶§";
const CURRENCY = "¢£¥₧€";
const OPENING = "¡«¿©΄΅‘‚“„•‹\uf8ff";
const CLOSING = "®»˝”›™";
const NUMERIC = "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№";
/** Letters and signs that faces are drawn with, and which therefore stand in odd company. */
const FACES = "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°";
const UPPER_ACCENTED = "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ";
const LOWER_ACCENTED = "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ";
const UPPER_COMMON = "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я";
const LOWER_COMMON = "α-ωάέήίΰа-џ";
const BOX = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓";

const ACCENTED = `${LOWER_ACCENTED}${UPPER_ACCENTED}`;
const SYMBOLS = `${ACCENTED}${BOX}${OPENING}${CLOSING}${CURRENCY}${NUMERIC}${LAW}`;
const SPACE = String.raw`[\p{White_Space}\x1c-\x1f]`;
const WORD = String.raw`[\p{L}\p{N}_]`;

const ODD_COMPANY = [
	`[${CONTROL}]`,
	`[${BAD}${SYMBOLS}][${BAD}]`,
	`[a-zA-Z][${LOWER_COMMON}${UPPER_COMMON}][${BAD}]`,
	`[${BAD}][${SYMBOLS}]`,
	`[${LOWER_ACCENTED}${LOWER_COMMON}${BOX}${CLOSING}${CURRENCY}${NUMERIC}][${UPPER_ACCENTED}]`,
	`[${BOX}${CLOSING}${CURRENCY}${NUMERIC}][${LOWER_ACCENTED}]`,
	`[${LOWER_ACCENTED}${BOX}${CLOSING}][${CURRENCY}]`,
	`${SPACE}[${UPPER_ACCENTED}][${CURRENCY}]`,
	`[${UPPER_ACCENTED}${BOX}][${NUMERIC}${LAW}]`,
	`[${ACCENTED}${BOX}${CURRENCY}${CLOSING}][${OPENING}][${NUMERIC}]`,
	`[${ACCENTED}${CURRENCY}${NUMERIC}${BOX}${LAW}][${CLOSING}][${OPENING}]`,
	`[${CURRENCY}${NUMERIC}${BOX}][${OPENING}]`,
	`[a-z][${UPPER_ACCENTED}][${OPENING}${CURRENCY}]`,
	`[${BOX}][${FACES}]`,
	`[${ACCENTED}${CURRENCY}${NUMERIC}${OPENING}${CLOSING}${LAW}][${BOX}]`,
	`[${BOX}][${CLOSING}]`,
	`[${ACCENTED}][${OPENING}${CLOSING}]${WORD}`,
];

/** Sequences of one encoding that the rules above do not see. */
const KNOWN_SEQUENCES = [
	// œ before anything but a letter, a degree sign behind a capital.
	"[Œœ][^A-Za-z]",
	`[${UPPER_ACCENTED}]°`,
	// Windows-1252.
	`[ÂÃÎÐ][€œŠš¢£Ÿž\\xa0\\xad®©°·»${OPENING}${CLOSING}–—´]`,
	"×[²³]",
	// Arabic: its second characters are common ones, so two pairs are needed.
	`(?:[ØÙ][${COMMON}${CURRENCY}${BAD}${NUMERIC}${OPENING}ŸŠ®°µ»]){2}`,
	// Scripts of South Asia.
	"à[²µ¹¼½¾]",
	// MacRoman.
	"√[±∂†≠®™´≤≥¥µø]",
	"≈[°¢]",
	"‚Ä[ìîïòôúùû†°¢π]",
	"‚[âó][àä°ê]",
	// Windows-1251, once and twice over.
	"вЂ",
	`[ВГРС][${CONTROL}${BAD}${OPENING}${CLOSING}${CURRENCY}°µ][ВГРС]`,
	"ГўВЂВ.[A-Za-z ]",
	// à, á and the space that does not break, in Windows-1252.
	"Ã[\\xa0¡]",
	`[a-z]${SPACE}?[ÃÂ][ ]`,
	"^[ÃÂ][ ]",
	`[a-z.,?!${CLOSING}]Â[ ${OPENING}${CLOSING}]`,
	// Windows-1253.
	"β€[™\\xa0Ά\\xad®°]",
	`[ΒΓΞΟ][${CONTROL}${BAD}${OPENING}${CLOSING}${CURRENCY}°][ΒΓΞΟ]`,
	// Windows-1257.
	"ā€",
];

const MISREAD = new RegExp([...ODD_COMPANY, ...KNOWN_SEQUENCES].join("|"), "u");

/** True when something in the text seems to have been read in a wrong encoding. */
export function looksMisread(text: string): boolean {
	return MISREAD.test(text);
}
