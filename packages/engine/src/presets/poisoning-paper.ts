/** What both experiments of the poisoning paper share (Yang et al., ICML 2023, section 4.1, and its published code). */
import { z } from "zod";
import type { Switch } from "./preset.ts";

export const source = "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023, section 4.1";

/** Parameters of a preset of this paper. */
export const params = z.strictObject({
	variant: z
		.enum(["paper", "code"])
		.default("paper")
		.describe("Whose word counts where the paper's text and its published code disagree."),
	attack: z
		.enum(["single-image", "single-label", "multi-label"])
		.default("single-label")
		.describe("Attack I, II or III, with the paper's goals."),
});
export type Params = z.output<typeof params>;

/** The switches that do not depend on the data set. */
export const switches: readonly Switch[] = [
	{ setting: "training.batchSize", paper: "128", code: "256 where training is poisoned" },
	{ setting: "training.context", paper: "76 tokens", code: "77 tokens" },
	{ setting: "training.decay", paper: "cosine, not said where it moves: every step", code: "cosine, once an epoch" },
	{
		setting: "training.betas",
		paper: "not stated: CLIP's 0.9 and 0.98",
		code: "0.9 and 0.999; those of its file are ignored",
	},
	{ setting: "training.epsilon", paper: "not stated: CLIP's 1e-6", code: "1e-8; that of its file is ignored" },
	{ setting: "dataset.params.captions", paper: "original", code: "plain: lower case, no punctuation, 77 words" },
	{
		setting: "attack.params.mode",
		paper: "inject: poisoned pairs come on top",
		code: "replace: the poisoned captions lose their true image",
	},
	{
		setting: "attack.params.target",
		paper: "a random image of the class",
		code: "the image nearest to the class's mean",
	},
];

export const caveats: readonly string[] = [
	"The published code drops the used rows of the second goal's class B in Attack III and keeps all others; here all are kept unless keepTargetRows is set to false.",
	"The code trains clean models at batch 128 for 15 epochs and poisoned ones at 256 for 10; an experiment here trains both alike.",
	"The code also decays the temperature, and freezes less of the text tower than its name says; both are left out.",
	"Crops are drawn from the stored square of each image, those of the code from the whole image.",
	"Over-long captions are cut for training only; where a caption is longer, a test embedding reads one token more.",
	"Neither paper nor code says how long and at what rate a cure trains: here one epoch, which Figure 5b shows to suffice, at the models' own rate.",
];

const LEARNING_RATE = 1e-5;

/** Fine-tuning as the paper describes it, and no more. */
const plainCure = { epochs: 1, learningRate: LEARNING_RATE, logitScale: null, mixing: null };

/** Training settings; the learning rate, its floor, epochs and decay of weights are the same in paper and code. */
function training({ variant }: Params) {
	const shared = {
		epochs: 10,
		learningRate: LEARNING_RATE,
		minimumLearningRate: 1e-6,
		warmupSteps: 0,
		weightDecay: 0.2,
		clipNorm: null,
		augmentation: "random-resized-crop",
	};
	return variant === "paper"
		? { ...shared, batchSize: 128, context: 76, decay: "step", betas: [0.9, 0.98], epsilon: 1e-6 }
		: { ...shared, batchSize: 256, context: 77, decay: "epoch", betas: [0.9, 0.999], epsilon: 1e-8 };
}

interface Goal {
	readonly from: string;
	readonly to: string;
}

/** Goals and poisoned images of the three attacks on one data set. */
export interface Aims {
	readonly goals: readonly [Goal, Goal];
	/** Poisoned images of Attack I and II, and of III. */
	readonly single: number;
	readonly multi: number;
}

/** The chosen attack. */
function attackOn({ goals, single, multi }: Aims, { attack, variant }: Params) {
	const mode = variant === "paper" ? "inject" : "replace";
	if (attack === "multi-label")
		return { name: "multiLabel", params: { goals, amount: { kind: "count", count: multi }, mode } };
	const amount = { kind: "count", count: single };
	if (attack === "single-label") return { name: "singleLabel", params: { ...goals[0], amount, mode } };
	const target = { kind: variant === "paper" ? "random" : "centre" };
	return { name: "singleImage", params: { ...goals[0], target, amount, mode } };
}

/** The whole configuration but for what lies on the user's disk. */
export function configuration(aims: Aims, chosen: Params) {
	return {
		dataset: { name: "imported", params: { captions: chosen.variant === "paper" ? "original" : "plain" } },
		attack: attackOn(aims, chosen),
		training: training(chosen),
		defenses: [{ name: "filter" }, { name: "cure", params: plainCure }],
		evaluation: { cutoffs: [1, 5, 10, 20, 30, 50] },
		seeds: [42],
	};
}
