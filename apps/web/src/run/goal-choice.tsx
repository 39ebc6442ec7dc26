"use client";
/** Picks one goal of several; part of the address. */
import { Button } from "../ui/button.tsx";
import ui from "../ui/ui.module.css";
import { changeAddress } from "../url.ts";

export interface GoalName {
	readonly from: string;
	readonly to: string;
	readonly direction: "TEXT_TO_IMAGE" | "IMAGE_TO_TEXT";
}

export const goalKey = ({ from, to, direction }: GoalName) =>
	`${from}>${to}${direction === "IMAGE_TO_TEXT" ? ">text" : ""}`;

const title = ({ from, to, direction }: GoalName) =>
	`${from} → ${to}${direction === "IMAGE_TO_TEXT" ? ", image to text" : ""}`;

export function GoalChoice({ goals, chosen }: { readonly goals: readonly GoalName[]; readonly chosen: string }) {
	return (
		<fieldset className={ui.choice}>
			<legend className="visually-hidden">Goal</legend>
			{goals.map((goal) => (
				<Button
					key={goalKey(goal)}
					aria-pressed={goalKey(goal) === chosen}
					onClick={() => changeAddress({ goal: goalKey(goal) })}
				>
					{title(goal)}
				</Button>
			))}
		</fieldset>
	);
}
