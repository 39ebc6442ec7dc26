/** Verdicts: a claim is held against the 95 % confidence interval of its effect, paired over seeds. */
import { type Interval, interval } from "./interval.ts";

export type Outcome = "supported" | "refuted" | "undecided";

/** What the effect must be for the claim to hold. */
export interface Bound {
	readonly atLeast?: number;
	readonly moreThan?: number;
	readonly atMost?: number;
}

/** A named number that a verdict rests on. */
export interface Evidence {
	readonly title: string;
	readonly value: Interval;
}

export interface Verdict {
	readonly outcome: Outcome;
	/** What was compared, such as "Hit@10, poisoned less clean". */
	readonly quantity: string;
	/** Its mean, 95 % interval and N; null where nothing was measured. */
	readonly effect: Interval | null;
	readonly bound: Bound;
	readonly evidence: readonly Evidence[];
}

/**
 * supported: the whole interval satisfies the bound. refuted: none of it does. Otherwise, and with fewer than two
 * repetitions, undecided.
 */
export function judge(
	quantity: string,
	{
		values,
		bound,
		evidence = [],
	}: { readonly values: readonly number[]; readonly bound: Bound; readonly evidence?: readonly Evidence[] },
): Verdict {
	if (values.length === 0) return { outcome: "undecided", quantity, effect: null, bound, evidence };
	const effect = interval(values);
	const { low, high } = effect;
	const outcome = low === null || high === null ? "undecided" : outcomeOf(low, high, bound);
	return { outcome, quantity, effect, bound, evidence };
}

function outcomeOf(low: number, high: number, { atLeast, moreThan, atMost }: Bound): Outcome {
	const floor = Number.NEGATIVE_INFINITY;
	const [least, above, most] = [atLeast ?? floor, moreThan ?? floor, atMost ?? Number.POSITIVE_INFINITY];
	if (high < least || high <= above || low > most) return "refuted";
	return low >= least && low > above && high <= most ? "supported" : "undecided";
}

const severity: readonly Outcome[] = ["refuted", "undecided", "supported"];

/** One verdict for a claim of several parts: the worst part decides and is shown, with everybody's evidence. */
export function allOf(parts: readonly Verdict[]): Verdict {
	const worst = parts.toSorted((a, b) => severity.indexOf(a.outcome) - severity.indexOf(b.outcome))[0];
	if (worst === undefined) return { outcome: "undecided", quantity: "nothing", effect: null, bound: {}, evidence: [] };
	const own = parts.flatMap(({ quantity, effect }) =>
		effect === null || quantity === worst.quantity ? [] : [{ title: quantity, value: effect }],
	);
	const shown = new Set<string>();
	const evidence = [...own, ...parts.flatMap((part) => part.evidence)].filter(({ title }) => {
		const isNew = !shown.has(title);
		shown.add(title);
		return isNew;
	});
	return { ...worst, evidence };
}
