/**
 * Repairs of text that went through careless programs. After fix_text of ftfy 6.3.1 by Robyn Speer (Apache License 2.0,
 * LICENSE-ftfy.txt), rewritten for JavaScript; explanations and options are left out.
 */
import { decodeHTMLStrict } from "entities/decode";
import { unescapeHtml } from "../html.ts";
import { repairControls, repairEncoding } from "./encoding.ts";

/** The text with entities undone, encodings put right, ligatures, widths, quotes and line breaks made plain. */
export function repairText(text: string): string {
	// From the first line with an angle bracket on, the text is HTML, and its entities are left to HTML's reader.
	let isHtml = false;
	return text
		.split(/(?<=\n)/)
		.map((line) => {
			isHtml ||= line.includes("<");
			return repairLine(line, isHtml);
		})
		.join("");
}

function repairLine(line: string, isHtml: boolean): string {
	for (let before = line; ; ) {
		const after = repairOnce(before, isHtml);
		if (after === before) return after;
		before = after;
	}
}

function repairOnce(text: string, isHtml: boolean): string {
	return repairControls(repairEncoding(isHtml ? text : unescapeWhole(text)))
		.replace(/[ĲĳŉǱ-ǳǄ-ǌﬀ-ﬆ]/g, (ligature) => (ligature === "ﬅ" ? "ſt" : ligature.normalize("NFKC")))
		.replace(/[\u3000\uff01-\uffef]/g, (wide) => wide.normalize("NFKC"))
		.replace(/[\u02bc\u2018-\u201b]/g, "'")
		.replace(/[\u201c-\u201f]/g, '"')
		.replace(/\r\n|[\r\u2028\u2029\u0085]/g, "\n")
		.toWellFormed()
		.replace(TERMINAL_ESCAPES, "")
		.replace(CONTROLS, "")
		.normalize("NFC");
}

const ESCAPE = String.fromCharCode(0x1b);
const TERMINAL_ESCAPES = new RegExp(`${ESCAPE}\\[[\\p{Nd};]*[a-zA-Z]`, "gu");
const CONTROLS = /[[\p{Cc}--[\t\n\f\r\x80-\x9f]]\u206a-\u206f\ufeff\ufff9-\ufffc]/gv;

/** Entities that end as they should, also in capitals: "&EACUTE;". */
function unescapeWhole(text: string): string {
	return text.replace(/&#?[0-9A-Za-z]{1,24};/g, (entity) => {
		if (entity.startsWith("&#")) {
			const character = unescapeHtml(entity);
			return character.includes(";") ? entity : character;
		}
		const character = decodeHTMLStrict(entity);
		if (character !== entity || entity !== entity.toUpperCase() || unescapeHtml(entity) !== entity) return character;
		const small = decodeHTMLStrict(entity.toLowerCase());
		return small === entity.toLowerCase() ? entity : small.toUpperCase();
	});
}
