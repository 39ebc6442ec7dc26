"use client";
/** Hit@K and the ranks of one model in every run; runs that differ in their seed alone become one line with its band. */
import { cumulative } from "../charts/distribution.ts";
import { XyChart, type XyLine } from "../charts/xy-chart.tsx";
import { estimate } from "../outcomes/statistics.ts";
import { GoalChoice, goalKey } from "../run/goal-choice.tsx";
import { formatShareTick } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import css from "./compare.module.css";
import { dashes, toneOf } from "./compare-curves.tsx";
import { type ComparedRanks, type ComparedRun, CompareRanksQuery } from "./compare-query.ts";
import { useEach } from "./use-each.ts";

interface PartProps {
	readonly runs: readonly ComparedRun[];
	readonly model: string;
}

export function CompareRanks({ runs, model }: PartProps) {
	const result = useEach(
		CompareRanksQuery,
		runs.map(({ number }) => ({ number })),
	);
	return (
		<Loaded result={result} skeleton={<Skeleton shape="chart" lines={2} />}>
			{(data) => <Ranks runs={data.flatMap(({ run }) => (run ? [run] : []))} model={model} />}
		</Loaded>
	);
}

function Ranks({ runs, model }: { readonly runs: readonly ComparedRanks[]; readonly model: string }) {
	const [chosen] = useParameter("goal");
	const measured = runs.flatMap((run) => {
		const evaluation = run.evaluations.find((one) => one.model === model && one.step === null);
		return evaluation ? [{ run, goals: evaluation.goals }] : [];
	});
	const goals = [...new Map(measured.flatMap((one) => one.goals).map((goal) => [goalKey(goal), goal])).values()];
	const goal = goals.find((one) => goalKey(one) === chosen) ?? goals[0];
	if (!goal) return <Empty title={`The ${model} model is not evaluated yet`} />;
	const own = measured.flatMap(({ run, goals: all }) => {
		const found = all.find((one) => goalKey(one) === goalKey(goal));
		return found ? [{ run, goal: found }] : [];
	});
	const groups = [...Map.groupBy(own, ({ run }) => run.groupHash).values()];
	const name = (members: typeof own) =>
		members.length === 1
			? `run ${members[0]?.run.number}`
			: `runs ${members.map(({ run }) => run.number).join(", ")} (n ${members.length})`;
	const hits: XyLine[] = groups.map((members, at) => ({
		model,
		label: name(members),
		dash: dashes[at] ?? [],
		tone: toneOf(model, at),
		points: goal.hits.flatMap(({ k }) => {
			const found = estimate(members.flatMap((one) => one.goal.hits.find((hit) => hit.k === k)?.value ?? []));
			return found ? [{ x: k, y: found.mean, low: found.low, high: found.high }] : [];
		}),
	}));
	const ranks: XyLine[] = groups.map((members, at) => ({
		model,
		label: name(members),
		dash: dashes[at] ?? [],
		tone: toneOf(model, at),
		isStepped: true,
		// Places count from 1 here, since an axis of powers has no zero.
		points: cumulative(
			members.flatMap((one) => one.goal.ranks.map((rank) => rank + 1)),
			1,
			goal.gallery,
		),
	}));
	const largest = Math.max(...goal.hits.map(({ k }) => k));
	const operation = { document: CompareRanksQuery, variables: { number: runs[0]?.number } };
	return (
		<>
			{goals.length > 1 && <GoalChoice goals={goals} chosen={goalKey(goal)} />}
			<div className={css.charts}>
				<XyChart
					title={`Hit@K, ${model}`}
					summary={`Share of queries with one of ${goal.targets} targets among the first K of ${goal.gallery}.`}
					method="Runs that differ in their seed alone are one line: their mean, with the 95 % interval as a band."
					operation={operation}
					lines={hits}
					xs={[1, largest]}
					ys={[0, 1]}
					xTitle="K"
					xTicks={goal.hits.map(({ k }) => k)}
					yFormat={formatShareTick}
					isLogX
					hasMarkers
					hasEndLabels
				/>
				<XyChart
					title={`Where the best target comes, ${model}`}
					summary="Share of queries whose best target comes at this place or before; place 1 is the first result."
					method={`${own.reduce((sum, one) => sum + one.goal.ranks.length, 0)} queries, none left out; seeds of one configuration are pooled.`}
					operation={operation}
					lines={ranks}
					xs={[1, goal.gallery]}
					ys={[0, 1]}
					xTitle="place of the best target"
					yFormat={formatShareTick}
					isLogX
					hasEndLabels
				/>
			</div>
		</>
	);
}
