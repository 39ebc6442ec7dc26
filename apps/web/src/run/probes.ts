/** Which measurement of each model is shown at a step of training. */

export interface Probe {
	readonly model: string;
	/** Null for the measurement after training. */
	readonly step: number | null;
}

/** The steps at which any model was measured within its training, each once, in order. */
export const probeSteps = (probes: readonly Probe[]): readonly number[] =>
	[...new Set(probes.flatMap(({ step }) => (step === null ? [] : [step])))].sort((a, b) => a - b);

const newestFirst = (a: Probe, b: Probe) => (b.step ?? Number.POSITIVE_INFINITY) - (a.step ?? Number.POSITIVE_INFINITY);

/**
 * For each model, in the order they came, its newest measurement at a step; undefined where it had none by then.
 * @param step null for the newest of all
 * @param lastOf a model's last step of training, from which on its final measurement holds; undefined where unknown
 */
export function atStep<One extends Probe>(
	probes: readonly One[],
	step: number | null,
	lastOf: (model: string) => number | undefined,
): ReadonlyMap<string, One | undefined> {
	const models = Map.groupBy(probes, ({ model }) => model);
	return new Map(
		[...models].map(([model, own]) => {
			const isTrained = own.some((one) => one.step !== null);
			const last = lastOf(model);
			const isOver = step === null || !isTrained || (last !== undefined && step >= last);
			return [
				model,
				own.toSorted(newestFirst).find((one) => isOver || (one.step !== null && one.step <= (step ?? one.step))),
			];
		}),
	);
}
