/** Pre-training defense: drops the samples that look suspicious under a reference model, then trains as usual. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Defense } from "../types.ts";
import * as scores from "./scores/index.ts";
import type { PairScore } from "./scores/pair-score.ts";
import { cutAt, filterThreshold } from "./threshold.ts";

type ScoreParams = (typeof scores)[keyof typeof scores]["params"];
const cases = Object.values(scores).map(({ params }) => params) as unknown as [ScoreParams, ...ScoreParams[]];

const filterScore = z
	.discriminatedUnion("kind", cases)
	.default({ kind: "pair-distance" })
	.meta({ title: "FilterScore", description: "What makes a sample suspicious." });

const params = z
	.strictObject({
		score: filterScore,
		scoredBy: z.enum(["reference", "victim"]).default("reference").meta({
			title: "ScoringModel",
			description:
				"Whose embeddings are scored. victim: the model trained on the suspicious pairs, where backdoors form clusters.",
		}),
		threshold: filterThreshold,
	})
	.refine(({ score, threshold }) => threshold.kind !== "fixed" || scoreOf(score).isAbsolute, {
		path: ["threshold"],
		error:
			'a fixed distance means nothing for local outlier scores; choose "mixture" or "quantile", or score by "pair-distance"',
	});

/**
 * The default cut is the mixture's: it reads the suspicious scores alone. A quantile of trusted scores fixes the
 * clean loss beforehand, but only where the trusted pairs are drawn like the suspicious ones, which those that serve a
 * cure are not; and the paper's 0.8 belongs to one model. Local outlier scores compare the trusted pairs with each other.
 */
export const filter: Defense<typeof params> = {
	description:
		"Removes samples that look suspicious under a reference model that never saw them, then trains on the rest.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023, pre-training defense",
	stage: "before-training",
	outcome: "filtered",
	params,
	example: { score: { kind: "pair-distance" }, threshold: { kind: "mixture", posterior: 0.5 } },
	async *defend({ start, victim, reference, pairs, trusted, train }, { score, scoredBy, threshold }) {
		if (threshold.kind === "quantile" && trusted.length === 0)
			throw new MithridateError(
				"invalid-config",
				'Threshold "quantile" needs trusted pairs, and there are none. Give some, or choose "mixture" or "fixed".',
				{ subject: "threshold.kind" },
			);
		const { measure } = scoreOf(score);
		const encoder = scoredBy === "victim" ? victim : reference;
		const suspicion = yield* measure({ encoder, samples: pairs, stage: "filter-score" }, score);
		const clean =
			threshold.kind === "quantile"
				? yield* measure({ encoder, samples: trusted, stage: "filter-calibrate" }, score)
				: new Float64Array(0);
		const cut = cutAt(threshold, suspicion, clean);
		const kept = pairs.filter((_, pair) => (suspicion[pair] as number) <= cut);
		if (kept.length === 0)
			throw new MithridateError(
				"invalid-config",
				`The filter would remove all ${pairs.length} samples: the smallest score is ${suspicion.reduce((least, value) => Math.min(least, value))}, the threshold ${cut}. ` +
					"Raise the threshold, or score with a better reference model.",
				{ subject: "threshold" },
			);
		const model = yield* train(start, kept, { stage: "filtered" });
		return { model, filter: { scores: suspicion, threshold: cut, kept: new Set(kept.map((sample) => sample.id)) } };
	},
};

/** The entry that a choice names, its parameters already checked. */
function scoreOf({ kind }: z.output<typeof filterScore>): PairScore<ScoreParams> {
	const entries: readonly unknown[] = Object.values(scores);
	return (entries as readonly PairScore<ScoreParams>[]).find(({ params }) => params.shape.kind.value === kind)!;
}
