"use client";
/** Two distributions of scores over common bins, mirrored around the axis, with the threshold that cuts them. */
import { formatNumber, formatWhole } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Axes, frameOf } from "./axes.tsx";
import css from "./charts.module.css";
import { ChartFrame } from "./frame.tsx";
import type { Operation } from "./operation.ts";
import type { Interval } from "./scale.ts";
import { useWidth } from "./use-width.ts";

export interface Histogram {
	readonly minimum: number;
	readonly maximum: number;
	readonly clean: readonly number[];
	readonly poisoned: readonly number[];
}

interface HistogramChartProps {
	readonly title: string;
	readonly histogram: Histogram;
	readonly threshold: number;
	readonly operation?: Operation | undefined;
}

const height = 260;

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/** `counts` in `bins` bins: sums of neighbours. */
export function merge(counts: readonly number[], bins: number): readonly number[] {
	const merged = new Array<number>(bins).fill(0);
	for (const [index, count] of counts.entries()) merged[Math.floor((index * bins) / counts.length)]! += count;
	return merged;
}

/** As densities relative to the highest bin of its own, so that a few poisoned pairs are seen beside many clean ones. */
const relative = (counts: readonly number[]) => {
	const most = Math.max(1, ...counts);
	return counts.map((count) => count / most);
};

export function HistogramChart({ title, histogram, threshold, operation }: HistogramChartProps) {
	const [host, width] = useWidth<HTMLDivElement>();
	const { minimum, maximum, clean, poisoned } = histogram;
	// A power of two divides the 512 bins evenly; bars of unequal counts of bins would show steps that are not there.
	const bins = Math.min(clean.length, Math.max(32, 2 ** Math.floor(Math.log2(width / 6))));
	const xs: Interval = [minimum, maximum];
	const frame = frameOf({ width, height, xs, ys: [-1, 1] });
	const edge = (index: number) => frame.x(minimum + (index * (maximum - minimum)) / bins);
	const bars = (counts: readonly number[], sign: 1 | -1) =>
		relative(merge(counts, bins))
			.map((share, index) => `M${edge(index)} ${frame.y(0)}V${frame.y(sign * share)}H${edge(index + 1)}V${frame.y(0)}Z`)
			.join("");
	const cut = frame.x(threshold);
	const binWidth = (maximum - minimum) / clean.length;
	return (
		<ChartFrame
			title={title}
			summary={`${formatWhole(total(clean))} clean and ${formatWhole(total(poisoned))} poisoned pairs between ${formatNumber(minimum)} and ${formatNumber(maximum)}; cut at ${formatNumber(threshold)}.`}
			method={`${clean.length} bins in ${bins} bars; each side is drawn relative to its own highest bar.`}
			table={() => ({
				columns: ["from", "to", "clean", "poisoned"],
				rows: clean.map((count, index) => [
					minimum + index * binWidth,
					minimum + (index + 1) * binWidth,
					count,
					poisoned[index] ?? 0,
				]),
			})}
			operation={operation}
		>
			<div ref={host}>
				<ul className={css.legend}>
					<li>
						<ModelMark model="clean" label="clean pairs, above" />
					</li>
					<li>
						<ModelMark model="poisoned" label="poisoned pairs, below" />
					</li>
				</ul>
				<svg data-chart="" className={css.drawing} width={width} height={height} role="img" aria-label={title}>
					<Axes frame={frame} xs={xs} ys={[0, 0]} xTitle="score: higher is more suspicious" yFormat={() => ""} />
					<path d={bars(clean, 1)} fill="var(--clean)" opacity={0.75} />
					<path d={bars(poisoned, -1)} fill="var(--poisoned)" opacity={0.85} />
					<line className={css.rule} x1={cut} x2={cut} y1={4} y2={frame.y(-1)} />
					<text className={css.strong} x={cut + 6} y={14}>
						removed: {formatNumber(threshold)} and more
					</text>
				</svg>
			</div>
		</ChartFrame>
	);
}
