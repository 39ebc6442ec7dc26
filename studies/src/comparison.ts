/** Claims about the difference of two models, or about one model's number, over seeds. */
import type { Claim, Observation } from "./contract.ts";
import { type Interval, interval } from "./interval.ts";
import { bySeed, differences, type Place, type Reading } from "./readings.ts";
import { type Bound, type Evidence, judge, type Verdict } from "./verdict.ts";

export interface Side extends Place {
	/** For people, such as "poisoned". */
	readonly title: string;
	/** Instead of the comparison's. */
	readonly reading?: Reading;
}

export interface Comparison {
	/** What is read on both sides, for people. */
	readonly title: string;
	readonly reading: Reading;
	readonly first: Side;
	/** Left out: the first's number itself is held against the bound. */
	readonly second?: Side;
	readonly bound: Bound;
}

/** Judges first less second, seed by seed. */
export function compare(
	observations: readonly Observation[],
	{ title, reading, first, second, bound }: Comparison,
): Verdict {
	const one = bySeed(observations, first, first.reading ?? reading);
	if (second === undefined) return judge(`${title}, ${first.title}`, { values: [...one.values()], bound });
	const other = bySeed(observations, second, second.reading ?? reading);
	return judge(`${title}, ${first.title} less ${second.title}`, {
		values: differences(one, other),
		bound,
		evidence: [...evidence(`${title}, ${first.title}`, one), ...evidence(`${title}, ${second.title}`, other)],
	});
}

function evidence(title: string, values: ReadonlyMap<number, number>): Evidence[] {
	return values.size === 0 ? [] : [{ title, value: interval([...values.values()]) satisfies Interval }];
}

/** A claim that is one comparison. */
export function comparison(words: Pick<Claim, "name" | "sentence" | "origin">, compared: Comparison): Claim {
	return { ...words, test: (observations) => compare(observations, compared) };
}
