"use client";
/** Picks one of the attack's captions; part of the address. */
import { useQuery } from "urql";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { changeAddress, useParameter } from "../url.ts";
import { type GoalName, goalKey } from "./goal-choice.tsx";
import css from "./retrieval.module.css";
import { CaptionsQuery, type Goal } from "./retrieval-query.ts";

export interface Caption {
	readonly query: string;
	readonly text: string | null;
	/** The place before it among the captions of its evaluation, to ask for it alone; null for the first. */
	readonly after: string | null;
}

/** The captions that an evaluation asks under a goal; undefined while they are loaded. All evaluations of a run have the same in the same order. */
export function useCaptionsOf(evaluation: string, goal: GoalName): readonly Caption[] | undefined {
	const [{ data }] = useQuery({ query: CaptionsQuery, variables: { evaluation }, pause: evaluation === "" });
	if (!data) return undefined;
	const goals = (data.node && "goals" in data.node && data.node.goals) || [];
	const page = goals.find((one) => goalKey(one) === goalKey(goal))?.queries;
	return (page?.nodes ?? []).map((node, index) => ({ ...node, after: page?.edges[index - 1]?.cursor ?? null }));
}

/** The same, and the one that the address names, else the first. */
export function useCaptions(evaluation: string, goal: GoalName) {
	const [chosenQuery] = useParameter("query");
	const captions = useCaptionsOf(evaluation, goal) ?? [];
	return { captions, chosen: captions.find(({ query }) => query === chosenQuery) ?? captions[0] };
}

interface ChoiceProps {
	readonly evaluation: string;
	readonly goal: Goal;
	/** False while something else is asked. */
	readonly isActive: boolean;
}

export function CaptionChoice({ evaluation, goal, isActive }: ChoiceProps) {
	const { captions, chosen } = useCaptions(evaluation, goal);
	const text = isActive && goal.direction === "TEXT_TO_IMAGE" ? chosen?.text : null;
	return (
		<div className={css.choice}>
			<Field
				label="A caption of the attack"
				hint={`Captions of ${goal.from} shall find ${goal.to} among ${goal.gallery} pictures.`}
			>
				{(control) => (
					<select
						{...control}
						value={isActive ? (chosen?.query ?? "") : ""}
						onChange={({ target }) => changeAddress({ query: target.value, ask: null })}
					>
						{!isActive && <option value="">Choose …</option>}
						{captions.map(({ query, text: words }) => (
							<option key={query} value={query}>
								{words ?? query}
							</option>
						))}
					</select>
				)}
			</Field>
			{text && (
				<Button
					title="Measurements keep ranks alone: the finished models are asked anew"
					onClick={() => changeAddress({ ask: text })}
				>
					With cosines
				</Button>
			)}
		</div>
	);
}
