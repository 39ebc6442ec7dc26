/** Axes of drawings: a grid line and a label per tick, and what the axis measures. */
import css from "./charts.module.css";
import { type Interval, linear, logarithmic, logarithmicTicks, type Scale, ticks } from "./scale.ts";

export interface Frame {
	readonly width: number;
	readonly height: number;
	readonly x: Scale;
	readonly y: Scale;
	readonly isLogX: boolean;
	/** Space right of the plot, for labels at the ends of lines. */
	readonly right: number;
}

const left = 52;
const top = 10;
const bottom = 40;

export function frameOf({
	width,
	height,
	xs,
	ys,
	isLogX = false,
	right = 12,
}: {
	width: number;
	height: number;
	xs: Interval;
	ys: Interval;
	isLogX?: boolean;
	right?: number;
}): Frame {
	const scale = isLogX ? logarithmic : linear;
	const x = scale(xs, [left, width - right]);
	return { width, height, x, y: linear(ys, [height - bottom, top]), isLogX, right };
}

interface AxesProps {
	readonly frame: Frame;
	readonly xs: Interval;
	readonly ys: Interval;
	readonly xTitle: string;
	readonly yTitle?: string;
	readonly xFormat?: (value: number) => string;
	readonly yFormat?: (value: number) => string;
	/** Ticks at these places instead of round ones. */
	readonly xTicks?: readonly number[];
}

export function Axes({ frame, xs, ys, xTitle, yTitle, xFormat = String, yFormat = String, xTicks }: AxesProps) {
	const { width, height, x, y, isLogX, right } = frame;
	const few = Math.max(2, Math.floor(width / 90));
	const usual = isLogX ? logarithmicTicks(xs) : ticks(xs, few);
	// Labels must not run into each other on a narrow screen.
	const every = Math.max(1, Math.ceil(usual.length / (few + 3)));
	return (
		<g>
			{ticks(ys, 4).map((tick) => (
				<g key={tick}>
					<line className={css.grid} x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
					<text x={left - 8} y={y(tick) + 4} textAnchor="end">
						{yFormat(tick)}
					</text>
				</g>
			))}
			{(xTicks ?? usual.filter((_, index) => index % every === 0)).map((tick) => (
				<text key={tick} x={x(tick)} y={height - bottom + 18} textAnchor="middle">
					{xFormat(tick)}
				</text>
			))}
			<text x={(left + width - right) / 2} y={height - 4} textAnchor="middle">
				{xTitle}
			</text>
			{yTitle && (
				<text x={left} y={top - 1} className={css.strong} textAnchor="start">
					{yTitle}
				</text>
			)}
		</g>
	);
}
