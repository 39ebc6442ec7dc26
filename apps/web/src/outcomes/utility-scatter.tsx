"use client";
/** Attack against utility: each model as a mark, with an arrow from what was attacked to what was defended. */
import { Axes, frameOf } from "../charts/axes.tsx";
import charts from "../charts/charts.module.css";
import { ChartFrame } from "../charts/frame.tsx";
import { extent } from "../charts/scale.ts";
import { useWidth } from "../charts/use-width.ts";
import { formatShare, formatShareTick } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { modelKinds, modelStyle } from "../ui/models.ts";
import css from "./outcomes.module.css";

const height = 320;
/** Longest arrow head and mark, in pixels. */
const mark = 6;

export interface ScatterGroup {
	/** Short name beside the marks; empty for a single group. */
	readonly label: string;
	/** The whole name, for the table and on hover. */
	readonly name: string;
	readonly outcomes: readonly {
		readonly model: string;
		readonly hitAt10: number;
		readonly imageRetrievalAt10: number;
	}[];
}

interface ScatterProps {
	readonly groups: readonly ScatterGroup[];
	/** What a group is. */
	readonly of: "run" | "cell";
}

export function UtilityScatter({ groups, of }: ScatterProps) {
	const [host, width] = useWidth<HTMLDivElement>();
	const points = groups.flatMap(({ label, name, outcomes }) =>
		outcomes.map(({ model, hitAt10, imageRetrievalAt10 }) => ({
			label,
			name,
			model,
			x: imageRetrievalAt10,
			y: hitAt10,
		})),
	);
	if (points.length === 0) return null;
	const [low, high] = extent(
		points.map(({ x }) => x),
		0.12,
	);
	const xs = [Math.max(0, low), Math.min(1, Math.max(high, low + 0.02))] as const;
	const ys = [-0.03, 1.03] as const;
	const frame = frameOf({ width, height, xs, ys });
	const arrows = groups.flatMap(({ name }) => {
		const own = points.filter((point) => point.name === name);
		const from = own.find(({ model }) => modelStyle(model).kind === "poisoned");
		const cures = own.filter(({ model }) => ["filtered", "cured"].includes(modelStyle(model).kind));
		return from ? cures.map((to) => ({ from, to })) : [];
	});
	return (
		<ChartFrame
			title="Attack against utility"
			summary="Up is a stronger attack, right a more useful model. A good defense points straight down."
			method={`${points.length} models of ${groups.length === 1 ? `one ${of}` : `${groups.length} ${of}s`}, all drawn; arrows lead from the poisoned model to each defended one.`}
			table={() => ({
				columns: [of, "model", "image retrieval at 10", "Hit@10"],
				rows: points.map(({ name, model, x, y }) => [name, model, x, y]),
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
						xFormat={formatShareTick}
						yFormat={formatShareTick}
					/>
					{arrows.map(({ from, to }) => (
						<path
							key={`${from.name} ${to.model}`}
							className={css.arrow}
							d={arrow([frame.x(from.x), frame.y(from.y)], [frame.x(to.x), frame.y(to.y)])}
						/>
					))}
					{points.map(({ label, name, model, x, y }) => (
						<g key={`${name} ${model}`} transform={`translate(${frame.x(x)} ${frame.y(y)})`}>
							<title>{`${name}, ${model}: Hit@10 ${formatShare(y)}, image retrieval ${formatShare(x)}`}</title>
							<path
								d={modelStyle(model).marker}
								transform={`scale(${mark})`}
								fill="var(--surface)"
								stroke={`var(${modelStyle(model).hue})`}
								strokeWidth={0.4}
							/>
							{label !== "" && (
								<text x={mark + 3} y={4}>
									{label}
								</text>
							)}
						</g>
					))}
				</svg>
			</div>
		</ChartFrame>
	);
}

/** A line with a head of two strokes; both ends keep clear of the marks. */
function arrow([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
	const length = Math.hypot(x2 - x1, y2 - y1);
	const clear = mark + 3;
	if (length < 2 * clear + 4) return "";
	const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
	const [fromX, fromY, toX, toY] = [x1 + clear * dx, y1 + clear * dy, x2 - clear * dx, y2 - clear * dy];
	const wing = (side: 1 | -1) => `${toX - 6 * dx + side * 3.5 * dy} ${toY - 6 * dy - side * 3.5 * dx}`;
	return `M${fromX} ${fromY}L${toX} ${toY}M${wing(1)}L${toX} ${toY}L${wing(-1)}`;
}
