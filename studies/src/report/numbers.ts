/** Numbers as a report prints them. */
import type { Quantity } from "../figures/figure.ts";
import type { Interval } from "../interval.ts";
import type { Bound } from "../verdict.ts";

const digits: Readonly<Record<Quantity["unit"], number>> = { share: 3, rank: 2, distance: 4, count: 1, number: 3 };

export function numberText(value: number, unit: Quantity["unit"] = "share"): string {
	const text = value.toFixed(digits[unit]);
	// No minus before zero.
	return Number(text) === 0 ? (0).toFixed(digits[unit]) : text;
}

/** Mean, and half the width of its 95 % interval where it has one. */
export function estimateText({ mean, high }: Interval, unit: Quantity["unit"] = "share"): string {
	return high === null ? numberText(mean, unit) : `${numberText(mean, unit)} ± ${numberText(high - mean, unit)}`;
}

/** Mean with both ends of its interval and N. */
export function effectText({ mean, low, high, n }: Interval): string {
	const ends =
		low === null || high === null ? "no interval" : `95 % interval ${numberText(low)} to ${numberText(high)}`;
	return `${numberText(mean)} (${ends}, N = ${n})`;
}

export function boundText({ atLeast, moreThan, atMost }: Bound): string {
	const parts = [
		...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
		...(moreThan === undefined ? [] : [`more than ${moreThan}`]),
		...(atMost === undefined ? [] : [`at most ${atMost}`]),
	];
	return parts.join(" and ");
}
