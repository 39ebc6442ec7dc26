/** A two-component Gaussian mixture on a line by expectation-maximisation; deterministic, for it starts from the best split. */

export interface Component {
	readonly weight: number;
	readonly mean: number;
	readonly variance: number;
}

/** Components in ascending order of their means. */
export interface Mixture {
	readonly lower: Component;
	readonly upper: Component;
}

const ITERATIONS = 500;
/** Stop when the mean log-likelihood rises by less, in nats. */
const TOLERANCE = 1e-10;
/** Keeps a component from shrinking onto one point, as a share of the variance of all values. */
const VARIANCE_FLOOR = 1e-3;
/** Parameters that two components have beyond one: mean, variance and weight. */
const EXTRA_PARAMETERS = 3;

/** Fits the mixture; null when one Gaussian describes the values as well (Bayesian information criterion) or they are all equal. */
export function fitMixture(values: Float64Array): Mixture | null {
	const sorted = values.toSorted();
	const whole = momentsOf(sorted);
	if (sorted.length < 4 || whole.variance === 0) return null;
	const floor = whole.variance * VARIANCE_FLOOR;
	const split = bestSplit(sorted);
	let mixture = {
		lower: component(sorted.subarray(0, split), sorted.length, floor),
		upper: component(sorted.subarray(split), sorted.length, floor),
	};
	let likelihood = Number.NEGATIVE_INFINITY;
	for (let iteration = 0; iteration < ITERATIONS; iteration++) {
		const next = maximise(sorted, mixture, floor);
		if (next.likelihood - likelihood < TOLERANCE * sorted.length) break;
		({ mixture, likelihood } = next);
	}
	const single = logLikelihoodOf(sorted, whole);
	if (2 * (likelihood - single) <= EXTRA_PARAMETERS * Math.log(sorted.length)) return null;
	return mixture.lower.mean <= mixture.upper.mean ? mixture : { lower: mixture.upper, upper: mixture.lower };
}

/** Probability that a value belongs to the upper component. */
export function posteriorOfUpper(value: number, { lower, upper }: Mixture): number {
	return 1 / (1 + Math.exp(logDensity(value, lower) - logDensity(value, upper)));
}

/** Smallest value from the lower mean up at which the upper component's posterior passes `posterior`; null if none up to `end`. */
export function upperCut(mixture: Mixture, posterior: number, end: number): number | null {
	const [start, steps] = [mixture.lower.mean, 4096];
	const at = (step: number) => start + ((end - start) * step) / steps;
	const reaches = (value: number) => posteriorOfUpper(value, mixture) > posterior;
	let step = 0;
	while (step <= steps && !reaches(at(step))) step++;
	if (step > steps) return null;
	if (step === 0) return start;
	let [below, above] = [at(step - 1), at(step)];
	for (let halving = 0; halving < 60; halving++) {
		const middle = (below + above) / 2;
		if (reaches(middle)) above = middle;
		else below = middle;
	}
	return above;
}

/** One step: responsibilities under the old components, then their moments; with the old components' log-likelihood. */
function maximise(values: Float64Array, old: Mixture, floor: number): { mixture: Mixture; likelihood: number } {
	const upper = new Float64Array(values.length);
	let likelihood = 0;
	for (const [at, value] of values.entries()) {
		const [low, high] = [logDensity(value, old.lower), logDensity(value, old.upper)];
		const top = Math.max(low, high);
		likelihood += top + Math.log(Math.exp(low - top) + Math.exp(high - top));
		upper[at] = 1 / (1 + Math.exp(low - high));
	}
	const lower = upper.map((share) => 1 - share);
	return { mixture: { lower: weighted(values, lower, floor), upper: weighted(values, upper, floor) }, likelihood };
}

function weighted(values: Float64Array, shares: Float64Array, floor: number): Component {
	const total = Math.max(
		shares.reduce((sum, share) => sum + share, 0),
		Number.MIN_VALUE,
	);
	const mean = values.reduce((sum, value, at) => sum + value * shares[at]!, 0) / total;
	const variance = values.reduce((sum, value, at) => sum + (value - mean) ** 2 * shares[at]!, 0) / total;
	return { weight: total / values.length, mean, variance: Math.max(variance, floor) };
}

function component(values: Float64Array, of: number, floor: number): Component {
	const { mean, variance } = momentsOf(values);
	return { weight: values.length / of, mean, variance: Math.max(variance, floor) };
}

/** Log of weight x normal density. */
function logDensity(value: number, { weight, mean, variance }: Component): number {
	return Math.log(weight) - 0.5 * (Math.log(2 * Math.PI * variance) + (value - mean) ** 2 / variance);
}

function logLikelihoodOf(values: Float64Array, { mean, variance }: { mean: number; variance: number }): number {
	return values.reduce((sum, value) => sum + logDensity(value, { weight: 1, mean, variance }), 0);
}

function momentsOf(values: Float64Array): { mean: number; variance: number } {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

/** Number of sorted values in the lower of two clusters whose summed squares are least: 1-D two-means, solved exactly. */
function bestSplit(sorted: Float64Array): number {
	const total = sorted.reduce((sum, value) => sum + value, 0);
	let [left, best, split] = [0, Number.NEGATIVE_INFINITY, 1];
	for (let count = 1; count < sorted.length; count++) {
		left += sorted[count - 1]!;
		const between = left ** 2 / count + (total - left) ** 2 / (sorted.length - count);
		if (between > best) [best, split] = [between, count];
	}
	return split;
}
