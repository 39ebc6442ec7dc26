"use client";
/** How a number answers to the dose, one chart per value of the other axes, each line with its band over seeds. */
import { extent } from "../charts/scale.ts";
import { XyChart } from "../charts/xy-chart.tsx";
import { Button } from "../ui/button.tsx";
import { formatName, formatNumber, formatRank, formatShare, formatShareTick } from "../ui/format.ts";
import { Empty } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import type { Axis } from "./matrix.ts";
import { doseLines, panelsBy } from "./panels.ts";
import css from "./studies.module.css";
import type { StudyCell } from "./study-query.ts";

const metrics = {
	hitAt10: { title: "Hit@10", format: formatShare, isShare: true },
	minRank: { title: "MinRank", format: formatRank, isShare: false },
	imageRetrievalAt10: { title: "Image retrieval at 10", format: formatShare, isShare: true },
} as const;

const percent = (share: number) => `${Number((100 * share).toPrecision(4))}%`;

interface DoseResponseProps {
	readonly cells: readonly StudyCell[];
	readonly axes: readonly Axis[];
	readonly dose: Axis;
}

export function DoseResponse({ cells, axes, dose }: DoseResponseProps) {
	const [chosen, choose] = useParameter("metric", "hitAt10");
	const metric = chosen in metrics ? (chosen as keyof typeof metrics) : "hitAt10";
	const { title, format, isShare } = metrics[metric];
	const isRate = /rate|share/i.test(dose.name);
	const doses = dose.values.map(Number).sort((a, b) => a - b);
	// A dose of zero has no place on a logarithmic axis; equal steps ask for none.
	const isLogX = doses[0]! > 0 && doses.at(-1)! / doses[0]! >= 4;
	const panels = [...panelsBy(cells, axes, dose.name)].map(([name, members]) => ({
		name,
		lines: doseLines(members, dose, metric),
		seeds: Math.max(0, ...members.map(({ runs }) => runs.length)),
	}));
	const highest = extent(
		panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ y, high }) => high ?? y))),
		0.05,
	)[1];
	return (
		<div className={css.panel}>
			<fieldset className={css.choice}>
				<legend>Answer</legend>
				{Object.entries(metrics).map(([key, one]) => (
					<Button key={key} aria-pressed={key === metric} onClick={() => choose(key)}>
						{one.title}
					</Button>
				))}
			</fieldset>
			<div className={css.charts}>
				{panels.map(({ name, lines, seeds }) =>
					lines.length === 0 ? (
						<Empty key={name} title={`${formatName(name) || title}: no result yet`}>
							The line begins with the first run that ends.
						</Empty>
					) : (
						<XyChart
							key={name}
							title={name === "" ? title : `${title}: ${formatName(name)}`}
							summary={lines
								.map(({ model, points }) => {
									const [first, last] = [points[0]!, points.at(-1)!];
									return `${model} ${format(first.y)} at ${isRate ? percent(first.x) : formatNumber(first.x)}${first === last ? "" : `, ${format(last.y)} at ${isRate ? percent(last.x) : formatNumber(last.x)}`}`;
								})
								.join("; ")
								.concat(".")}
							method={`Means of up to ${seeds} seeds; bands are 95 % intervals by Student's t.`}
							lines={lines}
							xs={[doses[0]!, doses.at(-1)!]}
							ys={[0, isShare ? 1 : highest]}
							xTitle={formatName(dose.name)}
							xTicks={doses}
							xFormat={isRate ? percent : formatNumber}
							yFormat={isShare ? formatShareTick : format}
							isLogX={isLogX}
							hasMarkers
						/>
					),
				)}
			</div>
		</div>
	);
}
