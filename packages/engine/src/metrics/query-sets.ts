/** Names the numbers of an attack's query sets and averages them over goals. */
import type { GoalRanking } from "../metric-types.ts";

/** Applies `measure` to the ranks of every query set; numbers are keyed `direction/queries/name` and averaged over goals. */
export function perQuerySet(
	goals: readonly GoalRanking[],
	measure: (ranks: Int32Array) => Readonly<Record<string, number>>,
): Record<string, number> {
	const values = new Map<string, number[]>();
	for (const { direction, queries, ranks } of goals) {
		for (const [name, value] of Object.entries(measure(ranks))) {
			const key = `${direction}/${queries}/${name}`;
			values.set(key, [...(values.get(key) ?? []), value]);
		}
	}
	return Object.fromEntries(Array.from(values, ([key, list]) => [key, mean(list)]));
}

/** Arithmetic mean; there must be at least one number. */
export function mean(values: ArrayLike<number>): number {
	if (values.length === 0) throw new RangeError("mean of no numbers");
	let sum = 0;
	for (let at = 0; at < values.length; at++) sum += values[at]!;
	return sum / values.length;
}
