"use client";
/** Asks the run's finished models in one's own words. */
import { type FormEvent, useState } from "react";
import { useQuery } from "urql";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Empty, Failure } from "../ui/states.tsx";
import { changeAddress, useParameter } from "../url.ts";
import css from "./retrieval.module.css";
import { type Evaluation, type Goal, type Item, RetrieveQuery } from "./retrieval-query.ts";
import { RetrievalRow } from "./retrieval-row.tsx";
import type { Run } from "./run-query.ts";

/** Longest text that the server takes. */
const longest = 1000;

export function AskInWords() {
	const [asked] = useParameter("ask");
	const [text, setText] = useState(asked);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		changeAddress({ ask: text.trim() });
	};
	return (
		<form className={css.own} onSubmit={submit}>
			<Field label="Or your own words" hint="The finished models are asked, one after the other.">
				{(control) => (
					<input
						{...control}
						value={text}
						maxLength={longest}
						placeholder="A sheep in the sky"
						onChange={(event) => setText(event.target.value)}
					/>
				)}
			</Field>
			<Button type="submit" icon="search" disabled={text.trim() === ""}>
				Ask
			</Button>
		</form>
	);
}

interface Question {
	readonly text: string;
	readonly modelIds: readonly string[];
	/** Whose test pictures are ranked; that of the first model's run where it is not known. */
	readonly datasetId: string | null;
	readonly goal: Pick<Goal, "from" | "to">;
	/** Samples that the attacker wants to be found under the goal. */
	readonly targets: readonly string[];
}

/** What models find for a text, all among the same pictures. */
export function useWords({ text, modelIds, datasetId, goal, targets }: Question) {
	const [{ data, error, fetching }, ask] = useQuery({
		query: RetrieveQuery,
		variables: { input: { text, k: 10, modelIds: [...new Set(modelIds)], datasetId } },
		pause: modelIds.length === 0,
		requestPolicy: "cache-first",
	});
	const wanted = new Set(targets);
	const judged = (item: Item): Item => ({
		...item,
		isTarget: wanted.has(item.sample),
		isTrueClass: item.class === goal.from,
	});
	return {
		error,
		isBusy: fetching,
		retry: () => ask({ requestPolicy: "network-only" }),
		/** Undefined while it is asked. */
		answerOf(modelId: string) {
			const found = data?.retrieve.find((one) => one.model.id === modelId);
			if (!found) return { items: undefined, rank: undefined };
			const items = found.items.map(judged);
			const rank =
				items.find(({ isTarget }) => isTarget)?.rank ??
				found.targetRanks.find((one) => one.class === goal.to)?.bestRank;
			return { items, rank };
		},
	};
}

interface FreeProps {
	readonly run: Run;
	readonly evaluations: readonly Evaluation[];
	readonly goal: Goal;
	readonly text: string;
}

/** Of the measurements, those whose model can be asked. */
export const canBeAsked = (evaluations: readonly Evaluation[]) =>
	evaluations.flatMap(({ model, modelId, step }) => (step === null && modelId !== null ? [{ model, modelId }] : []));

export function FreeRetrieval({ run, evaluations, goal, text }: FreeProps) {
	const finished = canBeAsked(evaluations);
	const { error, isBusy, retry, answerOf } = useWords({
		text,
		modelIds: finished.map(({ modelId }) => modelId),
		datasetId: run.dataset?.id ?? null,
		goal,
		targets: targetsOf(run.goals, goal),
	});
	if (finished.length === 0)
		return <Empty title="No model is finished">A model answers in words of your own once its training is over.</Empty>;
	if (error) return <Failure error={error} retry={retry} />;
	return finished.map(({ model, modelId }) => (
		<RetrievalRow
			key={model}
			model={model}
			when={isBusy ? "asking" : "after training"}
			{...answerOf(modelId)}
			isBusy={isBusy}
		/>
	));
}

/** The samples that the attacker wants to be found under a goal, of all that a run pursues. */
export const targetsOf = (goals: Run["goals"], goal: Pick<Goal, "from" | "to">): readonly string[] =>
	goals.find(({ from, to }) => from === goal.from && to === goal.to)?.targets ?? [];
