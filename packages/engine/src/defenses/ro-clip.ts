/** RoCLIP: every K-th epoch each image learns from the caption of a bank that lies nearest to its own, not from its own. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";
import type { Random } from "../random.ts";
import { nearestRows } from "../similarity/nearest.ts";
import type { Defense, Embeddings, Sample } from "../types.ts";
import { ramp } from "./epoch-rates.ts";

const params = z.strictObject({
	epochs: z.int().min(1).default(3).describe("Passes over the pairs; 24 in the paper's code."),
	every: z.int().min(1).default(2).describe("K: the first epoch and every K-th after it match images with the bank."),
	bank: z
		.int()
		.min(1)
		.default(2048)
		.describe("Captions in the bank, drawn anew each time; 21,845 in the paper's code. All, if there are fewer."),
	learningRate: z.number().positive().default(6.5e-5).describe("Peak learning rate."),
	inModal: z
		.number()
		.min(0)
		.default(1)
		.describe("Weight of contrast within each modality between two views; it stands for the paper's augmentation."),
});

/**
 * A poisoned image is matched with the caption that the model in training finds nearest, so that it is pulled to what it
 * shows, unless the poison has been learned already. That is why the first epoch is one of these: the start is clean.
 */
export const roClip: Defense<typeof params> = {
	title: "RoCLIP",
	description: "Matches images, every K-th epoch, with the nearest captions of a random bank in place of their own.",
	source: "Yang et al., Robust Contrastive Language-Image Pretraining (RoCLIP), NeurIPS 2023",
	stage: "before-training",
	outcome: "roclip",
	params,
	example: { epochs: 3, every: 2, bank: 2048 },
	async *defend({ start, pairs, random, train }, { epochs, every, bank, learningRate, inModal }) {
		if (pairs.length === 0)
			throw new MithridateError("invalid-data", "RoCLIP needs training pairs, and there are none.", {
				subject: "pairs",
			});
		let model = start;
		for (let epoch = 0; epoch < epochs; epoch++) {
			let samples = pairs;
			if (epoch % every === 0) {
				const captions = drawBank(pairs, bank, random.split(`bank/${epoch}`));
				const images = yield* model.embedImages(pairs.map(({ image }) => image));
				const texts = yield* model.embedTexts(captions);
				samples = rematched(pairs, { images, texts, captions });
			}
			model = yield* train(model, samples, {
				stage: epoch + 1 === epochs ? "roclip" : `roclip-${epoch + 1}`,
				epochs: 1,
				objective: { crossModal: 1, inModal },
				...ramp(learningRate, epoch, epochs),
				random: random.split(`epoch/${epoch}`),
			});
		}
		return { model };
	},
};

/** Different captions of any pairs. Sorted before they are drawn, so that the order of the pairs decides nothing. */
function drawBank(pairs: readonly Sample[], size: number, random: Random): string[] {
	const all = [...new Set(pairs.flatMap(({ captions }) => captions))].sort();
	return random.sample(all, Math.min(size, all.length));
}

/** The samples with the bank's captions nearest to their image, as many as they have themselves. */
function rematched(
	pairs: readonly Sample[],
	{ images, texts, captions }: { images: Embeddings; texts: Embeddings; captions: readonly string[] },
): Sample[] {
	const most = pairs.reduce((count, sample) => Math.max(count, sample.captions.length), 1);
	const search = nearestRows(images, texts, most);
	let step = search.next();
	while (!step.done) step = search.next();
	const { nearest, depth } = step.value;
	return pairs.map((sample, row) => {
		const found = nearest.subarray(row * depth, row * depth + Math.min(depth, sample.captions.length));
		return { ...sample, captions: Array.from(found, (caption) => captions[caption] as string) };
	});
}
