"use client";
/** The same plane once per model: what the attack and the defenses moved is seen by looking from one to the next. */
import { type PointerEvent, useMemo, useRef, useState } from "react";
import charts from "../charts/charts.module.css";
import { extent, type Interval, linear, type Scale, ticks } from "../charts/scale.ts";
import { useWidth } from "../charts/use-width.ts";
import { formatNumber } from "../ui/format.ts";
import { modelStyle } from "../ui/models.ts";
import css from "./embedding.module.css";
import type { EmbeddingMap, Point } from "./embedding-query.ts";
import type { Goal } from "./retrieval-query.ts";

/** What a point is to the attack. */
export type Part = "from" | "to" | "other" | "poisoned";

export const partOf = ({ isPoisoned, class: name }: Point, { from, to }: Pick<Goal, "from" | "to">): Part =>
	isPoisoned ? "poisoned" : name === from ? "from" : name === to ? "to" : "other";

const order: readonly Part[] = ["other", "to", "from", "poisoned"];
const gap = 16;
const titleHeight = 26;
const bottom = 22;
/** Narrowest panel in pixels. */
const narrowest = 300;

interface DrawingProps {
	readonly map: EmbeddingMap;
	readonly models: readonly { readonly id: string; readonly name: string }[];
	readonly goal: Pick<Goal, "from" | "to">;
	readonly selected: ReadonlySet<number>;
	readonly select: (points: ReadonlySet<number>) => void;
}

interface Box {
	readonly panel: number;
	readonly from: readonly [number, number];
	readonly to: readonly [number, number];
}

export function EmbeddingDrawing({ map, models, goal, selected, select }: DrawingProps) {
	const [host, width] = useWidth<HTMLDivElement>();
	const drawing = useRef<SVGSVGElement>(null);
	const [box, setBox] = useState<Box | null>(null);
	const across = Math.max(1, Math.min(models.length, Math.floor((width + gap) / (narrowest + gap))));
	const side = (width - gap * (across - 1)) / across;
	const tall = Math.round(side * 0.82);
	const xs = extent(
		map.models.flatMap((one) => one.xs),
		0.05,
	);
	const ys = extent(
		map.models.flatMap((one) => one.ys),
		0.05,
	);
	// One unit is as long along either axis: distances on screen are distances in the plane.
	const scale = Math.min((side - 2) / (xs[1] - xs[0]), (tall - titleHeight - bottom) / (ys[1] - ys[0]));
	const span = (interval: Interval, length: number): Interval => {
		const middle = (interval[0] + interval[1]) / 2;
		return [middle - length / scale / 2, middle + length / scale / 2];
	};
	const x = linear(span(xs, side), [0, side]);
	const y = linear(span(ys, tall - titleHeight - bottom), [tall - bottom, titleHeight]);
	const places = useMemo(
		() => models.map(({ id }) => map.models.find(({ model }) => model.id === id) ?? { xs: [], ys: [] }),
		[map, models],
	);
	const rows = Math.ceil(models.length / across);
	const cornerOf = (panel: number) =>
		[(panel % across) * (side + gap), Math.floor(panel / across) * (tall + gap)] as const;

	const where = (event: PointerEvent) => {
		const { left, top, width: drawn } = drawing.current!.getBoundingClientRect();
		const factor = width / drawn;
		return [(event.clientX - left) * factor, (event.clientY - top) * factor] as const;
	};
	const drag = (event: PointerEvent) => {
		if (!box || event.buttons !== 1) return;
		const [atX, atY] = where(event);
		const [left, top] = cornerOf(box.panel);
		const to = [atX - left, atY - top] as const;
		setBox({ ...box, to });
		const within = (value: number, a: number, b: number) => value >= Math.min(a, b) && value <= Math.max(a, b);
		const own = places[box.panel]!;
		select(
			new Set(
				map.points.flatMap((_, at) =>
					within(x(own.xs[at]!), box.from[0], to[0]) && within(y(own.ys[at]!), box.from[1], to[1]) ? [at] : [],
				),
			),
		);
	};
	return (
		<div ref={host}>
			<svg
				ref={drawing}
				data-chart=""
				className={`${charts.drawing} ${css.drawing}`}
				width={width}
				height={rows * (tall + gap) - gap}
				role="img"
				aria-label={`${map.points.length} points under ${models.map(({ name }) => name).join(", ")}`}
				onPointerDown={(event) => {
					const [atX, atY] = where(event);
					const panel = models.findIndex((_, index) => {
						const [left, top] = cornerOf(index);
						return atX >= left && atX <= left + side && atY >= top && atY <= top + tall;
					});
					if (panel < 0) return;
					event.currentTarget.setPointerCapture(event.pointerId);
					const [left, top] = cornerOf(panel);
					setBox({ panel, from: [atX - left, atY - top], to: [atX - left, atY - top] });
					select(new Set());
				}}
				onPointerMove={drag}
				onPointerUp={() => setBox(null)}
			>
				{models.map(({ id, name }, panel) => {
					const [left, top] = cornerOf(panel);
					return (
						<g key={id} transform={`translate(${left} ${top})`}>
							<Panel
								{...{ name, goal, selected, x, y }}
								points={map.points}
								xs={places[panel]!.xs}
								ys={places[panel]!.ys}
								size={[side, tall]}
								domain={span(xs, side)}
							/>
							{box?.panel === panel && (
								<rect
									className={css.box}
									x={Math.min(box.from[0], box.to[0])}
									y={Math.min(box.from[1], box.to[1])}
									width={Math.abs(box.to[0] - box.from[0])}
									height={Math.abs(box.to[1] - box.from[1])}
								/>
							)}
						</g>
					);
				})}
			</svg>
		</div>
	);
}

interface PanelProps {
	readonly name: string;
	readonly goal: Pick<Goal, "from" | "to">;
	readonly selected: ReadonlySet<number>;
	readonly points: readonly Point[];
	readonly xs: readonly number[];
	readonly ys: readonly number[];
	readonly x: Scale;
	readonly y: Scale;
	readonly size: readonly [number, number];
	readonly domain: Interval;
}

function Panel({ name, goal, selected, points, xs, ys, x, y, size: [side, tall], domain }: PanelProps) {
	const { hue, marker } = modelStyle(name);
	const sorted = useMemo(
		() => order.flatMap((part) => [...points.keys()].filter((at) => partOf(points[at]!, goal) === part)),
		[points, goal],
	);
	return (
		<g>
			<rect className={css.panel} x={0.5} y={titleHeight} width={side - 1} height={tall - titleHeight - bottom} />
			<g style={{ color: `var(${hue})` }}>
				<path d={marker} transform="translate(6 11) scale(4.5)" fill="none" stroke="currentColor" strokeWidth={0.4} />
				<text x={18} y={15} className={css.name} style={{ fill: `var(${hue})` }}>
					{name}
				</text>
			</g>
			{ticks(domain, 4).map((tick) => (
				<text key={tick} x={x(tick)} y={tall - 6} textAnchor="middle">
					{formatNumber(tick)}
				</text>
			))}
			{points.map(
				({ isPoisoned, kind, partner }, at) =>
					isPoisoned &&
					kind === "IMAGE" && (
						<line
							// biome-ignore lint/suspicious/noArrayIndexKey: a point is its place.
							key={at}
							className={css.pair}
							x1={x(xs[at]!)}
							y1={y(ys[at]!)}
							x2={x(xs[partner]!)}
							y2={y(ys[partner]!)}
						/>
					),
			)}
			{sorted.map((at) => {
				const point = points[at]!;
				return (
					<path
						key={at}
						className={css.point}
						data-part={partOf(point, goal)}
						data-kind={point.kind}
						data-selected={selected.has(at) || selected.has(point.partner)}
						d={point.kind === "IMAGE" ? disc : saltire}
						transform={`translate(${x(xs[at]!).toFixed(1)} ${y(ys[at]!).toFixed(1)})`}
					>
						<title>{`${point.class ?? "unlabelled"}, ${point.kind === "IMAGE" ? "picture" : "caption"} of ${point.sample}: ${point.caption}`}</title>
					</path>
				);
			})}
		</g>
	);
}

/** Marks of pictures and captions, in pixels around their place. */
export const disc = "M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z";
export const saltire = "M-2.4-2.4 2.4 2.4M2.4-2.4-2.4 2.4";
