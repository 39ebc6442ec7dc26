/** Turns figures of the studies into what GraphQL shows, without numbers that it cannot carry. */
import type { Figure, Interval } from "@mithridate/studies";
import {
	BarsFigure,
	HeatMapFigure,
	HistogramFigure,
	LinesFigure,
	type MeasuredNumber,
	ScatterFigure,
	type StudyFigure,
	TableFigure,
} from "./figure.type.ts";

type Kind = Figure["kind"];
type Measured = Extract<Figure, { kind: "table" }>["rows"][number]["values"][number];

/** An interval whose mean GraphQL's Float can carry; null for one that is not a number. */
export function showInterval(interval: Interval | null): Interval | null {
	if (interval === null || !Number.isFinite(interval.mean)) return null;
	const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);
	const { mean, n } = interval;
	return { mean, deviation: finite(interval.deviation), low: finite(interval.low), high: finite(interval.high), n };
}

const showNumber = ({ measured, published }: Measured): MeasuredNumber => ({
	measured: showInterval(measured),
	published: Object.entries(published).map(([dataset, value]) => ({ dataset, value })),
});

const showSeries = <Series extends { readonly values: readonly Measured[] }>(series: readonly Series[]) =>
	series.map((one) => ({ ...one, values: one.values.map(showNumber) }));

/** Whether all intervals of a mark can be shown. */
const areFinite = (...intervals: readonly Interval[]) => intervals.every((one) => showInterval(one) !== null);

const show: { [K in Kind]: (figure: Extract<Figure, { kind: K }>) => StudyFigure } = {
	table: ({ columns, rows }) => Object.assign(new TableFigure(), { columns, rows: showSeries(rows) }),
	lines: ({ x, y, series }) =>
		Object.assign(new LinesFigure(), {
			x,
			y,
			series: series.map((line) => ({ ...line, points: line.points.filter((point) => areFinite(point.y)) })),
		}),
	bars: ({ y, groups, series }) => Object.assign(new BarsFigure(), { y, groups, series: showSeries(series) }),
	"heat-map": ({ x, y, value, cells }) =>
		Object.assign(new HeatMapFigure(), { x, y, value, cells: cells.filter((cell) => areFinite(cell.value)) }),
	scatter: ({ x, y, points }) =>
		Object.assign(new ScatterFigure(), { x, y, points: points.filter((point) => areFinite(point.x, point.y)) }),
	histogram: ({ kind: _, ...histogram }) => Object.assign(new HistogramFigure(), histogram),
};

/** The figure as a member of the union. */
export function showFigure(figure: Figure): StudyFigure {
	return (show[figure.kind] as (figure: Figure) => StudyFigure)(figure);
}
