/** Histograms of a filter's scores, clean against poisoned, pooled over seeds. */
import type { FilterObservation, Observation } from "../contract.ts";
import type { Place } from "../readings.ts";
import type { Histogram, Quantity } from "./figure.ts";

const BINS = 40;

/** Shares of the clean and of the poisoned pairs in bins that all seeds share; each recorded bin is spread evenly over those it meets. */
export function scoreHistogram(observations: readonly Observation[], { cell, model }: Place, x: Quantity): Histogram {
	const filters = observations.flatMap((one) =>
		one.cell === cell && one.model === model && one.step === null && one.filter !== undefined ? [one.filter] : [],
	);
	const minimum = Math.min(...filters.map(({ histogram }) => histogram.minimum));
	const maximum = Math.max(...filters.map(({ histogram }) => histogram.maximum));
	const hasRange = filters.length > 0 && maximum > minimum;
	const shares = (kind: "clean" | "poisoned") =>
		hasRange ? pooled(filters, kind, { minimum, maximum }) : new Array<number>(BINS).fill(0);
	const cut = filters.reduce((sum, { threshold }) => sum + threshold, 0) / filters.length;
	return {
		kind: "histogram",
		x,
		minimum: hasRange ? minimum : 0,
		maximum: hasRange ? maximum : 1,
		series: [
			{ name: "clean", title: "clean pairs", shares: shares("clean") },
			{ name: "poisoned", title: "poisoned pairs", shares: shares("poisoned") },
		],
		marks: hasRange ? [{ title: "threshold (mean)", x: cut }] : [],
	};
}

function pooled(
	filters: readonly FilterObservation[],
	kind: "clean" | "poisoned",
	{ minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): number[] {
	const counts = new Array<number>(BINS).fill(0);
	for (const { histogram } of filters) {
		const width = (histogram.maximum - histogram.minimum) / histogram[kind].length;
		for (const [at, count] of histogram[kind].entries()) {
			if (count === 0) continue;
			// In common bins, counted from the first.
			const from = ((histogram.minimum + width * at - minimum) / (maximum - minimum)) * BINS;
			const to = from + (width / (maximum - minimum)) * BINS;
			const first = Math.min(BINS - 1, Math.floor(from));
			const last = Math.min(BINS - 1, Math.floor(to));
			if (to === from) counts[first]! += count;
			else
				for (let bin = first; bin <= last; bin++)
					counts[bin]! += (count * Math.max(0, Math.min(to, bin + 1) - Math.max(from, bin))) / (to - from);
		}
	}
	const all = counts.reduce((sum, count) => sum + count, 0);
	return counts.map((count) => (all === 0 ? 0 : count / all));
}
