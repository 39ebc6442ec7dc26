/** One training step as one program: forward, backward, clipping, AdamW. */
import * as tf from "@tensorflow/tfjs";
import type { PairBatch } from "../data/batches.ts";
import type { Measured } from "../model/batch-norm.ts";
import { embedPairs } from "../model/clip.ts";
import type { ClipConfig } from "../model/config.ts";
import type { HostArray, Program, Runtime, Specs, State, Tensors } from "../runtime/contract.ts";
import type { Objective } from "../types.ts";
import { applyAdamW, type Rates, rateSpecs, stateSpecs, weightsOf } from "./adamw.ts";
import { type Group, type Layout, learningGroups, pack, unpack } from "./layout.ts";
import { clipObjective, type EmbeddedPairs, needsViews, objectiveLoss } from "./objective.ts";
import type { TrainOptions } from "./options.ts";

/** What every way of making a step needs to know. */
export interface StepPlan {
	readonly config: ClipConfig;
	readonly options: TrainOptions;
	readonly layout: Layout;
	/** The CLIP loss where it is left out. */
	readonly objective?: Objective;
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

/** Specs of a batch with its second views, where the objective needs them. */
function batchSpecs({ config, options, objective = clipObjective }: StepPlan, length: number): Specs {
	const { images, tokens, ends } = pairSpecs(config, options.batchSize, length);
	const views = { viewImages: images, viewTokens: tokens, viewEnds: ends };
	return { images, tokens, ends, ...(needsViews(objective) && views) };
}

/** A batch as the inputs of `batchSpecs`. */
function batchArrays({ images, tokens, ends, views }: PairBatch): Record<string, HostArray> {
	return {
		images,
		tokens,
		ends,
		...(views && { viewImages: views.images, viewTokens: views.tokens, viewEnds: views.ends }),
	};
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
				async run(state, batch, rates) {
					return readResult(await executable.run(state, { ...batchArrays(batch), ...rates }));
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

function stepProgram(plan: StepPlan, length: number): Program {
	const { options, layout, objective = clipObjective } = plan;
	const groups = learningGroups(layout);
	return {
		name: `train ${options.batchSize}x${length}${needsViews(objective) ? " with views" : ""}`,
		state: stateSpecs(layout),
		inputs: { ...batchSpecs(plan, length), ...rateSpecs },
		run(state, inputs) {
			const statistics = layout.find(({ name }) => name === "statistics");
			const measured: Measured | undefined = statistics && new Map();
			const { value: loss, grads } = tf.valueAndGrads((...weights) => {
				const parameters = namedParameters(layout, state, weights);
				return objectiveLoss(objective, embedBatch(plan, parameters, { inputs, measured }), parameters.logit_scale!);
			})(groups.map(({ name }) => state[weightsOf(name)]!));
			const gradients = Object.fromEntries(groups.map(({ name }, at) => [name, grads[at]!]));
			const step = applyAdamW(options, { state, gradients, rates: inputs });
			return {
				state: { ...step.state, ...(measured && { [weightsOf("statistics")]: packMeasured(statistics!, measured) }) },
				outputs: { loss, gradientNorm: step.gradientNorm, temperature: step.state[weightsOf("temperature")]! },
			};
		},
	};
}

/** Pairs and second views in one pass through the towers: a ResNet normalises over both. */
function embedBatch(
	{ config, options, objective = clipObjective }: StepPlan,
	parameters: Tensors,
	{ inputs, measured }: { inputs: Tensors; measured: Measured | undefined },
): { pairs: EmbeddedPairs; views?: EmbeddedPairs } {
	if (!needsViews(objective)) return { pairs: embedPairs(config, parameters, { ...pairTensors(inputs), measured }) };
	const { images, tokens, ends, viewImages, viewTokens, viewEnds } = inputs;
	const both = embedPairs(config, parameters, {
		images: tf.concat([images!, viewImages!]) as tf.Tensor4D,
		tokens: tf.concat([tokens!, viewTokens!]) as tf.Tensor2D,
		ends: tf.concat([ends!, viewEnds!]) as tf.Tensor1D,
		measured,
	});
	const half = (part: 0 | 1) => ({
		images: tf.slice(both.images, [part * options.batchSize, 0], [options.batchSize, -1]),
		texts: tf.slice(both.texts, [part * options.batchSize, 0], [options.batchSize, -1]),
	});
	return { pairs: half(0), views: half(1) };
}

/** The next running statistics as their group's buffer; the tensors handed in are freed. */
function packMeasured(group: Group, measured: Measured): tf.Tensor {
	const packed = pack(group, Object.fromEntries(measured));
	for (const tensor of measured.values()) tensor.dispose();
	return packed;
}
