/** AdamW with decoupled weight decay (Loshchilov & Hutter 2019) on flat buffers. */
import * as tf from "@tensorflow/tfjs";
import type { Specs, Tensors } from "../runtime/contract.ts";
import { type Layout, learningGroups } from "./layout.ts";
import type { TrainOptions } from "./options.ts";

/** CLIP bounds the temperature: logits are never scaled by more than 100. */
const MAX_LOGIT_SCALE = Math.log(100);

/** State names of a group's buffer and of its two moments. */
export const weightsOf = (group: string): string => `weights.${group}`;
const momentsOf = (group: string): [first: string, second: string] => [`first.${group}`, `second.${group}`];

/** Every state buffer of a layout: weights, and for what learns its two moments. */
export function stateSpecs(layout: Layout): Specs {
	const spec = (size: number) => ({ shape: [size], dtype: "float32" as const });
	const learned = new Set(learningGroups(layout).map(({ name }) => name));
	return Object.fromEntries(
		layout.flatMap(({ name, size }) => [
			[weightsOf(name), spec(size)],
			...(learned.has(name) ? momentsOf(name).map((moment) => [moment, spec(size)]) : []),
		]),
	);
}

const scalar = { shape: [], dtype: "float32" } as const;
/** What the host gives with each step. */
export const rateSpecs = { learningRate: scalar, firstCorrection: scalar, secondCorrection: scalar } satisfies Specs;

export type Rates = Readonly<Record<keyof typeof rateSpecs, Float32Array>>;

/** Values of `rateSpecs` for step `step`, counted from 1; bias corrections are computed in double precision. */
export function ratesAt(learningRate: number, step: number, { betas: [first, second] }: TrainOptions): Rates {
	return {
		learningRate: Float32Array.of(learningRate),
		firstCorrection: Float32Array.of(1 / (1 - first ** step)),
		secondCorrection: Float32Array.of(1 / Math.sqrt(1 - second ** step)),
	};
}

/**
 * One step: the new state, and the gradient's global L2 norm before clipping. `gradients` are flat, one per learning
 * group. The temperature is clamped to [0, ln 100] afterwards.
 */
export function applyAdamW(
	options: TrainOptions,
	{ state, gradients, rates }: { state: Tensors; gradients: Tensors; rates: Tensors },
): { state: Tensors; gradientNorm: tf.Scalar } {
	const { betas, epsilon, weightDecay, clipNorm } = options;
	const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
	const gradientNorm = tf.sqrt(squares.reduce((total, square) => tf.add(total, square))) as tf.Scalar;
	const shrink = clipNorm === null ? null : tf.minimum(1, tf.div(clipNorm, tf.add(gradientNorm, 1e-6)));
	// What multiplies a whole buffer is first put together from what multiplies it in turn: passes cost more than steps.
	const share = (factor: number) => (shrink === null ? factor : tf.mul(shrink, factor));
	const stepSize = tf.div(tf.mul(rates.learningRate!, rates.firstCorrection!), rates.secondCorrection!);
	const floor = tf.div(epsilon, rates.secondCorrection!);
	const next: Record<string, tf.Tensor> = {};
	for (const [group, gradient] of Object.entries(gradients)) {
		const [firstName, secondName] = momentsOf(group);
		const first = tf.add(tf.mul(state[firstName]!, betas[0]), tf.mul(gradient, share(1 - betas[0])));
		const rooted = tf.mul(gradient, share(Math.sqrt(1 - betas[1])));
		const second = tf.add(tf.mul(state[secondName]!, betas[1]), tf.square(rooted));
		const spread = tf.add(tf.sqrt(second), floor);
		const weights = state[weightsOf(group)]!;
		const kept = group === "matrices" ? tf.mul(weights, tf.sub(1, tf.mul(rates.learningRate!, weightDecay))) : weights;
		const moved = tf.sub(kept, tf.mul(stepSize, tf.div(first, spread)));
		next[weightsOf(group)] = group === "temperature" ? tf.clipByValue(moved, 0, MAX_LOGIT_SCALE) : moved;
		next[firstName] = first;
		next[secondName] = second;
	}
	return { state: next, gradientNorm };
}
