"use client";
/** What a caption found when a run measured one of its models. */
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { formatWhole } from "../ui/format.ts";
import type { Caption } from "./caption-choice.tsx";
import { goalKey } from "./goal-choice.tsx";
import { type Evaluation, FoundQuery, type Goal } from "./retrieval-query.ts";
import { RetrievalRow } from "./retrieval-row.tsx";

interface MeasuredRowProps {
	readonly model: string;
	/** Undefined before the model's first measurement. */
	readonly evaluation: Evaluation | undefined;
	/** Step of the model's first measurement, where there is none yet. */
	readonly first?: number | undefined;
	readonly goal: Pick<Goal, "from" | "to" | "direction">;
	readonly caption: Pick<Caption, "query" | "after">;
	/** As in the row that is drawn. */
	readonly label?: string;
	readonly head?: ReactNode;
}

export function MeasuredRow({ model, evaluation, first, goal, caption, ...drawn }: MeasuredRowProps) {
	const [{ data, fetching }] = useQuery({
		query: FoundQuery,
		variables: { evaluation: evaluation?.id ?? "", after: caption.after },
		pause: !evaluation,
		requestPolicy: "cache-first",
	});
	if (!evaluation)
		return (
			<RetrievalRow
				{...drawn}
				model={model}
				when="not measured yet"
				items={undefined}
				rank={undefined}
				absence={`It is measured for the first time at step ${formatWhole(first)}.`}
			/>
		);
	const goals = data?.node && "goals" in data.node ? data.node.goals : [];
	const found = goals
		?.find((one) => goalKey(one) === goalKey(goal))
		?.queries.nodes.find(({ query }) => query === caption.query);
	return (
		<RetrievalRow
			{...drawn}
			model={model}
			when={evaluation.step === null ? "after training" : `at step ${formatWhole(evaluation.step)}`}
			items={found?.top}
			rank={found?.rank}
			isBusy={fetching}
		/>
	);
}
