"use client";
/** Lines over a common axis, drawn as SVG: Hit@K, ROC, ranks, dose and response. */
import type { ReactNode } from "react";
import { formatNumber } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { modelStyle } from "../ui/models.ts";
import { Axes, type Frame, frameOf } from "./axes.tsx";
import css from "./charts.module.css";
import { ChartFrame } from "./frame.tsx";
import type { Operation } from "./operation.ts";
import type { Interval } from "./scale.ts";
import { useWidth } from "./use-width.ts";

export interface XyPoint {
	readonly x: number;
	readonly y: number;
	/** Ends of a confidence interval. */
	readonly low?: number | null;
	readonly high?: number | null;
}

export interface XyLine {
	/** Decides hue, dash and marker. */
	readonly model: string;
	readonly label?: string;
	readonly points: readonly XyPoint[];
	/** Holds each value until the next point, as a distribution function does. */
	readonly isStepped?: boolean;
	/** In place of the model's own, where several lines belong to one model. */
	readonly dash?: readonly number[];
	/** Points that no line joins. */
	readonly isLoose?: boolean;
	/** As `dash`: a colour of its own, thinner. */
	readonly tone?: string;
}

interface XyChartProps {
	readonly title: string;
	readonly summary: string;
	readonly method?: string;
	readonly operation?: Operation | undefined;
	readonly lines: readonly XyLine[];
	readonly xs: Interval;
	readonly ys: Interval;
	readonly xTitle: string;
	readonly xTicks?: readonly number[];
	readonly xFormat?: (value: number) => string;
	readonly yFormat?: (value: number) => string;
	readonly isLogX?: boolean;
	/** Each line is named at its end, for lines that share a model's look. */
	readonly hasEndLabels?: boolean;
	/** Markers on each point; for few points only. */
	readonly hasMarkers?: boolean;
	/** Drawn above the lines: an operating point, a line of chance. */
	readonly children?: (frame: Frame) => ReactNode;
}

const height = 260;
/** Pixels between the base lines of labels. */
const lineHeight = 13;

function pathOf({ points, isStepped }: XyLine, { x, y }: Frame): string {
	return points
		.map((point, index) => {
			const at = `${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`;
			if (index === 0) return `M${at}`;
			return isStepped ? `H${x(point.x).toFixed(1)}V${y(point.y).toFixed(1)}` : `L${at}`;
		})
		.join("");
}

/** Points that stand side by side with an interval each: a band must not pass over one that has none. */
function stretchesOf(points: readonly XyPoint[]): readonly (readonly XyPoint[])[] {
	const stretches: XyPoint[][] = [[]];
	for (const point of points) {
		if (point.low != null && point.high != null) stretches.at(-1)!.push(point);
		else if (stretches.at(-1)!.length > 0) stretches.push([]);
	}
	return stretches.filter((one) => one.length > 0);
}

/** The band of each stretch; a single point's interval is a bar. */
function bandOf({ points }: XyLine, { x, y }: Frame): string {
	return stretchesOf(points)
		.map((known) => {
			const wide = known.length === 1 ? [-2, 2] : [0];
			const upper = known.flatMap((point) => wide.map((by) => `${x(point.x) + by} ${y(point.high!)}`));
			const lower = known
				.toReversed()
				.flatMap((point) => wide.toReversed().map((by) => `${x(point.x) + by} ${y(point.low!)}`));
			return `M${[...upper, ...lower].join("L")}Z`;
		})
		.join("");
}

const colourOf = ({ model, tone }: XyLine) => tone ?? `var(${modelStyle(model).hue})`;

function Line({
	line,
	frame,
	hasMarkers,
	spoken,
}: {
	readonly spoken: (point: XyPoint) => string;
	readonly line: XyLine;
	readonly frame: Frame;
	readonly hasMarkers: boolean;
}) {
	const { dash: usual, width: own, marker } = modelStyle(line.model);
	const dash = line.dash ?? usual;
	const width = line.tone ? 1.5 : own;
	const colour = colourOf(line);
	const band = bandOf(line, frame);
	return (
		<g>
			{band !== "" && !line.isLoose && <path d={band} fill={colour} opacity={0.14} />}
			{!line.isLoose && (
				<path
					d={pathOf(line, frame)}
					fill="none"
					stroke={colour}
					strokeWidth={width}
					strokeDasharray={dash.join(" ")}
				/>
			)}
			{hasMarkers &&
				line.points.map((point) => (
					<path
						key={`${point.x} ${point.y}`}
						d={marker}
						transform={`translate(${frame.x(point.x)} ${frame.y(point.y)}) scale(4)`}
						fill="var(--surface)"
						stroke={colour}
						strokeWidth={0.4}
					>
						<title>{spoken(point)}</title>
					</path>
				))}
		</g>
	);
}

/** Ascending places moved so that each is a line's height below the one before, within the limits if there is room. */
export function apart(places: readonly number[], [least, most]: Interval): readonly number[] {
	let free = least - lineHeight;
	const down = places.map((place) => {
		free = Math.max(place, free + lineHeight);
		return free;
	});
	let limit = most + lineHeight;
	return down
		.toReversed()
		.map((place) => {
			limit = Math.min(place, limit - lineHeight);
			return limit;
		})
		.toReversed();
}

/** Labels at the ends of lines, pushed apart so that none covers another. */
function EndLabels({ lines, frame }: { readonly lines: readonly XyLine[]; readonly frame: Frame }) {
	const placed = lines
		.flatMap((line) => {
			const last = line.points.at(-1);
			const text = line.label ?? line.model;
			return last ? [{ colour: colourOf(line), text, x: frame.x(last.x), y: frame.y(last.y) }] : [];
		})
		.sort((a, b) => a.y - b.y);
	return apart(
		placed.map(({ y }) => y),
		[10, frame.height - 44],
	).map((y, at) => {
		const { text, colour, x } = placed[at]!;
		return (
			<text key={text} className={css.end} x={x + 6} y={y + 4} style={{ fill: colour }}>
				{text}
			</text>
		);
	});
}

export function XyChart(props: XyChartProps) {
	const {
		title,
		summary,
		method,
		operation,
		lines,
		xs,
		ys,
		xTitle,
		xTicks,
		xFormat,
		yFormat = formatNumber,
		hasMarkers = false,
		isLogX = false,
		hasEndLabels = false,
		children,
	} = props;
	const [host, width] = useWidth<HTMLDivElement>();
	const longest = Math.max(...lines.map(({ model, label }) => (label ?? model).length), 0);
	const frame = frameOf({ width, height, xs, ys, isLogX, ...(hasEndLabels && { right: 14 + 6.6 * longest }) });
	const table = () => ({
		columns: ["model", xTitle, title, "low", "high"],
		rows: lines.flatMap(({ model, label, points }) =>
			points.map(({ x, y, low, high }) => [label ?? model, x, y, low ?? null, high ?? null]),
		),
	});
	return (
		<ChartFrame title={title} summary={summary} table={table} method={method} operation={operation}>
			<div ref={host}>
				{!hasEndLabels && (
					<ul className={css.legend}>
						{lines.map(({ model, label }) => (
							<li key={label ?? model}>
								<ModelMark model={model} label={label ?? model} />
							</li>
						))}
					</ul>
				)}
				<svg
					data-chart=""
					className={css.drawing}
					width={width}
					height={height}
					role="img"
					aria-label={`${title}. ${summary}`}
				>
					<Axes
						frame={frame}
						xs={xs}
						ys={ys}
						xTitle={xTitle}
						yFormat={yFormat}
						{...(xFormat && { xFormat })}
						{...(xTicks && { xTicks })}
					/>
					{lines.map((line) => (
						<Line
							key={line.label ?? line.model}
							line={line}
							frame={frame}
							hasMarkers={hasMarkers}
							spoken={({ x, y, low, high }) =>
								`${line.label ?? line.model} at ${(xFormat ?? String)(x)}: ${yFormat(y)}${low != null && high != null ? `, 95 % interval ${yFormat(low)} to ${yFormat(high)}` : ""}`
							}
						/>
					))}
					{hasEndLabels && <EndLabels lines={lines} frame={frame} />}
					{children?.(frame)}
				</svg>
			</div>
		</ChartFrame>
	);
}
