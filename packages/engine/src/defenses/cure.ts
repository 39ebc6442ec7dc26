/** Post-training defense: trains the victim further on clean pairs of another data set ("sterilising"). */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Defense } from "../types.ts";

const params = z.strictObject({
	epochs: z
		.int()
		.min(1)
		.default(3)
		.describe("Passes over the trusted pairs; in the paper one already suffices (Figure 5b)."),
	learningRate: z
		.number()
		.positive()
		.default(6e-4)
		.describe("Peak learning rate. The paper states none; the default fits the shipped checkpoints."),
	logitScale: z
		.number()
		.min(1)
		.max(100)
		.nullable()
		.default(8)
		.describe(
			"Logit scale that fine-tuning starts at; null: the poisoned model's, as in the paper. Where it is low, all in-batch negatives weigh in, not the hardest alone.",
		),
	mixing: z
		.number()
		.gt(0)
		.lt(1)
		.nullable()
		.default(0.75)
		.describe(
			"Share of the fine-tuned weights in the cured model, the rest being the poisoned one's (Wortsman et al., CVPR 2022); null: all of them, as in the paper. A smaller share keeps more of the retrieval, and more of the poison.",
		),
});

/** Sees the victim and the trusted pairs only: no knowledge of the attack, the poison or the suspicious pairs. */
export const cure: Defense<typeof params> = {
	description: "Fine-tunes the poisoned model on trusted pairs of another data set.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023, post-training defense",
	stage: "after-training",
	outcome: "cured",
	params,
	example: { epochs: 3, learningRate: 6e-4, logitScale: 8, mixing: 0.75 },
	async *defend({ victim, trusted, train }, { epochs, learningRate, logitScale, mixing }) {
		if (trusted.length === 0)
			throw new MithridateError("invalid-data", "A cure needs trusted pairs, and there are none. Give some.", {
				subject: "trusted",
			});
		// Configurations from before the two last parameters lack them, and mean what null means.
		const overrides = { epochs, learningRate, logitScale: logitScale ?? undefined, mixing: mixing ?? undefined };
		return { model: yield* train(victim, trusted, { stage: "cured", ...overrides }) };
	},
};
