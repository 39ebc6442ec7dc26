/** SafeCLIP: pairs that look matched train image against caption, all others only each modality by itself. */
import { z } from "zod";
import type { Defense, Objective } from "../types.ts";
import { pairDistances } from "./distances.ts";
import { ramp } from "./epoch-rates.ts";
import { fitMixture, posteriorOfUpper } from "./mixture.ts";
import { quantile } from "./threshold.ts";

const params = z.strictObject({
	warmupEpochs: z
		.int()
		.min(0)
		.default(1)
		.describe(
			"Passes with contrast within each modality only, before anything is matched; 5 in the paper, from scratch.",
		),
	lowLearningRate: z
		.number()
		.positive()
		.default(6.5e-6)
		.describe("Peak learning rate of the one pass over all pairs that teaches matching; 5e-6 in the paper."),
	epochs: z.int().min(1).default(2).describe("Passes over safe and risky pairs after that; 32 in the paper's code."),
	learningRate: z.number().positive().default(6.5e-5).describe("Peak learning rate of all other passes."),
	posterior: z
		.number()
		.gt(0)
		.lt(1)
		.default(0.9)
		.describe("Probability of the mixture's nearer component from which a pair is safe in the first split."),
	growth: z
		.number()
		.min(0)
		.max(1)
		.default(0.01)
		.describe("Share of all pairs by which the safe ones grow each further epoch."),
	mostSafe: z.number().gt(0).lt(1).default(0.85).describe("Largest share of safe pairs."),
});

const inModalOnly: Objective = { crossModal: 0, inModal: 1 };

/**
 * Before each epoch all samples are scored by the model in training, on plain images; the authors' code scores augmented
 * ones. Risky pairs come first within an epoch, so that every epoch ends with matching. Each training starts AdamW anew.
 */
export const safeClip: Defense<typeof params> = {
	title: "SafeCLIP",
	description: "Trains image against caption on pairs that look matched, and each modality by itself on all others.",
	source: "Yang et al., Better Safe than Sorry (SafeCLIP), ICML 2024",
	stage: "before-training",
	outcome: "safeclip",
	params,
	example: { warmupEpochs: 1, epochs: 2, posterior: 0.9 },
	async *defend({ start, pairs, random, train }, given) {
		const { warmupEpochs, lowLearningRate, epochs, learningRate } = given;
		let model = start;
		if (warmupEpochs > 0)
			model = yield* train(model, pairs, {
				stage: "safeclip-warmup",
				epochs: warmupEpochs,
				learningRate,
				objective: inModalOnly,
				random: random.split("warmup"),
			});
		model = yield* train(model, pairs, {
			stage: "safeclip-matching",
			epochs: 1,
			learningRate: lowLearningRate,
			minimumLearningRate: lowLearningRate / 10,
			random: random.split("matching"),
		});
		let share: number | null = null;
		let scores: Float64Array = new Float64Array(0);
		let threshold = 0;
		let safe = pairs;
		for (let epoch = 0; epoch < epochs; epoch++) {
			scores = yield* pairDistances(model, pairs, "safeclip-score");
			share = Math.min(given.mostSafe, share === null ? firstShare(scores, given.posterior) : share + given.growth);
			threshold = quantile(scores, share);
			safe = pairs.filter((_, pair) => scores[pair]! <= threshold);
			const risky = pairs.filter((_, pair) => scores[pair]! > threshold);
			const how = { epochs: 1, ...ramp(learningRate, epoch, epochs), random: random.split(`epoch/${epoch}`) };
			if (risky.length > 0)
				model = yield* train(model, risky, { stage: `safeclip-${epoch + 1}-risky`, objective: inModalOnly, ...how });
			const stage = epoch + 1 === epochs ? "safeclip" : `safeclip-${epoch + 1}-safe`;
			model = yield* train(model, safe, { stage, ...how });
		}
		return { model, filter: { scores, threshold, kept: new Set(safe.map((sample) => sample.id)) } };
	},
};

/** Share of samples that belong to the nearer component with the probability asked for; all of them where there is but one. */
function firstShare(scores: Float64Array, posterior: number): number {
	const mixture = fitMixture(scores);
	if (mixture === null) return 1;
	return scores.filter((score) => 1 - posteriorOfUpper(score, mixture) >= posterior).length / scores.length;
}
