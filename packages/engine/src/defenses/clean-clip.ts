/** CleanCLIP: fine-tunes the victim on trusted pairs with contrast within each modality, which breaks what poison bound together. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Defense } from "../types.ts";

const params = z.strictObject({
	epochs: z.int().min(1).default(3).describe("Passes over the trusted pairs; 10 in the paper."),
	learningRate: z
		.number()
		.positive()
		.default(2.5e-4)
		.describe("Peak learning rate; 1e-5 in the paper. The default fits the shipped checkpoints."),
	crossModal: z.number().min(0).default(1).describe("Weight of the CLIP loss: the paper's lambda 1."),
	inModal: z
		.number()
		.positive()
		.default(1)
		.describe("Weight of the contrast between two views of each image and of each caption: the paper's lambda 2."),
});

/**
 * Ours differ from the authors' views: crops, mirroring and colour for AutoAugment, and of EDA's four changes of a
 * caption the two that need no thesaurus.
 */
export const cleanClip: Defense<typeof params> = {
	title: "CleanCLIP",
	description: "Fine-tunes the poisoned model on trusted pairs, with contrast within images and within captions.",
	source: "Bansal et al., CleanCLIP, ICCV 2023",
	stage: "after-training",
	outcome: "cleanclip",
	params,
	example: { epochs: 3, learningRate: 2.5e-4, crossModal: 1, inModal: 1 },
	async *defend({ victim, trusted, train }, { epochs, learningRate, crossModal, inModal }) {
		if (trusted.length === 0)
			throw new MithridateError("invalid-data", "CleanCLIP needs trusted pairs, and there are none. Give some.", {
				subject: "trusted",
			});
		const objective = { crossModal, inModal };
		return { model: yield* train(victim, trusted, { stage: "cleanclip", epochs, learningRate, objective }) };
	},
};
