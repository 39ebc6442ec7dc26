/** Where a filter cuts: a fixed distance, a quantile of trusted scores, or the valley of a two-component mixture. */
import { z } from "zod";
import { fitMixture, upperCut } from "./mixture.ts";

/** How the cut is found. */
export const filterThreshold = z
	.discriminatedUnion("kind", [
		z.strictObject({
			kind: z.literal("quantile").describe("Cut at a quantile of the trusted pairs' scores."),
			share: z
				.number()
				.min(0)
				.max(1)
				.default(0.99)
				.describe("Share of the trusted pairs that the cut would keep; 1 less it is the clean loss to expect."),
		}),
		z.strictObject({
			kind: z
				.literal("mixture")
				.describe("Cut where a two-component Gaussian mixture of the suspicious scores divides."),
			posterior: z
				.number()
				.gt(0)
				.lt(1)
				.default(0.5)
				.describe("Probability of the upper component at the cut; higher removes less."),
		}),
		z.strictObject({
			kind: z
				.literal("fixed")
				.describe("Cut at a given distance of image and captions; local outlier scores take none."),
			distance: z
				.number()
				.min(0)
				.max(2)
				.default(0.8)
				.describe("Cosine distance above which a pair is removed: the paper's gamma."),
		}),
	])
	.default({ kind: "mixture", posterior: 0.5 })
	.meta({ title: "FilterThreshold", description: "Where to cut: samples with a higher score are removed." });

export type FilterThreshold = z.output<typeof filterThreshold>;

/** The cut for suspicious scores; `trusted` is needed by `quantile` only. The largest score is a cut that keeps all. */
export function cutAt(threshold: FilterThreshold, suspicious: Float64Array, trusted: Float64Array): number {
	if (threshold.kind === "fixed") return threshold.distance;
	if (threshold.kind === "quantile") return quantile(trusted, threshold.share);
	const largest = suspicious.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
	const mixture = fitMixture(suspicious);
	return (mixture && upperCut(mixture, threshold.posterior, largest)) ?? largest;
}

/** Linear interpolation between order statistics (type 7, numpy's default) of at least one value. */
export function quantile(values: Float64Array, share: number): number {
	if (values.length === 0) throw new RangeError("quantile of no values");
	const sorted = values.toSorted();
	const place = share * (sorted.length - 1);
	const below = sorted[Math.floor(place)]!;
	const above = sorted[Math.ceil(place)]!;
	return below + (above - below) * (place - Math.floor(place));
}
