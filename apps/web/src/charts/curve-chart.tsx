"use client";
/** A linked curve chart: one metric, one line per model, with its legend, its cursor for the keyboard and its table. */
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from "react";
import "uplot/dist/uPlot.min.css";
import { onThemeChange } from "../shell/theme.ts";
import { formatNumber, formatWhole } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import type { ChartTable } from "./chart-table.ts";
import css from "./charts.module.css";
import { curvesToSvg } from "./curve-svg.ts";
import { align, ends, nearest } from "./curves.ts";
import { ChartFrame } from "./frame.tsx";
import type { Operation } from "./operation.ts";
import { type Curve, createPlot, type Plot, stepsOf } from "./plot.ts";
import { useSharedView, useView } from "./view.ts";

type Format = (value: number) => string;

const valueText = (value: number, format: Format) => (Number.isFinite(value) ? format(value) : formatNumber(value));

interface CurveChartProps {
	readonly title: string;
	readonly curves: readonly Curve[];
	readonly operation?: Operation | undefined;
	/** How values are written. */
	readonly format?: Format;
}

/** "poisoned fell from 4.61 to 1.92": what each curve does, and what was not finite. */
function summarise(curves: readonly Curve[], format: Format): string {
	const sentences = curves.flatMap(({ model, series }) => {
		const both = ends(series);
		if (!both) return [];
		const verb = both.last < both.first ? "fell" : both.last > both.first ? "rose" : "stayed";
		const way = verb === "stayed" ? `at ${format(both.last)}` : `from ${format(both.first)} to ${format(both.last)}`;
		const broken = series.nonFinite.length > 0 ? `, ${series.nonFinite.length} not finite` : "";
		return [`${model} ${verb} ${way}${broken}`];
	});
	return sentences.length === 0 ? "No points yet." : `${sentences.join("; ")}.`;
}

function methodOf(curves: readonly Curve[]): string {
	const held = curves.reduce((sum, { series }) => sum + series.length, 0);
	const exist = curves.reduce((sum, { series }) => sum + Math.max(series.rawCount, series.length), 0);
	return curves.some(({ series }) => series.method === "MIN_MAX_LAST")
		? `${formatWhole(held)} buckets for ${formatWhole(exist)} points: line through the last, band from smallest to largest; zoom for more.`
		: `${formatWhole(exist)} ${exist === 1 ? "point" : "points"}, none left out.`;
}

function tableOf(curves: readonly Curve[], range: readonly [number, number] | null): ChartTable {
	const columns = curves.map(({ series }) => ({ ...series, steps: [...series.steps.subarray(0, series.length)] }));
	const { steps, indices } = align(columns);
	const rows = steps.map((step, row) => [
		step,
		...columns.map(({ last }, column) => {
			const at = indices[column]![row]!;
			return at < 0 ? null : Number.isFinite(last[at]) ? last[at]! : "not finite";
		}),
	]);
	return {
		columns: ["step", ...curves.map(({ model }) => model)],
		rows: range ? rows.filter(([step]) => (step as number) >= range[0] && (step as number) <= range[1]) : rows,
	};
}

/** Shows each model's value at the step under the cursor, or its newest one. */
function Legend({ curves, format }: { readonly curves: readonly Curve[]; readonly format: Format }) {
	const step = useView((view) => view.step);
	return (
		<ul className={css.legend}>
			{curves.map(({ model, series }) => {
				const at = step === null ? series.length - 1 : nearest(series, step);
				return (
					<li key={model}>
						<ModelMark model={model} />
						<span className={css.value}>{at < 0 ? "–" : valueText(series.last[at]!, format)}</span>
					</li>
				);
			})}
		</ul>
	);
}

/** The step cursor as a slider, which is how arrow keys and screen readers know it. */
function Cursor({
	title,
	curves,
	plot,
	format,
}: CurveChartProps & { readonly format: Format; readonly plot: RefObject<HTMLDivElement | null> }) {
	const shared = useSharedView();
	const step = useView((view) => view.step);
	const [from, to] = stepsOf(curves);
	const now = Math.round(step ?? to);
	const longest = curves.reduce((a, b) => (b.series.length > a.series.length ? b : a), curves[0]!).series;
	const press = (event: KeyboardEvent) => {
		const at = nearest(longest, now);
		const far = event.shiftKey ? 10 : 1;
		const target = { ArrowRight: at + far, ArrowLeft: at - far, Home: 0, End: longest.length - 1 }[event.key];
		if (target !== undefined)
			shared.set({ step: longest.steps[Math.min(longest.length - 1, Math.max(0, target))] ?? null });
		else if (event.key === "Escape") shared.set({ range: null, step: null });
		else if (event.key === "+" || event.key === "-") {
			const [low, high] = shared.get().range ?? [from, to];
			const half = (high - low) * (event.key === "+" ? 0.25 : 1);
			const range = [Math.max(from, now - half), Math.min(to, now + half)] as const;
			shared.set({ range: range[0] <= from && range[1] >= to ? null : range });
		} else return;
		event.preventDefault();
	};
	const values = curves.map(
		({ model, series }) => `${model} ${valueText(series.last[nearest(series, now)] ?? Number.NaN, format)}`,
	);
	return (
		<div
			ref={plot}
			className={css.plot}
			role="slider"
			tabIndex={0}
			aria-label={`${title}: step`}
			aria-valuemin={from}
			aria-valuemax={to}
			aria-valuenow={now}
			aria-valuetext={`step ${now}: ${values.join(", ")}`}
			onKeyDown={press}
		/>
	);
}

export function CurveChart({ title, curves, operation, format = formatNumber }: CurveChartProps) {
	const shared = useSharedView();
	const isLogarithmic = useView((view) => view.isLogarithmic);
	const range = useView((view) => view.range);
	const host = useRef<HTMLDivElement>(null);
	const plot = useRef<Plot>(null);
	const newest = useRef(curves);
	newest.current = curves;
	const models = curves.map(({ model }) => model).join(" ");
	// biome-ignore lint/correctness/useExhaustiveDependencies: a canvas is made anew only when its lines or its axis change.
	useEffect(() => {
		if (!host.current) return;
		const made = createPlot(host.current, { shared, first: newest.current, format });
		plot.current = made;
		const leave = onThemeChange(made.redraw);
		return () => {
			leave();
			made.destroy();
			plot.current = null;
		};
	}, [shared, isLogarithmic, models]);
	useEffect(() => plot.current?.setCurves(curves), [curves]);
	const summary = useMemo(() => summarise(curves, format), [curves, format]);
	return (
		<ChartFrame
			title={title}
			summary={summary}
			method={methodOf(curves)}
			table={() => tableOf(curves, range)}
			svg={() => curvesToSvg(title, curves, shared)}
			operation={operation}
		>
			<div>
				<Legend curves={curves} format={format} />
				<Cursor title={title} curves={curves} plot={host} format={format} />
			</div>
		</ChartFrame>
	);
}
