"use client";
/** A view of a study in the shape that its definition gives it: table, lines, bars, squares, points or distributions. */
import { HeatMap } from "../charts/heat-map.tsx";
import { extent } from "../charts/scale.ts";
import { XyChart, type XyLine } from "../charts/xy-chart.tsx";
import { formatWhole } from "../ui/format.ts";
import { modelKinds } from "../ui/models.ts";
import { Empty } from "../ui/states.tsx";
import { FigureBars } from "./figure-bars.tsx";
import type { FigureOf, Quantity, StudyView } from "./figure-query.ts";
import { FigureTable } from "./figure-table.tsx";
import { formatOf, type Side, tickOf } from "./quantities.ts";

interface FigureViewProps {
	readonly view: StudyView;
	readonly side: Side;
}

export function FigureView({ view: { title, figure }, side }: FigureViewProps) {
	switch (figure.__typename) {
		case "TableFigure":
			return <FigureTable title={title} figure={figure} side={side} />;
		case "LinesFigure":
			return <Lines title={title} figure={figure} />;
		case "BarsFigure":
			return <FigureBars title={title} figure={figure} />;
		case "HeatMapFigure":
			return <Squares title={title} figure={figure} />;
		case "ScatterFigure":
			return <Points title={title} figure={figure} />;
		case "HistogramFigure":
			return <Distributions title={title} figure={figure} />;
	}
}

const Nothing = ({ title }: { readonly title: string }) => (
	<Empty title={`${title}: nothing is measured yet`}>It is drawn with the first evaluated run.</Empty>
);

/** Lines of no model are told apart by their dash; the interface has no other hue to give. */
const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 3], [12, 4]] as const;
const tones = ["var(--ink)", "var(--muted)", "var(--line-strong)"] as const;

/** How a series is drawn: as the model that it is named after, else in ink. */
function lookOf(name: string, at: number): Pick<XyLine, "model" | "dash" | "tone"> {
	const isModel = modelKinds.some((kind) => name.toLowerCase().startsWith(kind));
	return isModel
		? { model: name }
		: { model: name, dash: dashes[at % dashes.length]!, tone: tones[at % tones.length]! };
}

interface Of<Figure> {
	readonly title: string;
	readonly figure: Figure;
}

const top = ({ unit }: Quantity, values: readonly number[]): readonly [number, number] =>
	unit === "SHARE" ? [0, 1] : extent([0, ...values], 0.04);

function Lines({ title, figure: { x, y, series } }: Of<FigureOf<"LinesFigure">>) {
	const points = series.flatMap((one) => one.points);
	if (points.length === 0) return <Nothing title={title} />;
	const places = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
	const [least = 0, most = 1] = [places[0], places.at(-1)];
	const format = formatOf(y.unit);
	const isLogX = least > 0 && most / least >= 8;
	return (
		<XyChart
			title={title}
			summary={series
				.flatMap(({ title: name, points: own }) =>
					own.length > 0 ? [`${name} ${format(own.at(-1)!.y.mean)} at ${tickOf(x.unit)(own.at(-1)!.x)}`] : [],
				)
				.join("; ")
				.concat(".")}
			method={`${formatWhole(points.length)} points, all drawn: means of up to ${Math.max(...points.map((point) => point.y.n))} repetitions, bands are 95 % intervals.`}
			lines={series
				.filter((one) => one.points.length > 0)
				.map(({ name, title: label, points: own }, at) => ({
					...lookOf(name, at),
					label,
					points: own.map((point) => ({ x: point.x, y: point.y.mean, low: point.y.low, high: point.y.high })),
				}))}
			xs={[least, most]}
			ys={top(
				y,
				points.map((point) => point.y.high ?? point.y.mean),
			)}
			xTitle={x.title}
			{...(places.length <= 8 && { xTicks: places })}
			xFormat={tickOf(x.unit)}
			yFormat={tickOf(y.unit)}
			isLogX={isLogX}
			hasMarkers={places.length <= 20}
			hasEndLabels
		/>
	);
}

function Squares({ title, figure: { x, y, value, cells } }: Of<FigureOf<"HeatMapFigure">>) {
	if (cells.length === 0) return <Nothing title={title} />;
	const format = formatOf(value.unit);
	const means = cells.map((cell) => cell.value.mean);
	return (
		<HeatMap
			title={title}
			summary={`${value.title} from ${format(Math.min(...means))} to ${format(Math.max(...means))}.`}
			method={`${formatWhole(cells.length)} of ${formatWhole(x.values.length * y.values.length)} squares are measured, each the mean over its repetitions.`}
			rows={y.values}
			columns={x.values}
			cells={cells.map((cell) => ({ row: y.values[cell.y]!, column: x.values[cell.x]!, value: cell.value.mean }))}
			rowTitle={y.title}
			columnTitle={x.title}
			model="poisoned"
			format={format}
		/>
	);
}

function Points({ title, figure: { x, y, points } }: Of<FigureOf<"ScatterFigure">>) {
	if (points.length === 0) return <Nothing title={title} />;
	const groups = [...Map.groupBy(points, ({ group }) => group)];
	return (
		<XyChart
			title={title}
			summary={`${y.title} over ${x.title}, ${formatWhole(points.length)} points.`}
			method="Every point is a mean over its repetitions; all are drawn."
			lines={groups.map(([group, own], at) => ({
				...lookOf(group, at),
				label: group,
				isLoose: true,
				points: own.map((point) => ({ x: point.x.mean, y: point.y.mean, low: point.y.low, high: point.y.high })),
			}))}
			xs={extent(
				points.map((point) => point.x.mean),
				0.06,
			)}
			ys={top(
				y,
				points.map((point) => point.y.mean),
			)}
			xTitle={x.title}
			xFormat={tickOf(x.unit)}
			yFormat={tickOf(y.unit)}
			hasMarkers
		/>
	);
}

function Distributions({ title, figure: { x, minimum, maximum, series, marks } }: Of<FigureOf<"HistogramFigure">>) {
	const most = Math.max(0, ...series.flatMap(({ shares }) => shares));
	if (most === 0) return <Nothing title={title} />;
	const format = formatOf(x.unit);
	return (
		<XyChart
			title={title}
			summary={marks
				.map((mark) => `${mark.title} at ${format(mark.x)}`)
				.join(", ")
				.concat(marks.length > 0 ? "." : "")}
			method={`${series[0]?.shares.length} bins; each line is the share of its own group.`}
			lines={series.map(({ name, title: label, shares }, at) => ({
				...lookOf(name, at),
				label,
				isStepped: true,
				points: shares.map((y, bin) => ({ x: minimum + (bin * (maximum - minimum)) / shares.length, y })),
			}))}
			xs={[minimum, maximum]}
			ys={[0, most * 1.05]}
			xTitle={x.title}
			xFormat={format}
			yFormat={tickOf("SHARE")}
		>
			{(frame) =>
				marks.map((mark) => (
					<line
						key={mark.title}
						x1={frame.x(mark.x)}
						x2={frame.x(mark.x)}
						y1={frame.y(most * 1.05)}
						y2={frame.y(0)}
						stroke="var(--ink)"
					>
						<title>{`${mark.title}: ${format(mark.x)}`}</title>
					</line>
				))
			}
		</XyChart>
	);
}
