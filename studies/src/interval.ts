/** Mean and 95 % confidence interval of a few repetitions, by Student's t distribution. */

export interface Interval {
	readonly mean: number;
	/** Of the sample, with n - 1; null for one value. */
	readonly deviation: number | null;
	readonly low: number | null;
	readonly high: number | null;
	readonly n: number;
}

/** The interval of at least one value. */
export function interval(values: readonly number[]): Interval {
	const n = values.length;
	if (n === 0) throw new RangeError("interval of no values");
	const mean = values.reduce((sum, value) => sum + value, 0) / n;
	if (n === 1) return { mean, deviation: null, low: null, high: null, n };
	const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
	const reach = (tQuantile(n - 1) * deviation) / Math.sqrt(n);
	return { mean, deviation, low: mean - reach, high: mean + reach, n };
}

const quantiles = new Map<number, number>();

/** The 97.5 % point of Student's t with a number of degrees of freedom; each is computed once. */
export function tQuantile(freedom: number): number {
	const found = quantiles.get(freedom) ?? bisect(freedom);
	quantiles.set(freedom, found);
	return found;
}

/** By bisection of the distribution function. */
function bisect(freedom: number): number {
	let [low, high] = [0, 13];
	for (let round = 0; round < 60; round++) {
		const middle = (low + high) / 2;
		// P(T <= t) = 1 - I(freedom / (freedom + t^2); freedom / 2, 1 / 2) / 2 for t > 0.
		const tail = incompleteBeta(freedom / (freedom + middle * middle), freedom / 2, 0.5) / 2;
		if (tail > 0.025) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}

/** Regularised incomplete beta function by its continued fraction (Numerical Recipes, 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
	return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

/** Lentz's method; it settles within a few dozen terms. */
function fraction(x: number, a: number, b: number): number {
	const tiny = 1e-300;
	const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
	let c = 1;
	let d = 1 / away(1 - ((a + b) * x) / (a + 1));
	let result = d;
	for (let m = 1; m <= 300; m++) {
		const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / away(1 + even * d);
		c = away(1 + even / c);
		result *= d * c;
		const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / away(1 + odd * d);
		c = away(1 + odd / c);
		const factor = d * c;
		result *= factor;
		if (Math.abs(factor - 1) < 1e-15) break;
	}
	return result;
}

/** Lanczos' approximation with g = 7 and nine terms; relative error below 1e-14 for positive arguments. */
function logGamma(x: number): number {
	const terms = [
		676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
		-0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
	];
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	const shifted = x - 1;
	const sum = terms.reduce((total, term, at) => total + term / (shifted + at + 1), 0.9999999999998099);
	const t = shifted + 7.5;
	return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}
