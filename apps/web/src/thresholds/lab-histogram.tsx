"use client";
/** The distances of all pairs with a threshold that can be dragged, or moved by arrow keys. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { Axes, type Frame, frameOf } from "../charts/axes.tsx";
import charts from "../charts/charts.module.css";
import { ChartFrame } from "../charts/frame.tsx";
import type { Interval } from "../charts/scale.ts";
import { useWidth } from "../charts/use-width.ts";
import { formatNumber, formatWhole } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import css from "./lab.module.css";
import { coarser, type Histogram, type MixtureComponent, mixtureCount } from "./operating-point.ts";

interface LabHistogramProps {
	readonly histogram: Histogram;
	readonly threshold: number;
	readonly onThreshold: (threshold: number) => void;
	/** Two Gaussians that were fitted to all distances, drawn over them. */
	readonly mixture: readonly MixtureComponent[] | null;
	/** The defender does not know which pairs are poisoned: both kinds are drawn as one. */
	readonly isTruthHidden: boolean;
}

const height = 280;

export function LabHistogram({ histogram, threshold, onThreshold, mixture, isTruthHidden }: LabHistogramProps) {
	const [host, width] = useWidth<HTMLDivElement>();
	const drawing = useRef<SVGSVGElement>(null);
	const { minimum, maximum, clean, poisoned } = histogram;
	const xs: Interval = [minimum, maximum];
	const ys: Interval = isTruthHidden ? [0, 1.05] : [-1.05, 1.05];
	const frame = frameOf({ width, height, xs, ys });
	const all = clean.map((count, at) => count + (poisoned[at] ?? 0));
	const bars = Math.max(32, Math.floor(width / 5));
	const step = (maximum - minimum) / clean.length;

	const place = (event: PointerEvent) => {
		const { left, width: drawn } = drawing.current!.getBoundingClientRect();
		const [from, to] = [frame.x(minimum), frame.x(maximum)];
		const share = (((event.clientX - left) / drawn) * width - from) / (to - from);
		onThreshold(minimum + Math.min(1, Math.max(0, share)) * (maximum - minimum));
	};
	const press = (event: KeyboardEvent) => {
		const target = moved(event.key, { threshold, step, minimum, maximum });
		if (target === null) return;
		event.preventDefault();
		onThreshold(Math.min(maximum, Math.max(minimum, target)));
	};

	return (
		<ChartFrame
			title="Distance of each image from its captions"
			summary={`${formatWhole(all.reduce((sum, count) => sum + count, 0))} pairs; those beyond ${formatNumber(threshold)} are removed.`}
			method={`${clean.length} bins; each kind is drawn relative to its own highest bar.`}
			table={() => ({
				columns: isTruthHidden ? ["from", "to", "pairs"] : ["from", "to", "clean", "poisoned"],
				rows: all.map((count, at) => [
					minimum + at * step,
					minimum + (at + 1) * step,
					...(isTruthHidden ? [count] : [clean[at]!, poisoned[at] ?? 0]),
				]),
			})}
		>
			<div ref={host}>
				<ul className={charts.legend}>
					{isTruthHidden ? (
						<li>
							<ModelMark model="base" label="all pairs" />
						</li>
					) : (
						<>
							<li>
								<ModelMark model="clean" label="clean pairs, above" />
							</li>
							<li>
								<ModelMark model="poisoned" label="poisoned pairs, below" />
							</li>
						</>
					)}
					{mixture && <li className={css.fit}>two-Gaussian fit</li>}
				</ul>
				<svg
					ref={drawing}
					data-chart=""
					className={`${charts.drawing} ${css.drag}`}
					width={width}
					height={height}
					onPointerDown={(event) => {
						event.currentTarget.setPointerCapture(event.pointerId);
						place(event);
					}}
					onPointerMove={(event) => event.buttons === 1 && place(event)}
				>
					<title>Distances of clean and poisoned pairs</title>
					<Axes
						frame={frame}
						xs={xs}
						ys={[0, 0]}
						xTitle="score: higher is more suspicious"
						xFormat={formatNumber}
						yFormat={() => ""}
					/>
					<rect
						className={css.removed}
						x={frame.x(threshold)}
						y={frame.y(ys[1])}
						width={Math.max(0, frame.x(maximum) - frame.x(threshold))}
						height={frame.y(ys[0]) - frame.y(ys[1])}
					/>
					{isTruthHidden ? (
						<path d={barsOf(all, { frame, histogram, bars, sign: 1 })} fill="var(--base)" />
					) : (
						<>
							<path d={barsOf(clean, { frame, histogram, bars, sign: 1 })} fill="var(--clean)" />
							<path d={barsOf(poisoned, { frame, histogram, bars, sign: -1 })} fill="var(--poisoned)" />
						</>
					)}
					{mixture && <path className={css.fitted} d={fitOf(mixture, { frame, histogram, all, bars })} />}
					<line className={charts.rule} x1={frame.x(threshold)} x2={frame.x(threshold)} y1={0} y2={frame.y(ys[0])} />
					<rect
						className={css.handle}
						x={frame.x(threshold) - 6}
						y={0}
						width={12}
						height={28}
						rx={3}
						role="slider"
						tabIndex={0}
						aria-label="Threshold"
						aria-orientation="horizontal"
						aria-valuemin={minimum}
						aria-valuemax={maximum}
						aria-valuenow={threshold}
						aria-valuetext={`${formatNumber(threshold)}`}
						onKeyDown={press}
					/>
				</svg>
			</div>
		</ChartFrame>
	);
}

/** Where a key moves the threshold; null for keys that do not. */
function moved(
	key: string,
	{ threshold, step, minimum, maximum }: { threshold: number; step: number; minimum: number; maximum: number },
): number | null {
	const ways: Readonly<Record<string, number>> = {
		ArrowLeft: threshold - step,
		ArrowDown: threshold - step,
		ArrowRight: threshold + step,
		ArrowUp: threshold + step,
		PageDown: threshold - 10 * step,
		PageUp: threshold + 10 * step,
		Home: minimum,
		End: maximum,
	};
	return ways[key] ?? null;
}

interface Drawn {
	readonly frame: Frame;
	readonly histogram: Histogram;
	readonly bars: number;
}

/** Bars up or down from the middle, the highest of them one unit tall. */
function barsOf(
	counts: readonly number[],
	{ frame, histogram, bars, sign }: Drawn & { readonly sign: 1 | -1 },
): string {
	const { minimum, maximum } = histogram;
	const merged = coarser(counts, bars);
	const most = Math.max(1, ...merged);
	const edge = (at: number) => frame.x(minimum + (at * (maximum - minimum)) / merged.length).toFixed(1);
	return merged
		.map((count, at) =>
			count === 0
				? ""
				: `M${edge(at)} ${frame.y(0)}V${frame.y((sign * count) / most).toFixed(1)}H${edge(at + 1)}V${frame.y(0)}Z`,
		)
		.join("");
}

/** The fitted curve on the scale of the bars above the middle. */
function fitOf(
	mixture: readonly MixtureComponent[],
	{ frame, histogram, all, bars }: Drawn & { readonly all: readonly number[] },
): string {
	const { minimum, maximum } = histogram;
	const merged = coarser(all, bars);
	const width = (maximum - minimum) / merged.length;
	const total = all.reduce((sum, count) => sum + count, 0);
	const most = Math.max(1, ...merged);
	return merged
		.map((_, bar) => {
			const at = minimum + (bar + 0.5) * width;
			const share = Math.min(1.05, mixtureCount(mixture, { at, width, total }) / most);
			return `${bar === 0 ? "M" : "L"}${frame.x(at).toFixed(1)} ${frame.y(share).toFixed(1)}`;
		})
		.join("");
}
