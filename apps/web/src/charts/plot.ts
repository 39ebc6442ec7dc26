"use client";
/** One uPlot canvas: lines with bands and markers, a cursor and a zoom that are the page's. */
import uPlot from "uplot";
import type { Series } from "../live/series.ts";
import { formatShare, formatShareTick } from "../ui/format.ts";
import { modelStyle } from "../ui/models.ts";
import { align, type Drawn, draw, smooth } from "./curves.ts";
import { extent, type Interval, widened } from "./scale.ts";
import type { SharedView } from "./view.ts";

export interface Curve {
	/** The model or stage that the curve belongs to: decides hue, dash and marker. */
	readonly model: string;
	readonly series: Series;
}

interface PlotOptions {
	readonly shared: SharedView;
	readonly first: readonly Curve[];
	/** How values on the axis are written. */
	readonly format: (value: number) => string;
}

export interface Plot {
	readonly canvas: HTMLCanvasElement;
	/** Takes new curves; drawn at the next frame. */
	readonly setCurves: (curves: readonly Curve[]) => void;
	readonly redraw: () => void;
	readonly destroy: () => void;
}

const height = 220;

/** Shares on an axis are round and go without a decimal that is always nought. */
const axisText = (value: number, format: PlotOptions["format"]) =>
	format === formatShare ? formatShareTick(value) : format(value);
/** Per curve: the line, the raw line under a smoothed one, and both edges of the band. */
const perCurve = 4;

const smoothed = new WeakMap<Float64Array, { length: number; weight: number; line: Float64Array }>();

/** The smoothed line of a series, computed once per length and weight. */
function lineOf({ last, length }: Series, weight: number): Float64Array {
	if (weight === 0) return last;
	const known = smoothed.get(last);
	if (known?.length === length && known.weight === weight) return known.line;
	const line = smooth(last, length, weight);
	smoothed.set(last, { length, weight, line });
	return line;
}

/** All steps of the curves. */
export function stepsOf(curves: readonly Curve[]): Interval {
	return extent(curves.flatMap(({ series: { steps, length } }) => (length > 0 ? [steps[0]!, steps[length - 1]!] : [])));
}

/** The steps in view: those the reader chose, else all of the page. */
export function stepsInView(curves: readonly Curve[], shared: SharedView): Interval {
	const { range, whole } = shared.get();
	return range ?? whole ?? stepsOf(curves);
}

/** Around the values, with some air; a share has no place below 0 or above 1. */
function valueRange(low: number, high: number, format: PlotOptions["format"]): uPlot.Range.MinMax {
	// Without any value there is nothing to widen.
	if (!Number.isFinite(low)) return [low, high];
	const [from, to] = uPlot.rangeNum(low, high, 0.1, true);
	return format === formatShare ? [Math.max(0, from ?? 0), Math.min(1, to ?? 1)] : [from, to];
}

/** What is drawn of each curve in the view. */
export function drawnOf(curves: readonly Curve[], shared: SharedView, width: number): readonly Drawn[] {
	const { range, smoothing } = shared.get();
	return curves.map(({ series }) =>
		draw(series, range ?? stepsOf(curves), { limit: 4 * width, line: lineOf(series, smoothing) }),
	);
}

const colour = (property: string) => getComputedStyle(document.documentElement).getPropertyValue(property).trim();

function columnsOf(drawn: readonly Drawn[]): uPlot.AlignedData {
	const { steps, indices } = align(drawn);
	const column = (values: readonly number[], places: Int32Array) =>
		Array.from(places, (place) => (place < 0 ? undefined : Number.isFinite(values[place]) ? values[place] : null));
	const columns = drawn.flatMap((one, index) =>
		[one.line, one.raw, one.min, one.max].map((values) => column(values, indices[index]!)),
	);
	return [[...steps], ...columns] as uPlot.AlignedData;
}

function seriesOf({ model }: Curve): uPlot.Series[] {
	const { hue, dash, width } = modelStyle(model);
	const stroke = () => colour(hue);
	const edge = { stroke: "transparent", points: { show: false }, width: 0 };
	return [
		{ stroke, width, dash: [...dash], points: { show: false } },
		{ stroke: () => `color-mix(in srgb, ${colour(hue)} 38%, transparent)`, width: 1, points: { show: false } },
		edge,
		edge,
	];
}

/** Markers along each line, and a tick on the axis wherever a value was not finite. */
function drawMarks(plot: uPlot, curves: readonly Curve[], drawn: readonly Drawn[]): void {
	const { ctx, bbox } = plot;
	const pixels = devicePixelRatio;
	ctx.save();
	for (const [index, { model, series }] of curves.entries()) {
		const { hue, marker } = modelStyle(model);
		ctx.strokeStyle = colour(hue);
		ctx.fillStyle = colour("--surface");
		const { steps = [], line = [] } = drawn[index] ?? {};
		const every = Math.max(1, Math.floor(steps.length / 4));
		for (let at = steps.length - 1; at >= 0; at -= every) {
			const left = plot.valToPos(steps[at]!, "x", true);
			const value = line[at]!;
			if (!Number.isFinite(value) || left < bbox.left || left > bbox.left + bbox.width) continue;
			ctx.save();
			ctx.translate(left, plot.valToPos(value, "y", true));
			ctx.scale(4 * pixels, 4 * pixels);
			ctx.lineWidth = 0.4;
			const path = new Path2D(marker);
			ctx.fill(path);
			ctx.stroke(path);
			ctx.restore();
		}
		ctx.lineWidth = 2 * pixels;
		for (const { step } of series.nonFinite) {
			const left = plot.valToPos(step, "x", true);
			if (left < bbox.left || left > bbox.left + bbox.width) continue;
			ctx.beginPath();
			ctx.moveTo(left, bbox.top + bbox.height - 8 * pixels);
			ctx.lineTo(left, bbox.top + bbox.height);
			ctx.stroke();
		}
	}
	ctx.restore();
}

/** Draws into `host` until destroyed. Its own data never moves the view: only the reader does. */
export function createPlot(host: HTMLElement, { shared, first, format }: PlotOptions): Plot {
	let curves = first;
	let drawn: readonly Drawn[] = [];
	let frame = 0;
	const axis: uPlot.Axis = {
		stroke: () => colour("--muted"),
		font: `12px ${colour("--sans")}`,
		grid: { stroke: () => colour("--line"), width: 1 },
		ticks: { show: false },
	};
	const options: uPlot.Options = {
		width: Math.max(240, host.clientWidth),
		height,
		padding: [8, 24, 0, 0],
		legend: { show: false },
		scales: {
			x: { time: false, range: () => [...widened(stepsInView(curves, shared))] as uPlot.Range.MinMax },
			y: shared.get().isLogarithmic ? { distr: 3 } : { range: (_, low, high) => valueRange(low, high, format) },
		},
		axes: [
			{ ...axis, size: 28, values: (_, values) => values.map((value) => value.toLocaleString("en")) },
			{
				...axis,
				size: 52,
				values: (_, values) => values.map((value) => (value === null ? "" : axisText(value, format))),
			},
		],
		series: [{}, ...curves.flatMap(seriesOf)],
		bands: curves.map(({ model }, index) => ({
			series: [perCurve * index + 4, perCurve * index + 3],
			fill: () => `color-mix(in srgb, ${colour(modelStyle(model).hue)} 16%, transparent)`,
		})) as uPlot.Band[],
		cursor: {
			y: false,
			points: { show: false },
			drag: { x: true, y: false, setScale: false },
			bind: {
				dblclick: () => () => {
					shared.set({ range: null });
					return null;
				},
			},
		},
		hooks: {
			draw: [(plot) => drawMarks(plot, curves, drawn)],
			setCursor: [
				(plot) => {
					const { left } = plot.cursor;
					if (plot.cursor.event) shared.set({ step: left === undefined || left < 0 ? null : plot.posToVal(left, "x") });
				},
			],
			setSelect: [
				(plot) => {
					const { left, width } = plot.select;
					if (width < 4) return;
					plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
					shared.set({ range: [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")] });
				},
			],
		},
	};
	const plot = new uPlot(options, [[]], host);

	const render = () => {
		frame = 0;
		drawn = drawnOf(curves, shared, plot.width);
		const isSmooth = shared.get().smoothing > 0;
		plot.batch(() => {
			for (const [index, one] of drawn.entries()) {
				const at = perCurve * index;
				plot.setSeries(at + 2, { show: isSmooth && !one.bucketed }, false);
				plot.setSeries(at + 3, { show: one.bucketed }, false);
				plot.setSeries(at + 4, { show: one.bucketed }, false);
			}
			plot.setData(columnsOf(drawn), true);
		});
	};
	// The browser runs no frames for a hidden page, so nothing is drawn that nobody sees.
	const redraw = () => {
		if (frame === 0) frame = requestAnimationFrame(render);
	};
	let before = shared.get();
	const follow = () => {
		const view = shared.get();
		if (view.range !== before.range || view.whole !== before.whole || view.smoothing !== before.smoothing) redraw();
		if (view.step !== before.step && !plot.root.matches(":hover"))
			plot.setCursor({ left: view.step === null ? -10 : plot.valToPos(view.step, "x"), top: 0 }, false);
		before = view;
	};
	const leave = shared.subscribe(follow);
	const watcher = new ResizeObserver(() => {
		if (host.clientWidth > 0) plot.setSize({ width: host.clientWidth, height });
		redraw();
	});
	watcher.observe(host);
	redraw();
	return {
		canvas: plot.ctx.canvas,
		setCurves(next) {
			curves = next;
			redraw();
		},
		redraw,
		destroy() {
			cancelAnimationFrame(frame);
			leave();
			watcher.disconnect();
			plot.destroy();
		},
	};
}
