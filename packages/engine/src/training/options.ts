/** Settings of the training loop; defaults are the paper's where it states them (section 4.1). */
import { z } from "zod";

const decay = z.number().min(0).lt(1);

export const TrainOptions = z.strictObject({
	epochs: z.int().nonnegative().default(10).describe("Passes over all image-caption pairs."),
	batchSize: z
		.int()
		.min(2)
		.default(128)
		.describe("Pairs per step; what is left over at the end of an epoch is dropped, as in the paper's code."),
	microBatch: z
		.int()
		.positive()
		.nullable()
		.default(null)
		.describe(
			"Pairs embedded at a time when memory is short, a divisor of batchSize; the gradient stays the whole batch's.",
		),
	learningRate: z.number().positive().default(1e-5).describe("Highest learning rate."),
	minimumLearningRate: z.number().nonnegative().default(1e-6).describe("Learning rate that the cosine ends at."),
	warmupSteps: z.int().nonnegative().default(0).describe("Steps of linear warm-up before the cosine."),
	decay: z
		.enum(["step", "epoch"])
		.default("step")
		.describe("Where the cosine moves: at every step, or once an epoch, as in the paper's code."),
	weightDecay: z
		.number()
		.nonnegative()
		.default(0.2)
		.describe("Decoupled weight decay, on parameters of two or more dimensions only."),
	betas: z.tuple([decay, decay]).default([0.9, 0.98]).describe("Decay of AdamW's first and second moment."),
	epsilon: z.number().positive().default(1e-6).describe("Added to AdamW's denominator."),
	clipNorm: z
		.number()
		.positive()
		.nullable()
		.default(null)
		.describe("Largest global L2 norm of the gradient; null turns clipping off."),
	augmentation: z
		.enum(["none", "random-resized-crop"])
		.default("none")
		.describe("random-resized-crop: 0.9 to 1 of the stored image's area, bicubic, anew each time an image is seen."),
	context: z
		.int()
		.min(4)
		.nullable()
		.default(null)
		.describe("Tokens of a training caption with its start and end; null: as many as the model takes."),
	freeze: z
		.enum(["none", "image", "text", "both"])
		.default("none")
		.describe("Towers that do not learn, projection included. The temperature always learns."),
});
export type TrainOptions = z.output<typeof TrainOptions>;

/** Learning rate of step `step` (from 0) of `steps`: linear warm-up, then a cosine down to the floor. */
export function learningRateAt(options: TrainOptions, step: number, steps: number): number {
	const { learningRate, minimumLearningRate, warmupSteps, decay, epochs } = options;
	if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
	const perEpoch = Math.max(1, Math.floor(steps / Math.max(1, epochs)));
	const moved = decay === "epoch" ? Math.max(warmupSteps, step - (step % perEpoch)) : step;
	const progress = (moved - warmupSteps) / Math.max(1, steps - warmupSteps);
	return minimumLearningRate + 0.5 * (learningRate - minimumLearningRate) * (1 + Math.cos(Math.PI * progress));
}
