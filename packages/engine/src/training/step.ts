/** One training step as one program: forward, backward, clipping, AdamW. */
import * as tf from "@tensorflow/tfjs";
import type { PairBatch } from "../data/batches.ts";
import type { Measured } from "../model/batch-norm.ts";
import { clipLoss } from "../model/clip.ts";
import type { ClipConfig } from "../model/config.ts";
import type { Program, Runtime, Specs, State, Tensors } from "../runtime/contract.ts";
import { applyAdamW, type Rates, rateSpecs, stateSpecs, weightsOf } from "./adamw.ts";
import { type Group, type Layout, learningGroups, pack, unpack } from "./layout.ts";
import type { TrainOptions } from "./options.ts";

/** What every way of making a step needs to know. */
export interface StepPlan {
	readonly config: ClipConfig;
	readonly options: TrainOptions;
	readonly layout: Layout;
}

/** What the host sees of a step. */
export interface StepResult {
	/** Batch mean in nats. */
	readonly loss: number;
	/** Global L2 norm before clipping. */
	readonly gradientNorm: number;
	/** Log of the logit scale after the step. */
	readonly temperature: number;
}

/** A step compiled for one text length. */
export interface CompiledStep {
	run(state: State, batch: PairBatch, rates: Rates): Promise<StepResult>;
	dispose(): void;
}

/** A way of making steps: the whole batch at once, or accumulated over micro-batches. */
export interface StepMethod {
	readonly state: Specs;
	compile(runtime: Runtime, length: number): Promise<CompiledStep>;
}

/** Specs of a batch of pairs. */
export function pairSpecs(config: ClipConfig, rows: number, length: number) {
	const { imageSize } = config.vision;
	return {
		images: { shape: [rows, imageSize, imageSize, 3], dtype: "float32" },
		tokens: { shape: [rows, length], dtype: "int32" },
		ends: { shape: [rows], dtype: "int32" },
	} as const satisfies Specs;
}

/** A program's inputs as the batch that the model takes. */
export function pairTensors({ images, tokens, ends }: Tensors) {
	return { images: images as tf.Tensor4D, tokens: tokens as tf.Tensor2D, ends: ends as tf.Tensor1D };
}

/** Every parameter by name; `learning` holds the buffers of the layout's first groups, the state the others'. */
export function namedParameters(layout: Layout, state: Tensors, learning: readonly tf.Tensor[]): Tensors {
	return Object.assign({}, ...layout.map((group, at) => unpack(group, learning[at] ?? state[weightsOf(group.name)]!)));
}

/** Forward, backward and AdamW over the whole batch in one program. */
export function wholeBatchSteps(plan: StepPlan): StepMethod {
	return {
		state: stateSpecs(plan.layout),
		async compile(runtime, length) {
			const executable = await runtime.compile(stepProgram(plan, length));
			return {
				async run(state, { images, tokens, ends }, rates) {
					return readResult(await executable.run(state, { images, tokens, ends, ...rates }));
				},
				dispose: () => executable.dispose(),
			};
		},
	};
}

/** The scalars of a step's outputs. */
export function readResult({
	loss,
	gradientNorm,
	temperature,
}: Readonly<Record<string, ArrayLike<number>>>): StepResult {
	return { loss: loss![0]!, gradientNorm: gradientNorm![0]!, temperature: temperature![0]! };
}

function stepProgram({ config, options, layout }: StepPlan, length: number): Program {
	const groups = learningGroups(layout);
	return {
		name: `train ${options.batchSize}x${length}`,
		state: stateSpecs(layout),
		inputs: { ...pairSpecs(config, options.batchSize, length), ...rateSpecs },
		run(state, inputs) {
			const statistics = layout.find(({ name }) => name === "statistics");
			const measured: Measured | undefined = statistics && new Map();
			const { value: loss, grads } = tf.valueAndGrads((...weights) =>
				clipLoss(config, namedParameters(layout, state, weights), { ...pairTensors(inputs), measured }),
			)(groups.map(({ name }) => state[weightsOf(name)]!));
			const gradients = Object.fromEntries(groups.map(({ name }, at) => [name, grads[at]!]));
			const step = applyAdamW(options, { state, gradients, rates: inputs });
			return {
				state: { ...step.state, ...(measured && { [weightsOf("statistics")]: packMeasured(statistics!, measured) }) },
				outputs: { loss, gradientNorm: step.gradientNorm, temperature: step.state[weightsOf("temperature")]! },
			};
		},
	};
}

/** The next running statistics as their group's buffer; the tensors handed in are freed. */
function packMeasured(group: Group, measured: Measured): tf.Tensor {
	const packed = pack(group, Object.fromEntries(measured));
	for (const tensor of measured.values()) tensor.dispose();
	return packed;
}
