/** What every row must hold, whichever importer it comes from. */
import type { BadRow, ImportedRow } from "./importer.ts";

/** Characters of an id, a label and a caption. */
const mostId = 512;
const mostLabel = 200;
const mostCaption = 10_000;
/** Captions of one image; Visual Genome has up to some hundred regions. */
const mostCaptions = 2_000;

/** The row with its captions trimmed, or the bad row in its place. `ids` holds the ids so far and takes this one. */
export function checkRow(item: ImportedRow | BadRow, ids: Set<string>): ImportedRow | BadRow {
	if (item.type === "bad-row") return item;
	const captions = item.captions.map((caption) => caption.trim());
	const { file, row, id, label } = item;
	const bad = (column: string, reason: string, detail: string): BadRow => ({
		type: "bad-row",
		file,
		row,
		column,
		reason,
		detail,
	});
	if (id === "" || id.length > mostId) return bad("id", "id", `an id has 1 to ${mostId} characters, not ${id.length}`);
	if (ids.has(id)) return bad("id", "duplicate-id", `"${id.slice(0, 100)}" stands for an earlier row already`);
	if (label !== null && (label === "" || label.length > mostLabel))
		return bad("label", "label", `a label has 1 to ${mostLabel} characters, not ${label.length}`);
	if (captions.length === 0 || captions.includes("")) return bad("caption", "caption-missing", "there is no caption");
	if (captions.length > mostCaptions)
		return bad("caption", "captions-too-many", `${captions.length} captions; the limit is ${mostCaptions}`);
	const long = captions.find((caption) => caption.length > mostCaption);
	if (long !== undefined)
		return bad("caption", "caption-too-long", `${long.length} characters; the limit is ${mostCaption}`);
	for (const [column, text] of [
		["id", id],
		["label", label ?? ""],
		...captions.map((caption) => ["caption", caption]),
	] as [string, string][]) {
		const fault = textFault(text);
		if (fault !== null) return bad(column, "text", fault);
	}
	ids.add(id);
	return { ...item, captions };
}

/** Why a text is none: a control character other than tab and line end, or half of a surrogate pair. */
function textFault(text: string): string | null {
	if (!text.isWellFormed()) return "half of a surrogate pair";
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127)
			return `control character ${code} at place ${at}`;
	}
	return null;
}
