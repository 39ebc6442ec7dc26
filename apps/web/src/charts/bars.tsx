"use client";
/** One bar per model with its confidence interval, on a common axis. */
import { ModelMark } from "../ui/model-mark.tsx";
import { modelStyle } from "../ui/models.ts";
import css from "./bars.module.css";
import { ChartFrame } from "./frame.tsx";
import { linear } from "./scale.ts";

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
	readonly query?: string;
}

export function Bars({ title, summary, method, bars, most, format, chance, query }: BarsProps) {
	const x = linear([0, most], [0, 100]);
	const part = (value: number) => Math.min(100, Math.max(0, x(value)));
	return (
		<ChartFrame
			title={title}
			summary={summary}
			table={() => ({
				columns: ["model", title, "low", "high"],
				rows: bars.map(({ model, value, low, high }) => [model, value, low ?? null, high ?? null]),
			})}
			{...(method && { method })}
			{...(query && { query })}
		>
			<ul className={css.bars}>
				{bars.map(({ model, value, low, high }) => (
					<li key={model}>
						<ModelMark model={model} />
						<svg data-chart={bars[0]?.model === model ? "" : undefined} width="100%" height="18" aria-hidden="true">
							<rect x="0" y="3" width={`${part(value)}%`} height="12" fill={`var(${modelStyle(model).hue})`} />
							{chance !== undefined && (
								<line
									x1={`${part(chance)}%`}
									x2={`${part(chance)}%`}
									y1="0"
									y2="18"
									stroke="var(--ink)"
									strokeDasharray="2 2"
								/>
							)}
							{low != null && high != null && (
								<line x1={`${part(low)}%`} x2={`${part(high)}%`} y1="9" y2="9" stroke="var(--ink)" strokeWidth="2" />
							)}
						</svg>
						<span className={css.value}>{format(value)}</span>
					</li>
				))}
			</ul>
		</ChartFrame>
	);
}
