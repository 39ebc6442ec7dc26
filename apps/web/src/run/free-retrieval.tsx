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

interface FreeProps {
	readonly run: Run;
	readonly evaluations: readonly Evaluation[];
	readonly goal: Goal;
	readonly text: string;
}

export function FreeRetrieval({ run, evaluations, goal, text }: FreeProps) {
	const finished = evaluations.flatMap(({ model, modelId, step }) =>
		step === null && modelId !== null ? [{ model, modelId }] : [],
	);
	const [{ data, error, fetching }, ask] = useQuery({
		query: RetrieveQuery,
		variables: {
			input: {
				text,
				k: 10,
				modelIds: finished.map(({ modelId }) => modelId),
				datasetId: run.dataset?.id ?? null,
			},
		},
		pause: finished.length === 0,
		requestPolicy: "cache-first",
	});
	if (finished.length === 0)
		return <Empty title="No model is finished">A model answers in words of your own once its training is over.</Empty>;
	if (error) return <Failure error={error} retry={() => ask({ requestPolicy: "network-only" })} />;
	const targets = new Set(run.goals.find(({ from, to }) => from === goal.from && to === goal.to)?.targets);
	const judged = (item: Item): Item => ({
		...item,
		isTarget: targets.has(item.sample),
		isTrueClass: item.class === goal.from,
	});
	return finished.map(({ model, modelId }) => {
		const found = data?.retrieve.find((one) => one.model.id === modelId);
		const items = found?.items.map(judged);
		return (
			<RetrievalRow
				key={model}
				model={model}
				when={fetching ? "asking" : "after training"}
				items={items}
				rank={
					items?.find(({ isTarget }) => isTarget)?.rank ??
					found?.targetRanks.find((one) => one.class === goal.to)?.bestRank
				}
				isBusy={fetching}
			/>
		);
	});
}
