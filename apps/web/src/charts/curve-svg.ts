"use client";
/** The curves of a canvas as an SVG file of their own. */
import { formatNumber } from "../ui/format.ts";
import { modelStyle } from "../ui/models.ts";
import { type Curve, drawnOf, stepsOf } from "./plot.ts";
import { extent, linear, ticks } from "./scale.ts";
import type { SharedView } from "./view.ts";

const width = 720;
const height = 320;
const left = 60;
const bottom = 36;

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** What is in view, in the colours of the theme that is on. */
export function curvesToSvg(title: string, curves: readonly Curve[], shared: SharedView): string {
	const colours = getComputedStyle(document.documentElement);
	const drawn = drawnOf(curves, shared, width);
	const xs = shared.get().range ?? stepsOf(curves);
	const ys = extent(
		drawn.flatMap(({ min, max }) => [...min, ...max]),
		0.05,
	);
	const x = linear(xs, [left, width - 12]);
	const y = linear(ys, [height - bottom, 32]);
	const text = (content: string, attributes: string) =>
		`<text ${attributes} fill="${colours.getPropertyValue("--muted")}">${escapeXml(content)}</text>`;
	const path = (steps: readonly number[], values: readonly number[]) => {
		let pen = "M";
		return steps
			.map((step, index) => {
				const value = values[index]!;
				const word = Number.isFinite(value) ? `${pen}${x(step).toFixed(1)} ${y(value).toFixed(1)}` : "";
				pen = Number.isFinite(value) ? "L" : "M";
				return word;
			})
			.join("");
	};
	const lines = curves.map(({ model }, index) => {
		const { hue, dash, width: stroke } = modelStyle(model);
		const { steps, line } = drawn[index]!;
		const style = `fill="none" stroke="${colours.getPropertyValue(hue)}" stroke-width="${stroke}" stroke-dasharray="${dash.join(" ")}"`;
		return `<path d="${path(steps, line)}" ${style}><title>${escapeXml(model)}</title></path>`;
	});
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
		`<rect width="100%" height="100%" fill="${colours.getPropertyValue("--surface")}"/>`,
		text(title, `x="${left}" y="18" font-weight="600"`),
		...ticks(xs, 6).map((tick) =>
			text(tick.toLocaleString("en"), `x="${x(tick)}" y="${height - 14}" text-anchor="middle"`),
		),
		...ticks(ys, 5).map((tick) => text(formatNumber(tick), `x="${left - 8}" y="${y(tick) + 4}" text-anchor="end"`)),
		...lines,
		"</svg>",
	].join("");
}
