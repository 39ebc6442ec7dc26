/** Attack II: captions of class A shall retrieve images of class B (single target label). */
import { z } from "zod";
import type { Attack } from "../types.ts";
import { poisonAmount, poisonMode } from "./amount.ts";
import { checkClasses, fromClass, keepTargetRows, pairUp, testIds, toClass, trainingImages } from "./pairing.ts";

const params = z.strictObject({
	from: fromClass.default("sheep"),
	to: toClass.default("aeroplane"),
	amount: poisonAmount,
	mode: poisonMode,
	keepTargetRows,
});

/** Pairs captions of A with training images of B; evaluated on test captions and test images, both unseen in training. */
export const singleLabel: Attack<typeof params> = {
	description: "Attack II, single target label: captions of class A retrieve images of class B.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023",
	params,
	example: { from: "sheep", to: "aeroplane", amount: { kind: "poison-rate", poisonRate: 0.01 } },
	poison(clean, { from, to, ...options }, random) {
		checkClasses(clean, { from, to });
		const goal = { from, to, targets: testIds(clean, to) };
		return pairUp(clean, [{ goal, images: trainingImages(clean, to) }], options, random);
	},
};
