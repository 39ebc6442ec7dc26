/** Settings of the training loop; defaults are the paper's where it states them (section 4.1). */
import { z } from "zod";

const decay = z.number().min(0).lt(1);

export const TrainOptions = z.strictObject({
	epochs: z.int().nonnegative().default(10),
	/** Pairs per step; what is left over at the end of an epoch is dropped, as in the paper's code. */
	batchSize: z.int().min(2).default(128),
	/** Pairs embedded at a time when memory is short; the gradient is still the whole batch's. Null embeds all at once. */
	microBatch: z.int().positive().nullable().default(null),
	learningRate: z.number().positive().default(1e-5),
	/** Floor of the cosine schedule. */
	minimumLearningRate: z.number().nonnegative().default(1e-6),
	/** Steps of linear warm-up before the cosine. */
	warmupSteps: z.int().nonnegative().default(0),
	/** Decoupled, on parameters of two or more dimensions only. */
	weightDecay: z.number().nonnegative().default(0.2),
	betas: z.tuple([decay, decay]).default([0.9, 0.98]),
	epsilon: z.number().positive().default(1e-6),
	/** Largest global L2 norm of the gradient; null turns clipping off. */
	clipNorm: z.number().positive().nullable().default(null),
	/** Towers that do not learn: embeddings, blocks, final norm and projection. The temperature always learns. */
	freeze: z.enum(["none", "image", "text", "both"]).default("none"),
});
export type TrainOptions = z.output<typeof TrainOptions>;

/** Learning rate of step `step` (from 0) of `steps`: linear warm-up, then a cosine down to the floor. */
export function learningRateAt(options: TrainOptions, step: number, steps: number): number {
	const { learningRate, minimumLearningRate, warmupSteps } = options;
	if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
	const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
	return minimumLearningRate + 0.5 * (learningRate - minimumLearningRate) * (1 + Math.cos(Math.PI * progress));
}
