/** Two Gaussians fitted to a histogram by expectation and maximisation: what a defender can fit who knows no labels. */
import type { Histogram, MixtureComponent } from "./operating-point.ts";

const ROUNDS = 200;

interface Bins {
	readonly centres: readonly number[];
	readonly counts: readonly number[];
	readonly total: number;
	readonly width: number;
}

function binsOf({ minimum, maximum, clean, poisoned }: Histogram): Bins {
	const width = (maximum - minimum) / clean.length;
	const counts = clean.map((count, at) => count + (poisoned[at] ?? 0));
	return {
		width,
		counts,
		centres: counts.map((_, at) => minimum + (at + 0.5) * width),
		total: counts.reduce((sum, count) => sum + count, 0),
	};
}

/** The distance that a share of the pairs lies below. */
function quantile({ centres, counts, total }: Bins, share: number): number {
	let below = 0;
	const found = counts.findIndex((count) => {
		below += count;
		return below >= share * total;
	});
	return centres[Math.max(0, found)] ?? 0;
}

function component({ centres, counts, total, width }: Bins, part: (at: number) => number): MixtureComponent {
	let sum = 0;
	let first = 0;
	for (const [at, count] of counts.entries()) {
		sum += count * part(at);
		first += count * part(at) * centres[at]!;
	}
	const mean = sum > 0 ? first / sum : 0;
	const second = counts.reduce((square, count, at) => square + count * part(at) * (centres[at]! - mean) ** 2, 0);
	// No narrower than a bin: a component must not shrink onto a single one.
	return { weight: sum / total, mean, deviation: Math.max(width, Math.sqrt(sum > 0 ? second / sum : 0)) };
}

const density = ({ weight, mean, deviation }: MixtureComponent, at: number) =>
	(weight / deviation) * Math.exp(-0.5 * ((at - mean) / deviation) ** 2);

/** The near and the far component; null where there are too few pairs to tell two apart. */
export function fitMixture(histogram: Histogram): readonly [MixtureComponent, MixtureComponent] | null {
	const bins = binsOf(histogram);
	if (bins.total < 10 || histogram.maximum <= histogram.minimum) return null;
	// Begun from the near three quarters and the far end: poison is the smaller part.
	const cut = quantile(bins, 0.9);
	let near = component(bins, (at) => (bins.centres[at]! <= cut ? 1 : 0));
	let far = component(bins, (at) => (bins.centres[at]! > cut ? 1 : 0));
	for (let round = 0; round < ROUNDS; round++) {
		const [a, b] = [near, far];
		const share = bins.centres.map((centre) => {
			const [left, right] = [density(a, centre), density(b, centre)];
			return left + right > 0 ? right / (left + right) : centre > (a.mean + b.mean) / 2 ? 1 : 0;
		});
		near = component(bins, (at) => 1 - share[at]!);
		far = component(bins, (at) => share[at]!);
	}
	return near.mean <= far.mean ? [near, far] : [far, near];
}
