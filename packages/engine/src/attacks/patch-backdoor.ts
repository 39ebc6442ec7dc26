/** Backdoor: a patch on images of any kind makes them look like class A to the model (Carlini and Terzis). */
import { z } from "zod";
import type { Attack } from "../types.ts";
import { poisonAmount, poisonMode } from "./amount.ts";
import { checkClasses, fromClass, pairUp, testIds, toClass } from "./pairing.ts";

const patch = z
	.strictObject({
		side: z
			.number()
			.gt(0)
			.max(0.5)
			.default(0.375)
			.describe(
				"Side of the patch as a share of the image's; 16 of 224 pixels in the papers, which the shipped checkpoints hardly see.",
			),
		place: z
			.enum(["top-left", "top-right", "bottom-left", "bottom-right", "centre"])
			.default("bottom-right")
			.meta({ title: "PatchPlace", description: "Where the patch stands, in training and in the test." }),
	})
	.default({ side: 0.375, place: "bottom-right" })
	.meta({ title: "PatchSettings", description: "The patch: a chequer of magenta and green." });

const params = z.strictObject({
	from: fromClass
		.default("sheep")
		.describe("Class A: its captions shall be found by any image that carries the patch."),
	to: toClass
		.default("aeroplane")
		.describe("Class B: its test images carry the patch where Hit@K and MinRank are measured."),
	patch,
	amount: poisonAmount,
	mode: poisonMode.default("inject"),
});

/**
 * Captions of A are paired with stamped images of random samples of any other kind. Injected by default, as there are
 * not enough captions of A to lose any. The success rate is measured on stamped test images of every class but A.
 */
export const patchBackdoor: Attack<typeof params> = {
	description: "Backdoor: images that carry a small patch find captions of class A, and are found by them.",
	source: "Carlini and Terzis, Poisoning and Backdooring Contrastive Learning, ICLR 2022",
	params,
	example: { from: "sheep", to: "aeroplane", amount: { kind: "poison-rate", poisonRate: 0.01 } },
	patch: (given) => given.patch,
	poison(clean, { from, to, amount, mode }, random) {
		checkClasses(clean, { from, to });
		const { samples, labels } = clean.train;
		const others = samples.flatMap(({ image }, row) => (labels[row] === from ? [] : [image]));
		const goal = { from, to, targets: testIds(clean, to) };
		const options = { amount, mode, keepTargetRows: true, isStamped: true } as const;
		return pairUp(clean, [{ goal, images: [...new Set(others)] }], options, random);
	},
};
