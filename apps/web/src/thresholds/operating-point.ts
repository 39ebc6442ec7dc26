/** What a threshold on pair distances would do, from two histograms alone: no question to the server while one drags. */

/** Pair distances of the clean and of the poisoned samples, in bins of equal width. */
export interface Histogram {
	readonly minimum: number;
	readonly maximum: number;
	readonly clean: readonly number[];
	readonly poisoned: readonly number[];
}

/** Samples at or below each edge of the bins: one more entry than there are bins, the first is zero. */
export interface Cumulative {
	readonly minimum: number;
	readonly maximum: number;
	readonly clean: Float64Array;
	readonly poisoned: Float64Array;
}

/** Pairs with a larger distance than the threshold are removed. Rates are null where there is nothing to divide by. */
export interface OperatingPoint {
	readonly threshold: number;
	readonly kept: number;
	readonly removed: number;
	readonly poisonLeft: number;
	readonly cleanLost: number;
	/** Removed share of the poisoned samples: recall. */
	readonly truePositiveRate: number | null;
	/** Removed share of the clean samples. */
	readonly falsePositiveRate: number | null;
	/** Poisoned share of what is removed. */
	readonly precision: number | null;
}

export function cumulate({ minimum, maximum, clean, poisoned }: Histogram): Cumulative {
	const sums = (counts: readonly number[]) => {
		const upTo = new Float64Array(counts.length + 1);
		for (const [at, count] of counts.entries()) upTo[at + 1] = upTo[at]! + count;
		return upTo;
	};
	return { minimum, maximum, clean: sums(clean), poisoned: sums(poisoned) };
}

/** Samples at or below a distance; within a bin they count as evenly spread. */
function upTo(sums: Float64Array, place: number): number {
	const whole = Math.floor(place);
	if (whole >= sums.length - 1) return sums.at(-1)!;
	return sums[whole]! + (place - whole) * (sums[whole + 1]! - sums[whole]!);
}

/** A quotient, or null when there is nothing to divide by. */
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);

export function operatingPoint(cumulative: Cumulative, threshold: number): OperatingPoint {
	const { minimum, maximum, clean, poisoned } = cumulative;
	const bins = clean.length - 1;
	const share = maximum === minimum ? 1 : (threshold - minimum) / (maximum - minimum);
	const place = Math.min(1, Math.max(0, share)) * bins;
	const cleanKept = Math.round(upTo(clean, place));
	const poisonLeft = Math.round(upTo(poisoned, place));
	const cleanLost = clean.at(-1)! - cleanKept;
	const poisonRemoved = poisoned.at(-1)! - poisonLeft;
	return {
		threshold,
		kept: cleanKept + poisonLeft,
		removed: cleanLost + poisonRemoved,
		poisonLeft,
		cleanLost,
		truePositiveRate: ratio(poisonRemoved, poisoned.at(-1)!),
		falsePositiveRate: ratio(cleanLost, clean.at(-1)!),
		precision: ratio(poisonRemoved, cleanLost + poisonRemoved),
	};
}

/** The operating point at every edge of the bins, from the strictest threshold to the mildest. */
export function operatingPoints(cumulative: Cumulative): readonly OperatingPoint[] {
	const { minimum, maximum, clean } = cumulative;
	const bins = clean.length - 1;
	return Array.from(clean, (_, edge) => operatingPoint(cumulative, minimum + (edge / bins) * (maximum - minimum)));
}

/** Neighbouring bins added up, so that about `bars` remain: 512 bins are finer than a screen shows. */
export function coarser(counts: readonly number[], bars: number): readonly number[] {
	const width = Math.max(1, Math.ceil(counts.length / bars));
	return Array.from({ length: Math.ceil(counts.length / width) }, (_, at) =>
		counts.slice(at * width, (at + 1) * width).reduce((sum, count) => sum + count, 0),
	);
}

export interface MixtureComponent {
	readonly weight: number;
	readonly mean: number;
	readonly deviation: number;
}

/** Expected samples in a bin of this width at a distance, under a mixture of Gaussians fitted to `total` samples. */
export function mixtureCount(
	components: readonly MixtureComponent[],
	{ at, width, total }: { at: number; width: number; total: number },
): number {
	const density = components.reduce((sum, { weight, mean, deviation }) => {
		const z = (at - mean) / deviation;
		return sum + (weight * Math.exp(-0.5 * z * z)) / (deviation * Math.sqrt(2 * Math.PI));
	}, 0);
	return density * width * total;
}
