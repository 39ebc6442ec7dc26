"use client";
/** Attack against utility: each model of each run as a mark, with an arrow from what was attacked to what was cured. */
import { Axes, frameOf } from "../charts/axes.tsx";
import charts from "../charts/charts.module.css";
import { ChartFrame } from "../charts/frame.tsx";
import { useWidth } from "../charts/use-width.ts";
import { formatShare } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { modelKinds, modelStyle } from "../ui/models.ts";
import css from "./compare.module.css";
import type { ComparedRun } from "./compare-query.ts";

const height = 320;
/** Longest arrow head and mark, in pixels. */
const mark = 6;

export function UtilityScatter({ runs }: { readonly runs: readonly ComparedRun[] }) {
	const [host, width] = useWidth<HTMLDivElement>();
	const points = runs.flatMap(({ number, outcomes }) =>
		outcomes.map(({ model, hitAt10, imageRetrievalAt10 }) => ({ number, model, x: imageRetrievalAt10, y: hitAt10 })),
	);
	if (points.length === 0) return null;
	const least = Math.max(0, Math.min(...points.map(({ x }) => x)) - 0.02);
	const xs = [Math.min(least, 0.98), 1] as const;
	const ys = [-0.03, 1.03] as const;
	const frame = frameOf({ width, height, xs, ys });
	const arrows = runs.flatMap(({ number }) => {
		const own = points.filter((point) => point.number === number);
		const from = own.find(({ model }) => modelStyle(model).kind === "poisoned");
		const cures = own.filter(({ model }) => ["filtered", "cured"].includes(modelStyle(model).kind));
		return from ? cures.map((to) => ({ from, to })) : [];
	});
	return (
		<ChartFrame
			title="Attack against utility"
			summary="Up is a stronger attack, right a more useful model. A good defense points straight down."
			method={`${points.length} models of ${runs.length} runs; arrows lead from the poisoned model to each defended one of its run.`}
			table={() => ({
				columns: ["run", "model", "image retrieval at 10", "Hit@10"],
				rows: points.map(({ number, model, x, y }) => [number, model, x, y]),
			})}
		>
			<div ref={host}>
				<ul className={charts.legend}>
					{modelKinds
						.filter((kind) => points.some(({ model }) => modelStyle(model).kind === kind))
						.map((kind) => (
							<li key={kind}>
								<ModelMark model={kind} />
							</li>
						))}
				</ul>
				<svg
					data-chart=""
					className={charts.drawing}
					width={width}
					height={height}
					role="img"
					aria-label="Attack against utility"
				>
					<Axes
						frame={frame}
						xs={xs}
						ys={[0, 1]}
						xTitle="image retrieval at 10"
						yTitle="Hit@10"
						xFormat={formatShare}
						yFormat={formatShare}
					/>
					{arrows.map(({ from, to }) => (
						<line
							key={`${from.number} ${to.model}`}
							className={css.arrow}
							x1={frame.x(from.x)}
							y1={frame.y(from.y)}
							x2={frame.x(to.x)}
							y2={frame.y(to.y)}
						/>
					))}
					{points.map(({ number, model, x, y }) => (
						<g key={`${number} ${model}`} transform={`translate(${frame.x(x)} ${frame.y(y)})`}>
							<title>{`run ${number}, ${model}: Hit@10 ${formatShare(y)}, image retrieval ${formatShare(x)}`}</title>
							<path
								d={modelStyle(model).marker}
								transform={`scale(${mark})`}
								fill="var(--surface)"
								stroke={`var(${modelStyle(model).hue})`}
								strokeWidth={0.4}
							/>
							<text x={mark + 3} y={4}>
								{number}
							</text>
						</g>
					))}
				</svg>
			</div>
		</ChartFrame>
	);
}
