"use client";
/** Retrieval side by side: what one caption finds in a model of every run, a row each. */
import { CaptionChoice, useCaptions } from "../run/caption-choice.tsx";
import { AskInWords } from "../run/free-retrieval.tsx";
import { GoalChoice, goalKey } from "../run/goal-choice.tsx";
import gallery from "../run/retrieval.module.css";
import { type Goal, ProbesQuery } from "../run/retrieval-query.ts";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useListParameter, useParameter } from "../url.ts";
import type { ComparedRun } from "./compare-query.ts";
import { CaptionRow, type Compared, hasGoal, modelOf, WordRows } from "./compare-rows.tsx";
import { chooseRowModel, parseRowModels } from "./row-models.ts";
import { useEach } from "./use-each.ts";

interface PartProps {
	readonly runs: readonly ComparedRun[];
	/** The model of every run for which no other is chosen. */
	readonly model: string;
}

export function CompareRetrieval({ runs, model }: PartProps) {
	const [parts, setParts] = useListParameter("rows");
	const numbers = runs.map(({ number }) => number);
	const result = useEach(
		ProbesQuery,
		numbers.map((number) => ({ number })),
	);
	return (
		<section className={gallery.gallery} aria-label="Retrieval side by side">
			<h2>What one caption finds</h2>
			<Loaded result={result} skeleton={<Skeleton shape="chart" lines={2} />}>
				{(data) => {
					const models = parseRowModels(parts);
					const compared = runs.map((run): Compared => {
						const evaluations = data.find((one) => one.run?.id === run.id)?.run?.evaluations ?? [];
						const wished = models.get(run.number) ?? model;
						return {
							run,
							evaluations,
							model: modelOf(evaluations, wished) ?? wished,
							choose: (next) => setParts(chooseRowModel(parts, { runs: numbers, number: run.number, model: next })),
						};
					});
					return <Gallery compared={compared} />;
				}}
			</Loaded>
		</section>
	);
}

function Gallery({ compared }: { readonly compared: readonly Compared[] }) {
	const [chosen] = useParameter("goal");
	const goals = [
		...new Map(
			compared.flatMap(({ evaluations }) => (evaluations[0]?.goals ?? []).map((goal) => [goalKey(goal), goal])),
		).values(),
	];
	const goal = goals.find((one) => goalKey(one) === chosen) ?? goals[0];
	const asking = goal && compared.find(({ evaluations }) => hasGoal(evaluations, goal));
	if (!goal || !asking)
		return <Empty title="Nothing to retrieve with yet">The rows come with the first evaluated model of a run.</Empty>;
	return (
		<>
			{goals.length > 1 && <GoalChoice goals={goals} chosen={goalKey(goal)} />}
			<Asked compared={compared} goal={goal} asking={asking} />
		</>
	);
}

interface AskedProps {
	readonly compared: readonly Compared[];
	readonly goal: Goal;
	/** The first with the goal: the captions to choose from are its. */
	readonly asking: Compared;
}

function Asked({ compared, goal, asking }: AskedProps) {
	const [words] = useParameter("ask");
	const evaluation = asking.evaluations[0]?.id ?? "";
	const { chosen } = useCaptions(evaluation, goal);
	return (
		<>
			<div className={gallery.asking}>
				<CaptionChoice evaluation={evaluation} goal={goal} isActive={words === ""} />
				<AskInWords key={words} />
			</div>
			{words !== "" ? (
				<WordRows compared={compared} goal={goal} text={words} asking={asking.run} />
			) : chosen ? (
				compared.map((one) => <CaptionRow key={one.run.number} compared={one} goal={goal} asked={chosen} />)
			) : (
				<Skeleton shape="row" lines={6} />
			)}
		</>
	);
}
