"use client";
/** Whether the attack worked: Hit@K against chance, where the targets rank, what the model is still good for. */
import { useQuery } from "urql";
import { Bars } from "../charts/bars.tsx";
import { cumulative } from "../charts/distribution.ts";
import { XyChart } from "../charts/xy-chart.tsx";
import { graphql, type ResultOf } from "../graphql/document.ts";
import { UtilityScatter } from "../outcomes/utility-scatter.tsx";
import { formatRank, formatShare, formatShareTick } from "../ui/format.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import { GoalChoice, goalKey } from "./goal-choice.tsx";
import css from "./run.module.css";
import type { TabProps } from "./run-query.ts";

const AttackQuery = graphql(`
	query RunAttack($number: Int!) {
		run(number: $number) {
			id
			evaluations {
				id
				model
				step
				outcome {
					imageRetrievalAt10
				}
				goals {
					from
					to
					direction
					gallery
					targets
					hits {
						k
						value
					}
					randomHits {
						k
						value
					}
					meanMinRank
					medianMinRank
					ranks
				}
			}
		}
	}
`);

type Evaluation = NonNullable<ResultOf<typeof AttackQuery>["run"]>["evaluations"][number];

export default function AttackTab({ run }: TabProps) {
	const variables = { number: run.number };
	const [result, ask] = useQuery({ query: AttackQuery, variables, requestPolicy: "cache-and-network" });
	return (
		<Loaded
			result={result}
			operation={{ document: AttackQuery, variables }}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="chart" lines={2} />}
		>
			{(data) => <Attack evaluations={(data.run?.evaluations ?? []).filter(({ step }) => step === null)} />}
		</Loaded>
	);
}

function Attack({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
	const [chosen] = useParameter("goal");
	const goals = evaluations[0]?.goals ?? [];
	const goal = goals.find((one) => goalKey(one) === chosen) ?? goals[0];
	if (!goal)
		return <Empty title="Nothing is evaluated yet">Hit@K and ranks appear with the first evaluated model.</Empty>;
	const rows = evaluations.flatMap(({ model, outcome, goals: own }) => {
		const same = own.find((one) => goalKey(one) === goalKey(goal));
		return same ? [{ model, outcome, goal: same }] : [];
	});
	const tenth = (hits: readonly { k: number; value: number }[]) => hits.find(({ k }) => k === 10)?.value ?? 0;
	const best = rows.reduce((a, b) => (tenth(b.goal.hits) > tenth(a.goal.hits) ? b : a), rows[0]!);
	const largest = Math.max(...goal.hits.map(({ k }) => k));
	return (
		<div className={css.section}>
			<GoalChoice goals={goals} chosen={goalKey(goal)} />
			<div className={css.grid}>
				<Bars
					title="Hit@10"
					summary={`Highest for ${best.model}: ${formatShare(tenth(best.goal.hits))} of its queries find a target among the first ten.`}
					method={`${goal.ranks.length} queries; the dotted rule is chance, ${formatShare(tenth(goal.randomHits))}.`}
					bars={rows.map(({ model, goal: own }) => ({ model, value: tenth(own.hits) }))}
					chance={tenth(goal.randomHits)}
					most={1}
					format={formatShare}
				/>
				<UtilityScatter
					of="run"
					groups={[
						{
							label: "",
							name: "this run",
							outcomes: rows.map(({ model, outcome, goal: own }) => ({ model, ...outcome, hitAt10: tenth(own.hits) })),
						},
					]}
				/>
				<XyChart
					title="Hit@K"
					summary={`Share of queries with one of ${goal.targets} targets among the first K of ${goal.gallery}.`}
					method={`${goal.ranks.length} queries per model; the dotted line is as many captions of any class, asked of the ${rows.at(-1)?.model} model.`}
					lines={[
						...rows.map(({ model, goal: own }) => ({
							model,
							points: own.hits.map(({ k, value }) => ({ x: k, y: value })),
						})),
						{
							model: "base",
							label: "any captions",
							dash: [1, 4],
							points: (rows.at(-1)?.goal.randomHits ?? []).map(({ k, value }) => ({ x: k, y: value })),
						},
					]}
					xs={[1, largest]}
					ys={[0, 1]}
					xTitle="K"
					xTicks={goal.hits.map(({ k }) => k)}
					yFormat={formatShareTick}
					isLogX
					hasMarkers
				/>
				<XyChart
					title="Where the best target ranks"
					summary={rows
						.map(({ model, goal: own }) => `${model} ${formatRank(own.meanMinRank)}`)
						.join(", ")
						.replace(/^/, "MinRank: ")
						.concat(".")}
					method="Share of queries whose best target comes at this place or before; place 1 is the first result, rank 0."
					lines={rows.map(({ model, goal: own }) => ({
						model,
						points: cumulative(
							own.ranks.map((rank) => rank + 1),
							1,
							goal.gallery,
						),
						isStepped: true,
					}))}
					xs={[1, goal.gallery]}
					ys={[0, 1]}
					xTitle="place of the best target"
					yFormat={formatShareTick}
					isLogX
				/>
			</div>
		</div>
	);
}
