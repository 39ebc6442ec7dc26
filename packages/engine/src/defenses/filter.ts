/** Pre-training defense: drops pairs whose image and captions disagree under a reference model, then trains as usual. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Defense } from "../types.ts";
import { pairDistances } from "./distances.ts";
import { cutAt, filterThreshold } from "./threshold.ts";

const params = z.strictObject({ threshold: filterThreshold });

/**
 * The default cut is the mixture's: it reads the suspicious distances alone. A quantile of trusted distances fixes the
 * clean loss beforehand, but only where the trusted pairs are drawn like the suspicious ones, which those that serve a
 * cure are not; and the paper's 0.8 belongs to one model.
 */
export const filter: Defense<typeof params> = {
	description: "Removes pairs that lie far apart under a reference model that never saw them, then trains on the rest.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023, pre-training defense",
	stage: "before-training",
	outcome: "filtered",
	params,
	example: { threshold: { kind: "mixture", posterior: 0.5 } },
	async *defend({ start, reference, pairs, trusted, train }, { threshold }) {
		if (threshold.kind === "quantile" && trusted.length === 0)
			throw new MithridateError(
				"invalid-config",
				'Threshold "quantile" needs trusted pairs, and there are none. Give some, or choose "mixture" or "fixed".',
				{ subject: "threshold.kind" },
			);
		const scores = yield* pairDistances(reference, pairs, "filter-score");
		const clean =
			threshold.kind === "quantile"
				? yield* pairDistances(reference, trusted, "filter-calibrate")
				: new Float64Array(0);
		const cut = cutAt(threshold, scores, clean);
		const kept = pairs.filter((_, pair) => (scores[pair] as number) <= cut);
		if (kept.length === 0)
			throw new MithridateError(
				"invalid-config",
				`The filter would remove all ${pairs.length} pairs: the smallest distance is ${scores.reduce((least, score) => Math.min(least, score))}, the threshold ${cut}. ` +
					"Raise the threshold, or score with a better reference model.",
				{ subject: "threshold" },
			);
		const model = yield* train(start, kept, { stage: "filtered" });
		return { model, filter: { scores, threshold: cut, kept: new Set(kept.map((sample) => sample.id)) } };
	},
};
