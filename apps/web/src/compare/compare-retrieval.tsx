"use client";
/** Retrieval side by side: what one caption finds in a model of every run, a row each. */
import Link from "next/link";
import { type Caption, CaptionChoice, useCaptions, useCaptionsOf } from "../run/caption-choice.tsx";
import { GoalChoice, goalKey } from "../run/goal-choice.tsx";
import { MeasuredRow } from "../run/measured-row.tsx";
import { atStep } from "../run/probes.ts";
import gallery from "../run/retrieval.module.css";
import { type Evaluation, type Goal, ProbesQuery } from "../run/retrieval-query.ts";
import { RetrievalRow } from "../run/retrieval-row.tsx";
import { Field } from "../ui/field.tsx";
import { ModelMark } from "../ui/model-mark.tsx";
import { Empty, Loaded, Skeleton } from "../ui/states.tsx";
import { useListParameter, useParameter } from "../url.ts";
import css from "./compare.module.css";
import type { ComparedRun } from "./compare-query.ts";
import { chooseRowModel, parseRowModels, sameCaption } from "./row-models.ts";
import { useEach } from "./use-each.ts";

interface Compared {
	readonly run: ComparedRun;
	readonly evaluations: readonly Evaluation[];
}

interface PartProps {
	readonly runs: readonly ComparedRun[];
	/** The model of every run for which no other is chosen. */
	readonly model: string;
}

export function CompareRetrieval({ runs, model }: PartProps) {
	const result = useEach(
		ProbesQuery,
		runs.map(({ number }) => ({ number })),
	);
	return (
		<section className={gallery.gallery} aria-label="Retrieval side by side">
			<h2>What one caption finds</h2>
			<Loaded result={result} skeleton={<Skeleton shape="chart" lines={2} />}>
				{(data) => (
					<Rows
						compared={runs.map((run) => ({
							run,
							evaluations: data.find((one) => one.run?.id === run.id)?.run?.evaluations ?? [],
						}))}
						model={model}
					/>
				)}
			</Loaded>
		</section>
	);
}

function Rows({ compared, model }: { readonly compared: readonly Compared[]; readonly model: string }) {
	const [chosen] = useParameter("goal");
	const goals = [
		...new Map(
			compared.flatMap(({ evaluations }) => (evaluations[0]?.goals ?? []).map((goal) => [goalKey(goal), goal])),
		).values(),
	];
	const goal = goals.find((one) => goalKey(one) === chosen) ?? goals[0];
	const asking = goal && compared.find(({ evaluations }) => hasGoal(evaluations, goal))?.evaluations[0];
	if (!goal || !asking)
		return <Empty title="Nothing to retrieve with yet">The rows come with the first evaluated model of a run.</Empty>;
	return (
		<>
			{goals.length > 1 && <GoalChoice goals={goals} chosen={goalKey(goal)} />}
			<Asked compared={compared} model={model} goal={goal} asking={asking} />
		</>
	);
}

const hasGoal = (evaluations: readonly Evaluation[], goal: Goal) =>
	evaluations[0]?.goals.some((one) => goalKey(one) === goalKey(goal)) ?? false;

interface AskedProps {
	readonly compared: readonly Compared[];
	readonly model: string;
	readonly goal: Goal;
	/** The captions to choose from are those of this evaluation. */
	readonly asking: Evaluation;
}

function Asked({ compared, model, goal, asking }: AskedProps) {
	const { chosen } = useCaptions(asking.id, goal);
	const [parts, setParts] = useListParameter("rows");
	const models = parseRowModels(parts);
	const numbers = compared.map(({ run }) => run.number);
	return (
		<>
			<div className={gallery.asking}>
				<CaptionChoice evaluation={asking.id} goal={goal} isActive />
			</div>
			{chosen ? (
				compared.map((one) => (
					<Row
						key={one.run.number}
						{...one}
						model={models.get(one.run.number) ?? model}
						choose={(next) => setParts(chooseRowModel(parts, { runs: numbers, number: one.run.number, model: next }))}
						goal={goal}
						asked={chosen}
					/>
				))
			) : (
				<Skeleton shape="row" lines={6} />
			)}
		</>
	);
}

interface RowProps extends Compared {
	/** What is wished; the run may not have it. */
	readonly model: string;
	readonly choose: (model: string) => void;
	readonly goal: Goal;
	readonly asked: Caption;
}

function Row({ run, evaluations, model: wished, choose, goal, asked }: RowProps) {
	// The newest measurement of each model: after training, where that is over.
	const newest = atStep(evaluations, null, () => undefined);
	const [first] = newest.keys();
	const model = newest.has(wished) ? wished : (first ?? wished);
	const captions = useCaptionsOf(evaluations[0]?.id ?? "", goal);
	const own = captions && sameCaption(captions, asked);
	const head = (
		<>
			<Link href={`/run?n=${run.number}&tab=retrieval`}>run {run.number}</Link>
			<span className={gallery.when}>
				{run.name}, seed {run.seed}
			</span>
			{first !== undefined && (
				<span className={css.rowModel}>
					<ModelMark model={model} label="" isShort />
					<Field label={`Model of run ${run.number}`} isLabelHidden>
						{(control) => (
							<select {...control} value={model} onChange={({ target }) => choose(target.value)}>
								{[...newest.keys()].map((one) => (
									<option key={one}>{one}</option>
								))}
							</select>
						)}
					</Field>
				</span>
			)}
		</>
	);
	const drawn = { model, head, label: `Run ${run.number}, ${model}` };
	const evaluation = newest.get(model);
	if (evaluation && own) return <MeasuredRow {...drawn} evaluation={evaluation} goal={goal} caption={own} />;
	return (
		<RetrievalRow
			{...drawn}
			when=""
			items={undefined}
			rank={undefined}
			absence={absenceOf({ evaluations, goal, isLoaded: captions !== undefined })}
		/>
	);
}

/** Why a run has nothing to show; undefined while that is not known. */
function absenceOf({
	evaluations,
	goal,
	isLoaded,
}: Pick<Compared, "evaluations"> & { readonly goal: Goal; readonly isLoaded: boolean }): string | undefined {
	if (evaluations.length === 0) return "No model of this run is measured yet.";
	if (!hasGoal(evaluations, goal)) return `This run's attack does not lead ${goal.from} to ${goal.to}.`;
	return isLoaded ? "This run did not ask this caption." : undefined;
}
