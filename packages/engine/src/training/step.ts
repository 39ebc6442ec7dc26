/** One training step as one program: forward, backward, clipping, AdamW. */
import * as tf from "@tensorflow/tfjs";
import { clipLoss } from "../model/clip.ts";
import type { ClipConfig } from "../model/config.ts";
import type { Program, Specs, Tensors } from "../runtime/contract.ts";
import { applyAdamW, rateSpecs, stateSpecs, weightsOf } from "./adamw.ts";
import { type Layout, unpack } from "./layout.ts";
import type { TrainOptions } from "./options.ts";

/** Specs of a batch of pairs. */
export function pairSpecs(config: ClipConfig, rows: number, length: number): Specs {
	const { imageSize } = config.vision;
	return {
		images: { shape: [rows, imageSize, imageSize, 3], dtype: "float32" },
		tokens: { shape: [rows, length], dtype: "int32" },
		ends: { shape: [rows], dtype: "int32" },
	};
}

/** Every parameter by name, from the state's buffers; `learning` overrides those of the groups that learn. */
export function namedParameters(layout: Layout, state: Tensors, learning: readonly tf.Tensor[] = []): Tensors {
	return Object.assign(
		{},
		...layout.map((group, at) => unpack(group, learning[at] ?? state[weightsOf(group.name)]!)),
	) as Tensors;
}

/** The groups that learn; the layout keeps them before the frozen one. */
export function learningGroups(layout: Layout): Layout {
	return layout.filter(({ name }) => name !== "frozen");
}

/** Outputs: `loss` in nats, `gradientNorm` before clipping, `temperature` (log scale) after the step. */
export function stepProgram(
	config: ClipConfig,
	options: TrainOptions,
	{ layout, length }: { layout: Layout; length: number },
): Program {
	const groups = learningGroups(layout);
	return {
		name: `train ${options.batchSize}x${length}`,
		state: stateSpecs(layout),
		inputs: { ...pairSpecs(config, options.batchSize, length), ...rateSpecs },
		run(state, inputs) {
			const batch = {
				images: inputs.images as tf.Tensor4D,
				tokens: inputs.tokens as tf.Tensor2D,
				ends: inputs.ends as tf.Tensor1D,
			};
			const { value: loss, grads } = tf.valueAndGrads((...weights) =>
				clipLoss(config, namedParameters(layout, state, weights), batch),
			)(groups.map(({ name }) => state[weightsOf(name)]!));
			const gradients = Object.fromEntries(groups.map(({ name }, at) => [name, grads[at]!]));
			const step = applyAdamW(options, { state, gradients, rates: inputs });
			return {
				state: step.state,
				outputs: { loss, gradientNorm: step.gradientNorm, temperature: step.state[weightsOf("temperature")]! },
			};
		},
	};
}
