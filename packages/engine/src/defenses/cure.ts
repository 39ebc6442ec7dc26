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
		.default(2.5e-4)
		.describe("Peak learning rate. The paper states none; the default fits the shipped checkpoints."),
});

/** Sees the victim and the trusted pairs only: no knowledge of the attack, the poison or the suspicious pairs. */
export const cure: Defense<typeof params> = {
	description: "Fine-tunes the poisoned model on trusted pairs of another data set.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023, post-training defense",
	stage: "after-training",
	outcome: "cured",
	params,
	example: { epochs: 3, learningRate: 2.5e-4 },
	async *defend({ victim, trusted, train }, { epochs, learningRate }) {
		if (trusted.length === 0)
			throw new MithridateError("invalid-data", "A cure needs trusted pairs, and there are none. Give some.", {
				subject: "trusted",
			});
		return { model: yield* train(victim, trusted, { stage: "cured", epochs, learningRate }) };
	},
};
