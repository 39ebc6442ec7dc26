/** Which model of each run stands in its row of the gallery, as text of an address: `12.cured,13.filtered`. */

/** The model chosen for each run; parts that say none are passed over. */
export function parseRowModels(parts: readonly string[]): ReadonlyMap<number, string> {
	return new Map(
		parts.flatMap((part) => {
			const [, number, model] = /^(\d+)[.](.+)$/.exec(part) ?? [];
			return number === undefined || model === undefined ? [] : [[Number(number), model] as const];
		}),
	);
}

/** The parts after a choice: one for each of the runs that has a model of its own, in their order. */
export function chooseRowModel(
	parts: readonly string[],
	{ runs, number, model }: { runs: readonly number[]; number: number; model: string },
): readonly string[] {
	const chosen = new Map([...parseRowModels(parts), [number, model]]);
	return runs.flatMap((run) => (chosen.has(run) ? [`${run}.${chosen.get(run)}`] : []));
}

interface Asked {
	readonly query: string;
	readonly text: string | null;
}

/**
 * The caption of another run that asks the same: by its words, since names count within one data set alone; of several
 * with the same words, the one of the same name.
 */
export function sameCaption<One extends Asked>(captions: readonly One[], asked: Asked): One | undefined {
	const alike = captions.filter(({ query, text }) =>
		asked.text === null ? query === asked.query : text === asked.text,
	);
	return alike.find(({ query }) => query === asked.query) ?? alike[0];
}
