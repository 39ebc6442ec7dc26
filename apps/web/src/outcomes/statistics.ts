/** Means with 95 % intervals by Student's t, and differences between runs of the same seed. */

export interface Estimate {
	readonly mean: number;
	/** Ends of the 95 % interval; null for a single value. */
	readonly low: number | null;
	readonly high: number | null;
	readonly n: number;
}

/** Two-sided 5 % points of Student's t for 1 to 30 degrees of freedom, from printed tables. */
const quantiles = [
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
	2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Beyond the table by Cornish and Fisher's first term, right to three decimals. */
const quantile = (freedom: number) => quantiles[freedom - 1] ?? 1.96 + 2.3727 / freedom;

/** Null without values. */
export function estimate(values: readonly number[]): Estimate | null {
	const n = values.length;
	if (n === 0) return null;
	const mean = values.reduce((sum, value) => sum + value, 0) / n;
	if (n === 1) return { mean, low: null, high: null, n };
	const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
	const reach = (quantile(n - 1) * deviation) / Math.sqrt(n);
	return { mean, low: mean - reach, high: mean + reach, n };
}
