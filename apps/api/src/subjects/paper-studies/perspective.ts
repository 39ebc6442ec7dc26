/** Attacker's and defender's view: what a defender cannot know is taken out of observations before anything is shown. */
import type { Figure, FilterObservation, Observation } from "@mithridate/studies";
import { registerEnumType } from "type-graphql";

export const Perspective = { ATTACKER: "attacker", DEFENDER: "defender" } as const;
export type Perspective = (typeof Perspective)[keyof typeof Perspective];

registerEnumType(Perspective, {
	name: "Perspective",
	description: "With whose knowledge results are shown.",
	valuesConfig: {
		ATTACKER: { description: "With the ground truth: which pairs are poisoned." },
		DEFENDER: {
			description:
				"Without it: poisoned shares, what a filter missed or lost and how well it told pairs apart are left out, and its scores are one distribution. What models retrieve is shown alike.",
		},
	},
});

/** What a filter's numbers are to somebody who does not know which pairs are poisoned. */
const unknown: Partial<FilterObservation> = { auroc: null };

/** Observations without the labels of pairs; numbers that follow from them are missing, as if they were never made. */
export function seenBy(perspective: Perspective, observations: readonly Observation[]): readonly Observation[] {
	if (perspective === Perspective.ATTACKER) return observations;
	return observations.map(({ poisonShare: _, filter, ...observation }) => {
		if (filter === undefined) return observation;
		const { threshold, kept, removed, histogram } = filter;
		const { minimum, maximum, clean, poisoned } = histogram;
		const all = clean.map((count, at) => count + (poisoned[at] ?? 0));
		const one = { minimum, maximum, clean: all, poisoned: all.map(() => 0) };
		// Readings take what is missing for not measured.
		return { ...observation, filter: { ...unknown, threshold, kept, removed, histogram: one } as FilterObservation };
	});
}

/** A histogram has one distribution then: that of the poisoned pairs is empty. */
export function figureSeenBy(perspective: Perspective, figure: Figure): Figure {
	if (perspective === Perspective.ATTACKER || figure.kind !== "histogram") return figure;
	const [all] = figure.series.filter(({ shares }) => shares.some((share) => share > 0));
	return { ...figure, series: all ? [{ ...all, name: "all", title: "all pairs" }] : [] };
}
