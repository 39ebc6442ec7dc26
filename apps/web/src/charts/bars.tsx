"use client";
/** One bar per model with its confidence interval, on a common axis. */
import { modelStyle } from "../ui/models.ts";
import css from "./charts.module.css";
import { ChartFrame } from "./frame.tsx";
import type { Operation } from "./operation.ts";
import { linear } from "./scale.ts";
import { useWidth } from "./use-width.ts";

export interface Bar {
	readonly model: string;
	readonly value: number;
	/** Ends of the 95 % interval; null for a single seed. */
	readonly low?: number | null;
	readonly high?: number | null;
}

interface BarsProps {
	readonly title: string;
	readonly summary: string;
	readonly method?: string;
	readonly bars: readonly Bar[];
	/** Where the axis ends; it starts at zero. */
	readonly most: number;
	readonly format: (value: number) => string;
	/** What guessing would give. */
	readonly chance?: number;
	readonly operation?: Operation | undefined;
}

const rowHeight = 26;
const barHeight = 12;
const left = 88;
const right = 64;

export function Bars({ title, summary, method, bars, most, format, chance, operation }: BarsProps) {
	const [host, width] = useWidth<HTMLDivElement>();
	const x = linear([0, most], [left, width - right]);
	const place = (value: number) => x(Math.min(most, Math.max(0, value)));
	const height = rowHeight * bars.length;
	return (
		<ChartFrame
			title={title}
			summary={summary}
			table={() => ({
				columns: ["model", title, "low", "high"],
				rows: bars.map(({ model, value, low, high }) => [model, value, low ?? null, high ?? null]),
			})}
			method={method}
			operation={operation}
		>
			<div ref={host}>
				<svg data-chart="" className={css.drawing} width={width} height={height} role="img" aria-label={title}>
					<line className={css.grid} x1={left} x2={left} y1={0} y2={height} />
					{bars.map(({ model, value, low, high }, index) => {
						const middle = rowHeight * (index + 0.5);
						const { hue } = modelStyle(model);
						return (
							<g key={model}>
								<text x={0} y={middle + 4} style={{ fill: `var(${hue})` }} className={css.end}>
									{model}
								</text>
								<rect
									x={left}
									y={middle - barHeight / 2}
									width={Math.max(1, place(value) - left)}
									height={barHeight}
									fill={`var(${hue})`}
								/>
								{low != null && high != null && (
									<path
										className={css.rule}
										d={`M${place(low)} ${middle}H${place(high)}M${place(low)} ${middle - 4}v8M${place(high)} ${middle - 4}v8`}
									/>
								)}
								<text x={width} y={middle + 4} textAnchor="end" className={css.strong}>
									{format(value)}
								</text>
							</g>
						);
					})}
					{chance !== undefined && (
						<line className={css.chance} x1={place(chance)} x2={place(chance)} y1={0} y2={height}>
							<title>{`chance: ${format(chance)}`}</title>
						</line>
					)}
				</svg>
			</div>
		</ChartFrame>
	);
}
