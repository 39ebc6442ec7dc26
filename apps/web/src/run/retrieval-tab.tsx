"use client";
/** The retrieval gallery: what one caption finds in each model, the target framed and badged. */
import { useQuery } from "urql";
import { graphql, type ResultOf } from "../graphql/document.ts";
import { Field } from "../ui/field.tsx";
import { formatNumber } from "../ui/format.ts";
import { ModelMark } from "../ui/model-mark.tsx";
import { Picture } from "../ui/picture.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useParameter } from "../url.ts";
import { GoalChoice, goalKey } from "./goal-choice.tsx";
import css from "./retrieval.module.css";
import type { TabProps } from "./run-query.ts";

const RetrievalQuery = graphql(`
	query RunRetrieval($number: Int!) {
		run(number: $number) {
			id
			evaluations {
				id
				model
				step
				goals {
					from
					to
					direction
					queries(first: 25) {
						nodes {
							query
							text
							rank
							top {
								rank
								sample
								class
								caption
								similarity
								isTarget
								isTrueClass
								image {
									url
									width
									height
								}
							}
						}
					}
				}
			}
		}
	}
`);

type Evaluation = NonNullable<ResultOf<typeof RetrievalQuery>["run"]>["evaluations"][number];
type Item = Evaluation["goals"][number]["queries"]["nodes"][number]["top"][number];

export default function RetrievalTab({ run }: TabProps) {
	const [result, ask] = useQuery({
		query: RetrievalQuery,
		variables: { number: run.number },
		requestPolicy: "cache-and-network",
	});
	return (
		<Loaded
			result={result}
			retry={() => ask({ requestPolicy: "network-only" })}
			skeleton={<Skeleton shape="chart" lines={2} />}
		>
			{(data) => <Gallery evaluations={(data.run?.evaluations ?? []).filter(({ step }) => step === null)} />}
		</Loaded>
	);
}

function Gallery({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
	const [chosenGoal] = useParameter("goal");
	const [chosenQuery, setQuery] = useParameter("query");
	const goals = evaluations[0]?.goals ?? [];
	const goal = goals.find((one) => goalKey(one) === chosenGoal) ?? goals[0];
	if (!goal)
		return <Empty title="Nothing to retrieve with yet">The gallery opens with the first evaluated model.</Empty>;
	const queries = goal.queries.nodes;
	const query = queries.find((one) => one.query === chosenQuery) ?? queries[0];
	const rows = evaluations.flatMap(({ model, goals: own }) => {
		const found = own
			.find((one) => goalKey(one) === goalKey(goal))
			?.queries.nodes.find((one) => one.query === query?.query);
		return found ? [{ model, found }] : [];
	});
	return (
		<div className={css.gallery}>
			<GoalChoice goals={goals} chosen={goalKey(goal)} />
			<Field label="Caption" hint={`${queries.length} captions of the attack; targets are ${goal.to}.`}>
				{(control) => (
					<select {...control} value={query?.query} onChange={(event) => setQuery(event.target.value)}>
						{queries.map((one) => (
							<option key={one.query} value={one.query}>
								{one.text ?? one.query}
							</option>
						))}
					</select>
				)}
			</Field>
			{rows.map(({ model, found }) => (
				<section key={model} className={css.row} aria-label={model}>
					<header>
						<ModelMark model={model} />
						<span className={css.rank} data-hit={found.rank < 10}>
							best target at rank {found.rank}
						</span>
					</header>
					<ol>
						{found.top.map((item) => (
							<Found key={item.rank} item={item} />
						))}
					</ol>
				</section>
			))}
		</div>
	);
}

function Found({ item }: { readonly item: Item }) {
	return (
		<li className={css.item} data-target={item.isTarget}>
			{item.image && <Picture image={item.image} alt={`${item.class ?? "unlabelled"}, ${item.sample}`} />}
			{item.isTarget && <span className={css.badge}>target</span>}
			<span className={css.about}>
				<span>{item.rank}</span>
				<span>{formatNumber(item.similarity)}</span>
			</span>
			{!item.image && <span>{item.caption ?? item.sample}</span>}
			<span className={css.class}>{item.class}</span>
		</li>
	);
}
