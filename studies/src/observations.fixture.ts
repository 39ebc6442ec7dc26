/** Synthetic observations for tests of studies. */
import type { Cell, Observation, StudyDefinition, StudySetting } from "./contract.ts";

export const emoji: StudySetting = { dataset: "emoji-pascal", seeds: [1, 2, 3], scale: "sampled" };

/** One observation of a cell, after training unless said otherwise. */
function observe(
	cell: Pick<Cell, "name"> & Partial<Cell>,
	seed: number,
	model: string,
	rest: Partial<Observation>,
): Observation {
	return {
		cell: cell.name,
		coordinates: cell.coordinates ?? {},
		seed,
		model,
		step: null,
		steps: null,
		numbers: {},
		...rest,
	};
}

/** What a model of a cell is made to measure with a seed; null leaves the model out. */
export type Invent = (cell: Cell, model: string, seed: number) => Partial<Observation> | null;

/** Observations of all cells and seeds of a study. */
export function observeAll(study: StudyDefinition, models: readonly string[], invent: Invent): Observation[] {
	return study.cells(emoji).flatMap((cell) =>
		(cell.seeds ?? emoji.seeds).flatMap((seed) =>
			models.flatMap((model) => {
				const rest = invent(cell, model, seed);
				return rest === null ? [] : [observe(cell, seed, model, rest)];
			}),
		),
	);
}

/** The verdict of a study's claim. */
export function verdictOf(study: StudyDefinition, claim: string, observations: readonly Observation[]) {
	const found = study.claims.find(({ name }) => name === claim);
	if (found === undefined) throw new RangeError(`${study.name} claims no ${claim}`);
	return found.test(observations, emoji);
}
