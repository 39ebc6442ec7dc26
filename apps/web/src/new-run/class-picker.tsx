"use client";
/** Picks a class by one of its pictures. */
import { useId } from "react";
import { Picture } from "../ui/picture.tsx";
import css from "./new-run.module.css";
import type { ClassPair } from "./queries.ts";

interface ClassPickerProps {
	readonly label: string;
	readonly hint?: string;
	readonly classes: readonly string[];
	/** First picture of each class that is known. */
	readonly pairs: ReadonlyMap<string, ClassPair>;
	readonly value: string;
	readonly change: (value: string) => void;
	/** "target" frames the choice as what captions shall find. */
	readonly part: "source" | "target";
}

export function ClassPicker({ label, hint, classes, pairs, value, change, part }: ClassPickerProps) {
	const name = useId();
	return (
		<fieldset className={css.classes} data-part={part}>
			<legend>
				{label}: <strong>{value}</strong>
			</legend>
			{hint && <p className={css.hint}>{hint}</p>}
			<div className={css.choices}>
				{classes.map((one) => {
					const pair = pairs.get(one);
					return (
						<label key={one} data-chosen={one === value}>
							<input type="radio" name={name} value={one} checked={one === value} onChange={() => change(one)} />
							{pair && <Picture image={pair.image} alt="" size={56} />}
							<span>{one}</span>
						</label>
					);
				})}
			</div>
		</fieldset>
	);
}
