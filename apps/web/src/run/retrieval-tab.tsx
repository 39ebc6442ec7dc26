"use client";
/** The retrieval gallery: what a caption finds in each model, in rows, at the step that is looked at. */
import { useEffect, useMemo } from "react";
import { useQuery } from "urql";
import { CurveChart } from "../charts/curve-chart.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import { CaptionChoice, useCaptions } from "./caption-choice.tsx";
import { AskInWords, FreeRetrieval } from "./free-retrieval.tsx";
import { GoalChoice, goalKey } from "./goal-choice.tsx";
import { MeasuredRow } from "./measured-row.tsx";
import { metricPanels } from "./metric-panels.ts";
import { ProbeSlider, useChosenStep } from "./probe-slider.tsx";
import { atStep, probeSteps } from "./probes.ts";
import css from "./retrieval.module.css";
import { type Evaluation, type Goal, ProbesQuery } from "./retrieval-query.ts";
import type { TabProps } from "./run-query.ts";

export default function RetrievalTab({ run, live }: TabProps) {
	const [result, ask] = useQuery({
		query: ProbesQuery,
		variables: { number: run.number },
		requestPolicy: "cache-and-network",
	});
	const milestones = live?.milestones ?? 0;
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the feed tells of a new measurement.
	useEffect(() => {
		if (milestones > 0) ask({ requestPolicy: "network-only" });
	}, [milestones]);
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="chart" lines={2} />}
		>
			{(data) => <Gallery run={run} live={live} evaluations={data.run?.evaluations ?? []} />}
		</Loaded>
	);
}

function Gallery({ run, live, evaluations }: TabProps & { readonly evaluations: readonly Evaluation[] }) {
	const [chosenGoal] = useParameter("goal");
	const [words] = useParameter("ask");
	const goals = evaluations[0]?.goals ?? [];
	const goal = goals.find((one) => goalKey(one) === chosenGoal) ?? goals[0];
	if (!goal)
		return <Empty title="Nothing to retrieve with yet">The gallery opens with the first evaluated model.</Empty>;
	return (
		<div className={css.gallery}>
			{goals.length > 1 && <GoalChoice goals={goals} chosen={goalKey(goal)} />}
			<div className={css.asking}>
				<CaptionChoice evaluation={evaluations[0]?.id ?? ""} goal={goal} isActive={words === ""} />
				<AskInWords key={words} />
			</div>
			{words === "" ? (
				<Measured run={run} live={live} evaluations={evaluations} goal={goal} />
			) : (
				<FreeRetrieval run={run} evaluations={evaluations} goal={goal} text={words} />
			)}
		</div>
	);
}

interface MeasuredProps extends TabProps {
	readonly evaluations: readonly Evaluation[];
	readonly goal: Goal;
}

/** What was recorded while the run measured its models. */
function Measured({ live, evaluations, goal }: MeasuredProps) {
	const step = useChosenStep();
	const { chosen } = useCaptions(evaluations[0]?.id ?? "", goal);
	const steps = useMemo(() => probeSteps(evaluations), [evaluations]);
	const series = live?.series;
	const lastOf = (model: string) => {
		const loss = series?.get(`${model}/loss`);
		const isEnded = evaluations.some((one) => one.model === model && one.step === null);
		return loss && isEnded && loss.length > 0 ? loss.steps[loss.length - 1] : undefined;
	};
	const curve = series && metricPanels(series).find(({ title }) => title === "Hit@10");
	if (!chosen) return <Skeleton shape="row" lines={6} />;
	return (
		<>
			<ProbeSlider steps={steps} />
			{[...atStep(evaluations, step, lastOf)].map(([model, evaluation]) => (
				<MeasuredRow
					key={model}
					model={model}
					evaluation={evaluation}
					first={probeSteps(evaluations.filter((one) => one.model === model))[0]}
					goal={goal}
					caption={chosen}
				/>
			))}
			{curve && steps.length > 0 && <CurveChart title={curve.title} curves={curve.curves} format={curve.format} />}
		</>
	);
}
