"use client";
/** The threshold lab: where should a filter cut? Drag, see what is caught and what is lost, and run exactly that filter. */
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { useMutation, useQuery } from "urql";
import { toast } from "../shell/toasts.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { formatNumber, formatShare, formatWhole } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import css from "./lab.module.css";
import { PrecisionRecallCurve, RocCurve } from "./lab-curves.tsx";
import { LabHistogram } from "./lab-histogram.tsx";
import { fitMixture } from "./mixture.ts";
import { NearestPairs } from "./nearest-pairs.tsx";
import { cumulate, type OperatingPoint, operatingPoint, operatingPoints } from "./operating-point.ts";
import { filteredRuns, labRun, type Report, startFilter } from "./queries.ts";

export function ThresholdLab() {
	const [chosen, choose] = useParameter("run");
	const [runs] = useQuery({ query: filteredRuns });
	return (
		<Loaded result={runs} skeleton={<Skeleton shape="chart" />}>
			{({ runs: { nodes } }) => {
				const first = nodes[0];
				if (!first)
					return (
						<Empty title="No run has filtered yet">
							<p>The lab needs the distances that a filter measured. Start a run with the filter among its defenses.</p>
						</Empty>
					);
				const number = chosen === "" ? first.number : Number(chosen);
				return (
					<>
						<div className={css.picked}>
							<Field label="Distances measured in">
								{(control) => (
									<select {...control} value={number} onChange={({ target }) => choose(target.value)}>
										{nodes.map((run) => (
											<option key={run.number} value={run.number}>
												#{run.number} {run.name}, seed {run.seed}
											</option>
										))}
									</select>
								)}
							</Field>
						</div>
						<LabOfRun key={number} number={number} />
					</>
				);
			}}
		</Loaded>
	);
}

function LabOfRun({ number }: { readonly number: number }) {
	const [result] = useQuery({ query: labRun, variables: { number } });
	return (
		<Loaded
			result={result}
			operation={{ document: labRun, variables: { number } }}
			skeleton={<Skeleton shape="chart" />}
		>
			{({ run }) => {
				const report = run?.defenseReports[0];
				return run && report ? (
					<Bench run={run} report={report} />
				) : (
					<Empty title={`Run ${number} has no filter report`} />
				);
			}}
		</Loaded>
	);
}

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
const countsOf = ({ histogram: { clean, poisoned } }: Report) => ({ clean: total(clean), poisoned: total(poisoned) });

interface BenchProps {
	readonly run: { readonly id: string; readonly number: number };
	readonly report: Report;
}

function Bench({ run, report }: BenchProps) {
	const [text, setText] = useParameter("at");
	const [view, setView] = useParameter("view", "attacker");
	const [dragged, setDragged] = useState<number | null>(null);
	const threshold = dragged ?? (text === "" || Number.isNaN(Number(text)) ? report.threshold : Number(text));
	const isTruthHidden = view === "defender";
	const cumulative = useMemo(() => cumulate(report.histogram), [report]);
	const points = useMemo(() => operatingPoints(cumulative), [cumulative]);
	const mixture = useMemo(() => report.mixture ?? fitMixture(report.histogram), [report]);
	const here = operatingPoint(cumulative, threshold);
	const move = (to: number) => {
		setDragged(to);
		setText(to.toFixed(4));
	};
	return (
		<>
			<fieldset className={css.view}>
				<legend className="visually-hidden">Point of view</legend>
				{(["attacker", "defender"] as const).map((side) => (
					<label key={side}>
						<input type="radio" name="view" checked={view === side} onChange={() => setView(side)} />
						{side === "attacker" ? "With the truth" : "As the defender sees it"}
					</label>
				))}
			</fieldset>
			<LabHistogram
				histogram={report.histogram}
				threshold={threshold}
				onThreshold={move}
				mixture={mixture}
				isTruthHidden={isTruthHidden}
			/>
			<Outcome here={here} isTruthHidden={isTruthHidden} />
			<div className={css.actions}>
				<RunFilter run={run} threshold={threshold} />
				<Button onClick={() => move(report.threshold)}>
					Back to the run's own cut, {formatNumber(report.threshold)}
				</Button>
			</div>
			{!isTruthHidden && (
				<div className={css.curves}>
					<RocCurve points={points} here={here} area={report.auroc} counts={countsOf(report)} />
					<PrecisionRecallCurve points={points} here={here} />
				</div>
			)}
			<NearestPairs reportId={report.id} threshold={threshold} isTruthHidden={isTruthHidden} />
		</>
	);
}

function Outcome({ here, isTruthHidden }: { readonly here: OperatingPoint; readonly isTruthHidden: boolean }) {
	const figures: readonly (readonly [string, string])[] = [
		["kept", formatWhole(here.kept)],
		["removed", formatWhole(here.removed)],
		...(isTruthHidden
			? []
			: ([
					["poison left", formatWhole(here.poisonLeft)],
					["clean lost", formatWhole(here.cleanLost)],
					["poison caught", formatShare(here.truePositiveRate)],
					["precision", formatShare(here.precision)],
				] as const)),
	];
	return (
		<dl className={css.outcome} aria-live="polite">
			{figures.map(([term, value]) => (
				<div key={term}>
					<dt>{term}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}

function RunFilter({ run, threshold }: { readonly run: BenchProps["run"]; readonly threshold: number }) {
	const router = useRouter();
	const [{ fetching }, start] = useMutation(startFilter);
	const distance = Number(threshold.toFixed(4));
	const launch = async () => {
		const result = await start({
			input: {
				// The same cut of the same run starts once, however often the button is pressed.
				idempotencyKey: `filter-${run.id}-${distance}`,
				basedOn: run.id,
				name: `filter at ${distance}`,
				config: { defenses: [{ filter: { threshold: { fixed: { distance } } } }] },
			},
		});
		const started = result.data?.startRun;
		if (started?.run) router.push(`/run?n=${started.run.number}`);
		else toast(started?.errors[0]?.message ?? result.error?.message ?? "The run was not started.");
	};
	return (
		<Button look="primary" icon="play" disabled={fetching} onClick={() => void launch()}>
			Run this filter on run {run.number}
		</Button>
	);
}
