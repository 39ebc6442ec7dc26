/** The models of repeated runs side by side: each number over the seeds, and its paired difference to the attacked model. */
import { modelKinds, modelStyle } from "../ui/models.ts";
import { type Estimate, estimate } from "./statistics.ts";

export const measures = ["hitAt1", "hitAt5", "hitAt10", "minRank", "imageRetrievalAt10", "textRetrievalAt10"] as const;
export type Measure = (typeof measures)[number];

export type Outcome = Readonly<Record<Measure | "seconds", number>> & { readonly model: string };

/** A run's result table, with the name of its cell among those that are compared. */
export interface BoardRun {
	readonly seed: number;
	/** What tells the run's defenses from those of other runs; empty where nothing needs to. */
	readonly variant: string;
	readonly outcomes: readonly Outcome[];
}

export interface BoardColumn {
	readonly model: string;
	readonly variant: string;
	/** Runs that measured it. */
	readonly n: number;
	readonly value: (measure: Measure | "seconds") => Estimate | null;
	/** Mean difference to the poisoned model of the same run; null for models that are no defense, or without pairs. */
	readonly change: (measure: Measure) => Estimate | null;
}

const isDefended = (model: string) => ["filtered", "cured"].includes(modelStyle(model).kind);

/**
 * One column per model; models that no defense touches are the same in every variant and are counted once per seed.
 */
export function boardOf(runs: readonly BoardRun[]): readonly BoardColumn[] {
	const rows = runs.flatMap((run) => run.outcomes.map((outcome) => ({ run, outcome })));
	const kindOf = (model: string) => modelKinds.indexOf(modelStyle(model).kind);
	const groups = Map.groupBy(rows, ({ run, outcome }) =>
		JSON.stringify([outcome.model, isDefended(outcome.model) ? run.variant : ""]),
	);
	return [...groups]
		.map(([key, members]): BoardColumn => {
			const [model, variant] = JSON.parse(key) as [string, string];
			const once = [...new Map(members.map((one) => [isDefended(model) ? one : one.run.seed, one])).values()];
			const differences = (measure: Measure) =>
				once.flatMap(({ run, outcome }) => {
					const attacked = run.outcomes.find((one) => modelStyle(one.model).kind === "poisoned");
					return attacked ? [outcome[measure] - attacked[measure]] : [];
				});
			return {
				model,
				variant,
				n: once.length,
				value: (measure) => estimate(once.map(({ outcome }) => outcome[measure])),
				change: (measure) => (isDefended(model) ? estimate(differences(measure)) : null),
			};
		})
		.sort((a, b) => kindOf(a.model) - kindOf(b.model));
}
