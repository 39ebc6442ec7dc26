"use client";
/** The curves of one model in every run, over the same axis: runs are told apart by their dash and by their number. */
import { extent } from "../charts/scale.ts";
import { XyChart, type XyLine } from "../charts/xy-chart.tsx";
import { metricFormat, metricTitle } from "../run/metric-panels.ts";
import { formatWhole } from "../ui/format.ts";
import { modelStyle } from "../ui/models.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import css from "./compare.module.css";
import { CompareCurvesQuery, type ComparedRun } from "./compare-query.ts";
import { useEach } from "./use-each.ts";

/** The first run is drawn whole; the others each in a dash of their own. */
export const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 3], [12, 4], [6, 2, 1, 2]] as const;

/** The first run has the model's hue; the others are told apart by how much of it is left. */
export const toneOf = (model: string, at: number) =>
	`color-mix(in srgb, var(${modelStyle(model).hue}) ${Math.max(10, 100 - 38 * at)}%, var(--ink))`;

/** What is compared first, as far as the runs have it. */
const wanted = ["loss", "hit@10", "minRank", "imageRecall@10"];

interface PartProps {
	readonly runs: readonly ComparedRun[];
	readonly model: string;
}

export function CompareCurves({ runs, model }: PartProps) {
	const place = (number: number) => runs.findIndex((run) => run.number === number);
	const names = wanted.filter((name) =>
		runs.some(({ metricKeys }) => metricKeys.some(({ key }) => key === `${model}/${name}`)),
	);
	const keys = names.map((name) => `${model}/${name}`);
	const result = useEach(
		CompareCurvesQuery,
		runs.map(({ number }) => ({ number, keys })),
	);
	if (names.length === 0)
		return (
			<Empty title={`The ${model} model has no curves`}>
				It was not trained in these runs, or was taken over from an earlier one.
			</Empty>
		);
	return (
		<Loaded result={result} skeleton={<Skeleton shape="chart" lines={2} />}>
			{(data) => (
				<div className={css.charts}>
					{names.map((name) => {
						const found = data.flatMap(({ run }) => {
							const series = run?.metrics.find(({ key }) => key === `${model}/${name}`);
							return run && series && series.steps.length > 0 ? [{ number: run.number, series }] : [];
						});
						if (found.length === 0) return null;
						const lines: XyLine[] = found.map(({ number, series }) => ({
							model,
							label: `run ${number}`,
							dash: dashes[place(number)] ?? [],
							tone: toneOf(model, place(number)),
							points: series.steps.flatMap((x, at) => {
								const y = series.last[at];
								return y == null ? [] : [{ x, y, low: series.min?.[at] ?? null, high: series.max?.[at] ?? null }];
							}),
						}));
						const points = lines.flatMap((line) => line.points);
						const format = metricFormat(name);
						const drawn = found.reduce((sum, { series }) => sum + series.steps.length, 0);
						const exist = found.reduce((sum, { series }) => sum + series.rawCount, 0);
						const broken = found.reduce((sum, { series }) => sum + series.nonFinite.length, 0);
						return (
							<XyChart
								key={name}
								title={`${metricTitle(name)}, ${model}`}
								summary={`At the end: ${lines.map(({ label, points: own }) => `${label} ${format(own.at(-1)?.y ?? Number.NaN)}`).join(", ")}.${broken > 0 ? ` ${formatWhole(broken)} values were not finite.` : ""}`}
								method={
									drawn < exist
										? `${formatWhole(drawn)} buckets for ${formatWhole(exist)} points: line through the last, band from smallest to largest.`
										: `${formatWhole(exist)} ${exist === 1 ? "point" : "points"}, none left out.`
								}
								operation={{
									document: CompareCurvesQuery,
									variables: { number: runs[0]?.number, keys: [`${model}/${name}`] },
								}}
								lines={lines}
								xs={extent(points.map(({ x }) => x))}
								ys={
									name.includes("@")
										? [0, 1]
										: extent(
												points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]),
												0.04,
											)
								}
								xTitle="step"
								xFormat={formatWhole}
								yFormat={format}
								hasEndLabels
							/>
						);
					})}
				</div>
			)}
		</Loaded>
	);
}
