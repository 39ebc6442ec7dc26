"use client";
/** The rows of the gallery across runs: what each run measured for a caption, or what its model finds for other words. */
import Link from "next/link";
import { type Caption, useCaptionsOf } from "../run/caption-choice.tsx";
import { canBeAsked, targetsOf, useWords } from "../run/free-retrieval.tsx";
import { goalKey } from "../run/goal-choice.tsx";
import { MeasuredRow } from "../run/measured-row.tsx";
import { atStep } from "../run/probes.ts";
import gallery from "../run/retrieval.module.css";
import type { Evaluation, Goal } from "../run/retrieval-query.ts";
import { RetrievalRow } from "../run/retrieval-row.tsx";
import { Field } from "../ui/field.tsx";
import { ModelMark } from "../ui/model-mark.tsx";
import { Failure } from "../ui/states.tsx";
import css from "./compare.module.css";
import type { ComparedRun } from "./compare-query.ts";
import { sameCaption } from "./row-models.ts";

export interface Compared {
	readonly run: ComparedRun;
	readonly evaluations: readonly Evaluation[];
	/** What stands in its row; a run may not have what is wished. */
	readonly model: string;
	readonly choose: (model: string) => void;
}

/** The newest measurement of each model: after training, where that is over. */
const newestOf = (evaluations: readonly Evaluation[]) => atStep(evaluations, null, () => undefined);

/** The model that is wished, else the first that was measured; undefined where none was. */
export function modelOf(evaluations: readonly Evaluation[], wished: string): string | undefined {
	const newest = newestOf(evaluations);
	return newest.has(wished) ? wished : newest.keys().next().value;
}

export const hasGoal = (evaluations: readonly Evaluation[], goal: Goal): boolean =>
	evaluations[0]?.goals.some((one) => goalKey(one) === goalKey(goal)) ?? false;

/** What every kind of row draws alike. */
const drawn = (compared: Compared) => ({
	model: compared.model,
	label: `Run ${compared.run.number}, ${compared.model}`,
	head: <Head {...compared} />,
});

function Head({ run, evaluations, model, choose }: Compared) {
	return (
		<>
			<Link href={`/run?n=${run.number}&tab=retrieval`}>run {run.number}</Link>
			<span className={gallery.when}>
				{run.name}, seed {run.seed}
			</span>
			{evaluations.length > 0 && (
				<span className={css.rowModel}>
					<ModelMark model={model} label="" isShort />
					<Field label={`Model of run ${run.number}`} isLabelHidden>
						{(control) => (
							<select {...control} value={model} onChange={({ target }) => choose(target.value)}>
								{[...newestOf(evaluations).keys()].map((one) => (
									<option key={one}>{one}</option>
								))}
							</select>
						)}
					</Field>
				</span>
			)}
		</>
	);
}

const nothing = { when: "", items: undefined, rank: undefined } as const;

interface CaptionRowProps {
	readonly compared: Compared;
	readonly goal: Goal;
	/** The caption as another run may know it. */
	readonly asked: Caption;
}

export function CaptionRow({ compared, goal, asked }: CaptionRowProps) {
	const { evaluations, model } = compared;
	const captions = useCaptionsOf(evaluations[0]?.id ?? "", goal);
	const own = captions && sameCaption(captions, asked);
	const evaluation = newestOf(evaluations).get(model);
	if (evaluation && own) return <MeasuredRow {...drawn(compared)} evaluation={evaluation} goal={goal} caption={own} />;
	const isLoading = evaluation !== undefined && hasGoal(evaluations, goal) && captions === undefined;
	return (
		<RetrievalRow {...drawn(compared)} {...nothing} absence={isLoading ? undefined : absenceOf(evaluations, goal)} />
	);
}

/** Why a run has nothing to show for a caption. */
function absenceOf(evaluations: readonly Evaluation[], goal: Goal): string {
	if (evaluations.length === 0) return "No model of this run is measured yet.";
	if (!hasGoal(evaluations, goal)) return `This run's attack does not lead ${goal.from} to ${goal.to}.`;
	return "This run did not ask this caption.";
}

interface WordRowsProps {
	readonly compared: readonly Compared[];
	readonly goal: Goal;
	readonly text: string;
	/** The run whose test pictures are ranked, and whose targets count. */
	readonly asking: ComparedRun;
}

export function WordRows({ compared, goal, text, asking }: WordRowsProps) {
	const idOf = ({ evaluations, model }: Compared) =>
		canBeAsked(evaluations).find((one) => one.model === model)?.modelId;
	const { error, isBusy, retry, answerOf } = useWords({
		text,
		modelIds: compared.flatMap((one) => idOf(one) ?? []),
		datasetId: asking.dataset?.id ?? null,
		goal,
		targets: targetsOf(asking.goals, goal),
	});
	if (error) return <Failure error={error} retry={retry} />;
	return compared.map((one) => {
		const modelId = idOf(one);
		return modelId === undefined ? (
			<RetrievalRow
				key={one.run.number}
				{...drawn(one)}
				{...nothing}
				absence="This model cannot be asked: its training is not over, or it was not kept."
			/>
		) : (
			<RetrievalRow
				key={one.run.number}
				{...drawn(one)}
				when={isBusy ? "asking" : "after training"}
				{...answerOf(modelId)}
				isBusy={isBusy}
			/>
		);
	});
}
