"use client";
/** The curves of a canvas as an SVG file of their own. */
import { formatNumber } from "../ui/format.ts";
import { modelStyle } from "../ui/models.ts";
import { type Curve, drawnOf, stepsInView } from "./plot.ts";
import { extent, type Interval, linear, logarithmic, logarithmicTicks, type Scale, ticks } from "./scale.ts";
import type { SharedView } from "./view.ts";

const width = 720;
const height = 320;
const left = 60;
const bottom = 36;

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const tall: Interval = [height - bottom, 32];

/** The axis of values: logarithmic where the page's is, over what such an axis has a place for. */
function valueAxis(values: readonly number[], isLogarithmic: boolean): { y: Scale; marks: readonly number[] } {
	const positive = values.filter((value) => value > 0 && value < Infinity);
	if (isLogarithmic && positive.length > 0) {
		const [low, high] = extent(positive.map(Math.log), 0.05);
		const domain: Interval = [Math.exp(low), Math.exp(high)];
		const y = logarithmic(domain, tall);
		const marks = logarithmicTicks(domain);
		// Within less than a factor of two there may be no round number of that kind.
		return { y: (value) => (value > 0 ? y(value) : Number.NaN), marks: marks.length > 1 ? marks : ticks(domain, 5) };
	}
	const domain = extent(values, 0.05);
	return { y: linear(domain, tall), marks: ticks(domain, 5) };
}

/** What is in view, in the colours of the theme that is on. */
export function curvesToSvg(title: string, curves: readonly Curve[], shared: SharedView): string {
	const colours = getComputedStyle(document.documentElement);
	const drawn = drawnOf(curves, shared, width);
	const xs = stepsInView(curves, shared);
	const { y, marks } = valueAxis(
		drawn.flatMap(({ min, max }) => [...min, ...max]),
		shared.get().isLogarithmic,
	);
	const x = linear(xs, [left, width - 12]);
	const text = (content: string, attributes: string) =>
		`<text ${attributes} fill="${colours.getPropertyValue("--muted")}">${escapeXml(content)}</text>`;
	const path = (steps: readonly number[], values: readonly number[]) => {
		let pen = "M";
		return steps
			.map((step, index) => {
				const place = y(values[index]!);
				const word = Number.isFinite(place) ? `${pen}${x(step).toFixed(1)} ${place.toFixed(1)}` : "";
				pen = Number.isFinite(place) ? "L" : "M";
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
		...marks.map((tick) => text(formatNumber(tick), `x="${left - 8}" y="${y(tick) + 4}" text-anchor="end"`)),
		...lines,
		"</svg>",
	].join("");
}
