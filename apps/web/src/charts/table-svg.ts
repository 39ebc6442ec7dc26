"use client";
/** A table as an SVG file of its own, for papers and slides. */
import { formatNumber } from "../ui/format.ts";
import type { ChartTable } from "./chart-table.ts";

const rowHeight = 24;
/** Pixels of a letter at 12 px, wide enough for digits and most words. */
const letter = 7;
const gap = 20;
const margin = 16;

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const textOf = (cell: string | number | null) => (typeof cell === "number" ? formatNumber(cell) : (cell ?? "–"));

/** The first column stands left, the others right; colours are those of the theme that is on. */
export function tableToSvg(title: string, { columns, rows }: ChartTable): string {
	const colours = getComputedStyle(document.documentElement);
	const colour = (name: string) => colours.getPropertyValue(name);
	const lines = [columns, ...rows.map((row) => row.map(textOf))];
	const widths = columns.map((_, at) => letter * Math.max(...lines.map((line) => line[at]?.length ?? 0)) + gap);
	const ends = widths.map((_, at) => margin + widths.slice(0, at + 1).reduce((sum, width) => sum + width, 0));
	const width = Math.max(ends.at(-1) ?? 0, title.length * 8) + margin;
	const height = 48 + rowHeight * lines.length;
	const cells = lines.flatMap((line, row) =>
		line.map((text, at) => {
			const place = at === 0 ? `x="${margin}"` : `x="${ends[at]! - gap / 2}" text-anchor="end"`;
			const fill = colour(row === 0 ? "--muted" : "--ink");
			return `<text ${place} y="${56 + rowHeight * row}" fill="${fill}">${escapeXml(text)}</text>`;
		}),
	);
	const rules = lines.map(
		(_, row) =>
			`<path d="M${margin} ${64 + rowHeight * row}H${width - margin}" stroke="${colour("--line")}" fill="none"/>`,
	);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + 16}" font-family="sans-serif" font-size="12">`,
		`<rect width="100%" height="100%" fill="${colour("--surface")}"/>`,
		`<text x="${margin}" y="26" font-size="14" font-weight="600" fill="${colour("--ink")}">${escapeXml(title)}</text>`,
		...rules,
		...cells,
		"</svg>",
	].join("");
}
