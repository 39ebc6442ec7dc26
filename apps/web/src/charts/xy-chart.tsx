"use client";
/** Lines over a common axis, drawn as SVG: Hit@K, ROC, ranks, dose and response. */
import type { ReactNode } from "react";
import { formatNumber } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { modelStyle } from "../ui/models.ts";
import { Axes, type Frame, frameOf } from "./axes.tsx";
import css from "./charts.module.css";
import { ChartFrame } from "./frame.tsx";
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
}

interface XyChartProps {
	readonly title: string;
	readonly summary: string;
	readonly method?: string;
	readonly query?: string;
	readonly lines: readonly XyLine[];
	readonly xs: Interval;
	readonly ys: Interval;
	readonly xTitle: string;
	readonly xTicks?: readonly number[];
	readonly xFormat?: (value: number) => string;
	readonly yFormat?: (value: number) => string;
	/** Markers on each point; for few points only. */
	readonly hasMarkers?: boolean;
	/** Drawn above the lines: an operating point, a line of chance. */
	readonly children?: (frame: Frame) => ReactNode;
}

const height = 260;

function pathOf({ points, isStepped }: XyLine, { x, y }: Frame): string {
	return points
		.map((point, index) => {
			const at = `${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`;
			if (index === 0) return `M${at}`;
			return isStepped ? `H${x(point.x).toFixed(1)}V${y(point.y).toFixed(1)}` : `L${at}`;
		})
		.join("");
}

function bandOf({ points }: XyLine, { x, y }: Frame): string | null {
	const known = points.filter(({ low, high }) => low != null && high != null);
	if (known.length < 2) return null;
	const upper = known.map((point) => `${x(point.x)} ${y(point.high!)}`);
	const lower = known.toReversed().map((point) => `${x(point.x)} ${y(point.low!)}`);
	return `M${[...upper, ...lower].join("L")}Z`;
}

function Line({
	line,
	frame,
	hasMarkers,
}: {
	readonly line: XyLine;
	readonly frame: Frame;
	readonly hasMarkers: boolean;
}) {
	const { hue, dash, width, marker } = modelStyle(line.model);
	const colour = `var(${hue})`;
	const band = bandOf(line, frame);
	return (
		<g>
			{band && <path d={band} fill={colour} opacity={0.14} />}
			<path d={pathOf(line, frame)} fill="none" stroke={colour} strokeWidth={width} strokeDasharray={dash.join(" ")} />
			{hasMarkers &&
				line.points.map((point) => (
					<path
						key={point.x}
						d={marker}
						transform={`translate(${frame.x(point.x)} ${frame.y(point.y)}) scale(4)`}
						fill="var(--surface)"
						stroke={colour}
						strokeWidth={0.4}
					/>
				))}
		</g>
	);
}

export function XyChart(props: XyChartProps) {
	const {
		title,
		summary,
		method,
		query,
		lines,
		xs,
		ys,
		xTitle,
		xTicks,
		xFormat,
		yFormat = formatNumber,
		hasMarkers = false,
		children,
	} = props;
	const [host, width] = useWidth<HTMLDivElement>();
	const frame = frameOf({ width, height, xs, ys });
	const table = () => ({
		columns: ["model", xTitle, title, "low", "high"],
		rows: lines.flatMap(({ model, label, points }) =>
			points.map(({ x, y, low, high }) => [label ?? model, x, y, low ?? null, high ?? null]),
		),
	});
	return (
		<ChartFrame title={title} summary={summary} table={table} {...(method && { method })} {...(query && { query })}>
			<div ref={host}>
				<ul className={css.legend}>
					{lines.map(({ model, label }) => (
						<li key={label ?? model}>
							<ModelMark model={model} label={label ?? model} />
						</li>
					))}
				</ul>
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
						<Line key={line.label ?? line.model} line={line} frame={frame} hasMarkers={hasMarkers} />
					))}
					{children?.(frame)}
				</svg>
			</div>
		</ChartFrame>
	);
}
