"use client";
/** Bars in groups: ours with its interval, and a dotted mark where the paper's number stands. */
import { Axes, frameOf } from "../charts/axes.tsx";
import charts from "../charts/charts.module.css";
import { ChartFrame } from "../charts/frame.tsx";
import { extent } from "../charts/scale.ts";
import { useWidth } from "../charts/use-width.ts";
import { modelKinds, modelStyle } from "../ui/models.ts";
import { Empty } from "../ui/states.tsx";
import type { FigureOf } from "./figure-query.ts";
import { formatOf, tickOf } from "./quantities.ts";

const height = 280;
const tints = [100, 55, 30, 75, 15];

/** A series in its model's hue, else in a tint of the ink. */
function fillOf(name: string, at: number): string {
	const isModel = modelKinds.some((kind) => name.toLowerCase().startsWith(kind));
	return isModel
		? `var(${modelStyle(name).hue})`
		: `color-mix(in srgb, var(--ink) ${tints[at % tints.length]}%, var(--surface))`;
}

export function FigureBars({
	title,
	figure: { y, groups, series },
}: {
	readonly title: string;
	readonly figure: FigureOf<"BarsFigure">;
}) {
	const [host, width] = useWidth<HTMLDivElement>();
	const measured = series.flatMap(({ values }) => values.flatMap((one) => (one.measured ? [one.measured] : [])));
	if (measured.length === 0)
		return <Empty title={`${title}: nothing is measured yet`}>It is drawn with the first evaluated run.</Empty>;
	const format = formatOf(y.unit);
	const ys =
		y.unit === "SHARE" ? ([0, 1] as const) : extent([0, ...measured.map(({ high, mean }) => high ?? mean)], 0.04);
	const frame = frameOf({ width, height, xs: [0, groups.length], ys });
	const slot = (frame.x(1) - frame.x(0)) * 0.76;
	const bar = slot / series.length;
	const isPublished = series.some(({ values }) => values.some(({ published }) => published.length > 0));
	return (
		<ChartFrame
			title={title}
			summary={series
				.map(
					({ title: name, values }) =>
						`${name}: ${values.map(({ measured: one }, at) => `${groups[at]} ${one ? format(one.mean) : "–"}`).join(", ")}`,
				)
				.join("; ")
				.concat(".")}
			method={`Means over up to ${Math.max(...measured.map(({ n }) => n))} repetitions with their 95 % intervals.${isPublished ? " Dotted: what the paper gives." : ""}`}
			table={() => ({
				columns: ["group", "series", y.title, "low", "high", "n", "published"],
				rows: series.flatMap(({ title: name, values }) =>
					values.map(({ measured: one, published }, at) => [
						groups[at] ?? "",
						name,
						one?.mean ?? null,
						one?.low ?? null,
						one?.high ?? null,
						one?.n ?? 0,
						published[0]?.value ?? null,
					]),
				),
			})}
		>
			<div ref={host}>
				<ul className={charts.legend}>
					{series.map(({ name, title: label }, at) => (
						<li key={name}>
							<svg width={12} height={12} aria-hidden="true">
								<rect width={12} height={12} fill={fillOf(name, at)} stroke="var(--line-strong)" />
							</svg>
							{label}
						</li>
					))}
				</ul>
				<svg data-chart="" className={charts.drawing} width={width} height={height} role="img" aria-label={title}>
					<Axes
						frame={frame}
						xs={[0, groups.length]}
						ys={ys}
						xTitle=""
						xTicks={groups.map((_, at) => at + 0.5)}
						xFormat={(at) => groups[Math.floor(at)] ?? ""}
						yTitle={y.title}
						yFormat={tickOf(y.unit)}
					/>
					{series.map(({ name, values }, at) =>
						values.map(({ measured: one, published }, group) => {
							const left = frame.x(group + 0.5) - slot / 2 + bar * at;
							const middle = left + bar / 2;
							return (
								<g key={`${name} ${groups[group]}`}>
									{one && (
										<rect
											x={left + 1}
											y={frame.y(one.mean)}
											width={Math.max(1, bar - 2)}
											height={frame.y(ys[0]) - frame.y(one.mean)}
											fill={fillOf(name, at)}
											stroke="var(--line-strong)"
											strokeWidth={0.5}
										>
											<title>{`${name}, ${groups[group]}: ${format(one.mean)}`}</title>
										</rect>
									)}
									{one?.low != null && one.high != null && (
										<line
											className={charts.rule}
											x1={middle}
											x2={middle}
											y1={frame.y(one.low)}
											y2={frame.y(one.high)}
										/>
									)}
									{published.map(({ dataset, value }) => (
										<line
											key={dataset}
											className={charts.chance}
											x1={left}
											x2={left + bar}
											y1={frame.y(value)}
											y2={frame.y(value)}
										>
											<title>{`published, ${dataset}: ${format(value)}`}</title>
										</line>
									))}
								</g>
							);
						}),
					)}
				</svg>
			</div>
		</ChartFrame>
	);
}
