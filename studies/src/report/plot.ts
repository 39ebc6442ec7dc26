/** Plots as SVG text: the same figure gives the same bytes. Colours hold on light and dark ground. */
import type { Bars, Figure, HeatMap, Histogram, Lines, Quantity, Scatter, Table } from "../figures/figure.ts";
import type { Interval } from "../interval.ts";
import { numberText } from "./numbers.ts";
import { type Scale, scaleOf, ticksOf } from "./scale.ts";

const [width, height] = [640, 360];
const edge = { left: 64, right: 176, top: 36, bottom: 52 };
const inner = { left: edge.left, right: width - edge.right, top: edge.top, bottom: height - edge.bottom };
const colours = ["#3b7dd8", "#d1602f", "#2a9d6f", "#a855b8", "#8a8f98", "#b58a1b"];

const escaped = (text: string) =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const round = (value: number) => Number(value.toFixed(2));
const text = (x: number, y: number, words: string, more = "") =>
	`<text x="${round(x)}" y="${round(y)}"${more}>${escaped(words)}</text>`;
const colourOf = (at: number) => colours[at % colours.length] as string;

/** The figure as an SVG document. */
export function plot(figure: Exclude<Figure, Table>, title: string): string {
	const body = draw(figure);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-family="sans-serif" font-size="12" fill="#7d8590">
${text(inner.left, 20, title, ' font-size="14" font-weight="bold"')}
${body.join("\n")}
</svg>
`;
}

function draw(figure: Exclude<Figure, Table>): string[] {
	switch (figure.kind) {
		case "lines":
			return drawLines(figure);
		case "bars":
			return drawBars(figure);
		case "heat-map":
			return drawHeatMap(figure);
		case "scatter":
			return drawScatter(figure);
		case "histogram":
			return drawHistogram(figure);
	}
}

const highOf = ({ high, mean }: Interval) => high ?? mean;
const lowOf = ({ low, mean }: Interval) => low ?? mean;

/** The range of a quantity's axis: shares from 0 to 1, others from 0, or below, to a little above the largest. */
function verticalScale({ unit }: Quantity, values: readonly Interval[]): Scale {
	const most = values.reduce((largest, value) => Math.max(largest, highOf(value)), 0);
	const least = values.reduce((smallest, value) => Math.min(smallest, value.mean), 0);
	const domain: [number, number] = unit === "share" ? [0, 1] : [least, most > least ? most * 1.05 : least + 1];
	return scaleOf(domain, [inner.bottom, inner.top]);
}

function horizontalScale(values: readonly number[]): Scale {
	const least = Math.min(...values, 0);
	const most = Math.max(...values, least);
	return scaleOf([least, most > least ? most : least + 1], [inner.left, inner.right]);
}

function verticalAxis(scale: Scale, { title }: Quantity): string[] {
	return [
		...ticksOf(scale.domain).flatMap((tick) => [
			`<line x1="${inner.left}" x2="${inner.right}" y1="${round(scale(tick))}" y2="${round(scale(tick))}" stroke="#7d8590" stroke-opacity="0.25"/>`,
			text(inner.left - 6, scale(tick) + 4, String(tick), ' text-anchor="end"'),
		]),
		text(
			14,
			(inner.top + inner.bottom) / 2,
			title,
			` text-anchor="middle" transform="rotate(-90 14 ${(inner.top + inner.bottom) / 2})"`,
		),
	];
}

function horizontalAxis(scale: Scale, { title }: Quantity): string[] {
	return [
		...ticksOf(scale.domain).map((tick) => text(scale(tick), inner.bottom + 18, String(tick), ' text-anchor="middle"')),
		text((inner.left + inner.right) / 2, height - 14, title, ' text-anchor="middle"'),
	];
}

function legend(titles: readonly string[]): string[] {
	return titles.flatMap((title, at) => [
		`<rect x="${inner.right + 14}" y="${inner.top + at * 18}" width="10" height="10" fill="${colourOf(at)}"/>`,
		text(inner.right + 30, inner.top + 9 + at * 18, title),
	]);
}

/** A 95 % interval as a vertical line; none for one repetition. */
function whisker(x: number, scale: Scale, value: Interval, colour: string): string[] {
	if (value.low === null) return [];
	const [low, high] = scale.domain;
	const within = (one: number) => round(scale(Math.min(high, Math.max(low, one))));
	return [
		`<line x1="${round(x)}" x2="${round(x)}" y1="${within(lowOf(value))}" y2="${within(highOf(value))}" stroke="${colour}" stroke-width="1.5"/>`,
	];
}

function drawLines({ x, y, series }: Lines): string[] {
	const points = series.flatMap((one) => one.points);
	const across = horizontalScale(points.map((point) => point.x));
	const up = verticalScale(
		y,
		points.map((point) => point.y),
	);
	return [
		...verticalAxis(up, y),
		...horizontalAxis(across, x),
		...series.flatMap((one, at) => [
			`<polyline fill="none" stroke="${colourOf(at)}" stroke-width="2" points="${one.points.map((point) => `${round(across(point.x))},${round(up(point.y.mean))}`).join(" ")}"/>`,
			...one.points.flatMap((point) => [
				...whisker(across(point.x), up, point.y, colourOf(at)),
				`<circle cx="${round(across(point.x))}" cy="${round(up(point.y.mean))}" r="3" fill="${colourOf(at)}"/>`,
			]),
		]),
		...legend(series.map(({ title }) => title)),
	];
}

function drawBars({ y, groups, series }: Bars): string[] {
	const measured = series.flatMap(({ values }) => values.flatMap((value) => value.measured ?? []));
	const up = verticalScale(y, measured);
	const step = (inner.right - inner.left) / Math.max(1, groups.length);
	const bar = (step * 0.8) / Math.max(1, series.length);
	return [
		...verticalAxis(up, y),
		...groups.flatMap((group, at) =>
			// A line for each part of a long name.
			group
				.split(", ")
				.map((part, below) =>
					text(
						inner.left + step * (at + 0.5),
						inner.bottom + 16 + 12 * below,
						part,
						' text-anchor="middle" font-size="10"',
					),
				),
		),
		...series.flatMap(({ values }, at) =>
			values.flatMap(({ measured: value }, group) => {
				if (value === null) return [];
				const x = inner.left + step * (group + 0.1) + bar * at;
				const top = Math.min(up(value.mean), up(0));
				return [
					`<rect x="${round(x)}" y="${round(top)}" width="${round(bar * 0.9)}" height="${round(Math.abs(up(value.mean) - up(0)))}" fill="${colourOf(at)}"/>`,
					...whisker(x + bar * 0.45, up, value, "#7d8590"),
				];
			}),
		),
		...legend(series.map(({ title }) => title)),
	];
}

function drawHeatMap({ x, y, value, cells }: HeatMap): string[] {
	const across = (inner.right - inner.left - 40) / Math.max(1, x.values.length);
	const down = (inner.bottom - inner.top - 30) / Math.max(1, y.values.length);
	const [left, top] = [inner.left + 40, inner.top];
	const means = cells.map((cell) => cell.value.mean);
	const [least, most] = [Math.min(...means, 0), value.unit === "share" ? 1 : Math.max(...means, 1)];
	const size = Math.min(10, down);
	return [
		...x.values.map((name, at) => {
			const [tx, ty] = [left + across * (at + 0.5) + 3, top + down * y.values.length + 8];
			return text(tx, ty, name, ` font-size="9" text-anchor="end" transform="rotate(-60 ${round(tx)} ${round(ty)})"`);
		}),
		...y.values.map((name, at) =>
			text(left - 4, top + down * (at + 0.5) + 3, name, ` font-size="${round(size)}" text-anchor="end"`),
		),
		...cells.map((cell) => {
			const share = most === least ? 0 : (cell.value.mean - least) / (most - least);
			return `<rect x="${round(left + across * cell.x)}" y="${round(top + down * cell.y)}" width="${round(across * 0.94)}" height="${round(down * 0.94)}" fill="${colours[0]}" fill-opacity="${round(0.08 + 0.92 * share)}"><title>${escaped(`${y.values[cell.y]} to ${x.values[cell.x]}: ${numberText(cell.value.mean, value.unit)}`)}</title></rect>`;
		}),
		text(inner.right + 14, inner.top + 9, `${value.title}:`),
		text(inner.right + 14, inner.top + 27, `pale ${numberText(least, value.unit)}`),
		text(inner.right + 14, inner.top + 45, `full ${numberText(most, value.unit)}`),
		text(
			14,
			(inner.top + inner.bottom) / 2,
			y.title,
			` text-anchor="middle" transform="rotate(-90 14 ${(inner.top + inner.bottom) / 2})"`,
		),
		text((left + inner.right) / 2, height - 4, x.title, ' text-anchor="middle"'),
	];
}

function drawScatter({ x, y, points }: Scatter): string[] {
	const groups = [...new Set(points.map(({ group }) => group))];
	const across = horizontalScale(points.map((point) => point.x.mean));
	const up = verticalScale(
		y,
		points.map((point) => point.y),
	);
	return [
		...verticalAxis(up, y),
		...horizontalAxis(across, x),
		...points.map(
			(point) =>
				`<circle cx="${round(across(point.x.mean))}" cy="${round(up(point.y.mean))}" r="4" fill="${colourOf(groups.indexOf(point.group))}"><title>${escaped(point.title)}</title></circle>`,
		),
		...legend(groups),
	];
}

function drawHistogram({ x, minimum, maximum, series, marks }: Histogram): string[] {
	const bins = series[0]?.shares.length ?? 0;
	const across = scaleOf([minimum, maximum > minimum ? maximum : minimum + 1], [inner.left, inner.right]);
	const most = Math.max(...series.flatMap(({ shares }) => shares), 1e-9);
	const up = scaleOf([0, most * 1.05], [inner.bottom, inner.top]);
	const bin = (inner.right - inner.left) / Math.max(1, bins);
	return [
		...verticalAxis(up, { title: "share of the pairs", unit: "share", attackerWants: null }),
		...horizontalAxis(across, x),
		...series.flatMap(({ shares }, at) =>
			shares.flatMap((share, place) =>
				share === 0
					? []
					: [
							`<rect x="${round(inner.left + bin * place)}" y="${round(up(share))}" width="${round(bin)}" height="${round(inner.bottom - up(share))}" fill="${colourOf(at)}" fill-opacity="0.6"/>`,
						],
			),
		),
		...marks.flatMap(({ title, x: place }) => [
			`<line x1="${round(across(place))}" x2="${round(across(place))}" y1="${inner.top}" y2="${inner.bottom}" stroke="#7d8590" stroke-dasharray="4 3"/>`,
			text(across(place) + 4, inner.top + 10, title),
		]),
		...legend(series.map(({ title }) => title)),
	];
}
