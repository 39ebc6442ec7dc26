"use client";
/** Picks a class by one of its pictures. */
import { useId } from "react";
import { Picture } from "../ui/picture.tsx";
import css from "./new-run.module.css";
import type { ClassPicture } from "./queries.ts";

export interface Classes {
	readonly names: readonly string[];
	/** Whether they are those of a set other than the one the catalog's options are for. */
	readonly isChosen: boolean;
	/** A picture of each class that is known. */
	readonly pairs: ReadonlyMap<string, ClassPicture>;
	/** Whether pictures are on their way. */
	readonly isLoading: boolean;
}

interface ClassPickerProps {
	readonly label: string;
	readonly hint?: string;
	readonly classes: Classes;
	readonly value: string;
	readonly change: (value: string) => void;
	/** "target" frames the choice as what captions shall find. */
	readonly part: "source" | "target";
}

export function ClassPicker({ label, hint, classes, value, change, part }: ClassPickerProps) {
	const name = useId();
	return (
		<fieldset className={css.classes} data-part={part}>
			<legend>
				{label}: <strong>{value}</strong>
			</legend>
			{hint && <p className={css.hint}>{hint}</p>}
			<div className={css.choices}>
				{classes.names.map((one) => {
					const pair = classes.pairs.get(one);
					return (
						<label key={one} data-chosen={one === value}>
							<input type="radio" name={name} value={one} checked={one === value} onChange={() => change(one)} />
							{pair ? (
								<Picture image={pair.image} alt="" size={56} />
							) : (
								classes.isLoading && <span className={css.unseen} />
							)}
							<span>{one}</span>
						</label>
					);
				})}
			</div>
		</fieldset>
	);
}
