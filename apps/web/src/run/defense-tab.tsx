"use client";
/** What each filter saw: scores of clean and poisoned pairs, its ROC curve, what it kept and lost. */
import { useQuery } from "urql";
import { HistogramChart } from "../charts/histogram.tsx";
import { XyChart } from "../charts/xy-chart.tsx";
import { graphql, type ResultOf } from "../graphql/document.ts";
import { ButtonLink } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { formatNumber, formatShare, formatShareTick, formatWhole } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const DefenseQuery = graphql(`
	query RunDefense($number: Int!) {
		run(number: $number) {
			id
			defenseReports {
				id
				defense
				threshold
				kept
				removed
				poisonLeft
				cleanLost
				precision
				recall
				auroc
				histogram {
					minimum
					maximum
					clean
					poisoned
				}
				roc {
					threshold
					falsePositiveRate
					truePositiveRate
				}
			}
		}
	}
`);

type Report = NonNullable<ResultOf<typeof DefenseQuery>["run"]>["defenseReports"][number];

export default function DefenseTab({ run }: TabProps) {
	const variables = { number: run.number };
	const [result, ask] = useQuery({ query: DefenseQuery, variables, requestPolicy: "cache-and-network" });
	return (
		<Loaded
			result={result}
			operation={{ document: DefenseQuery, variables }}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="chart" lines={2} />}
		>
			{(data) =>
				data.run?.defenseReports.length ? (
					<div className={css.section}>
						{data.run.defenseReports.map((report) => (
							<ReportView key={report.id} report={report} number={run.number} />
						))}
					</div>
				) : (
					<Empty title="No filter has reported">
						A run with a filter shows here how it told poisoned from clean pairs.
					</Empty>
				)
			}
		</Loaded>
	);
}

function ReportView({ report, number }: { readonly report: Report; readonly number: number }) {
	const all = report.kept + report.removed;
	const poisoned = report.histogram.poisoned.reduce((sum, count) => sum + count, 0);
	const clean = report.histogram.clean.reduce((sum, count) => sum + count, 0);
	const numbers: readonly (readonly [string, string])[] = [
		["Kept", `${formatWhole(report.kept)} of ${formatWhole(all)}`],
		["Poison left", formatWhole(report.poisonLeft)],
		["Clean lost", `${formatWhole(report.cleanLost)} (${formatShare(clean > 0 ? report.cleanLost / clean : null)})`],
		["Precision", formatShare(report.precision)],
		["Recall", formatShare(report.recall)],
		["AUROC", formatNumber(report.auroc)],
	];
	const point = {
		x: clean > 0 ? report.cleanLost / clean : 0,
		y: poisoned > 0 ? 1 - report.poisonLeft / poisoned : 0,
	};
	return (
		<section className={css.section} aria-label={report.defense}>
			<div className={css.header}>
				<h2>
					<ModelMark model="filtered" label={report.defense} />
				</h2>
				<ButtonLink icon="threshold" href={`/thresholds?run=${number}&defense=${encodeURIComponent(report.defense)}`}>
					Open in the threshold lab
				</ButtonLink>
			</div>
			<dl className={facts.facts}>
				{numbers.map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</div>
				))}
			</dl>
			<div className={css.grid}>
				<HistogramChart title="Score of each pair" histogram={report.histogram} threshold={report.threshold} />
				{report.roc.length > 0 && (
					<XyChart
						title="ROC"
						summary={`The cut removes ${formatShare(point.y)} of the poisoned and ${formatShare(point.x)} of the clean pairs.`}
						lines={[
							{
								model: "filtered",
								label: report.defense,
								points: report.roc
									.map(({ falsePositiveRate, truePositiveRate }) => ({ x: falsePositiveRate, y: truePositiveRate }))
									.sort((a, b) => a.x - b.x || a.y - b.y),
							},
						]}
						xs={[0, 1]}
						ys={[0, 1]}
						xTitle="clean pairs removed"
						xFormat={formatShareTick}
						yFormat={formatShareTick}
					>
						{({ x, y }) => (
							<circle cx={x(point.x)} cy={y(point.y)} r={5} fill="var(--surface)" stroke="var(--ink)" strokeWidth={2} />
						)}
					</XyChart>
				)}
			</div>
		</section>
	);
}
