/** Which text lengths a run compiles its step for: each costs a session's memory, each saves work on padded columns. */

/** A further program must save this share of all text columns. */
const WORTH = 0.05;

/**
 * Text lengths worth a program of their own, ascending, given the length that each batch of an epoch needs and the
 * longest that any batch may need. A batch runs at the first length that holds it. Longer is exact: attention is causal.
 */
export function worthwhileLengths(needed: readonly number[], longest: number): readonly number[] {
	let chosen: readonly number[] = [longest];
	for (;;) {
		const columns = columnsAt(needed, chosen);
		const wider = [...new Set(needed)]
			.filter((length) => !chosen.includes(length))
			.map((length) => [...chosen, length]);
		const best = wider.toSorted((a, b) => columnsAt(needed, a) - columnsAt(needed, b))[0];
		if (!best || columnsAt(needed, best) > columns * (1 - WORTH)) return chosen.toSorted((a, b) => a - b);
		chosen = best;
	}
}

/** Columns of all batches, each at the shortest of `lengths` that holds it. */
function columnsAt(needed: readonly number[], lengths: readonly number[]): number {
	return needed.reduce((sum, length) => sum + Math.min(...lengths.filter((each) => each >= length)), 0);
}
