/**
 * The whole batch's step in micro-batches, second views among them (Gao et al. 2021, GradCache): embed each, differentiate the loss of all by the
 * embeddings, then go through each once more with those gradients. The temperature's gradient is taken once, from the
 * loss itself; taking it in every backward pass, as open_clip does, multiplies it by their number.
 */
import * as tf from "@tensorflow/tfjs";
import type { PairBatch } from "../data/batches.ts";
import { embedImages, embedTexts } from "../model/clip.ts";
import type { HostArray, Program, Runtime, Specs, State } from "../runtime/contract.ts";
import { applyAdamW, rateSpecs, stateSpecs, weightsOf } from "./adamw.ts";
import { type Group, learningGroups } from "./layout.ts";
import { clipObjective, type EmbeddedPairs, needsViews, objectiveLoss } from "./objective.ts";
import { namedParameters, pairSpecs, pairTensors, readResult, type StepMethod, type StepPlan } from "./step.ts";

const gradientOf = (group: string): string => `gradient.${group}`;

/** Steps over `batchSize` pairs that hold the activations of `microBatch` pairs at a time; the latter divides the former. */
export function accumulatedSteps(plan: StepPlan, microBatch: number): StepMethod {
	const { config, options } = plan;
	const parts = (options.batchSize / microBatch) * (needsViews(plan.objective ?? clipObjective) ? 2 : 1);
	const rows = parts * microBatch;
	const learnsTowers = towerGroups(plan).length > 0;
	return {
		state: { ...stateSpecs(plan.layout), ...gradientSpecs(plan) },
		async compile(runtime: Runtime, length: number) {
			const embed = await runtime.compile(embedProgram(plan, microBatch, length));
			const differentiate = await runtime.compile(lossProgram(plan));
			const backward = learnsTowers ? await runtime.compile(backwardProgram(plan, microBatch, length)) : null;
			const apply = await runtime.compile(applyProgram(plan));
			return {
				async run(state: State, batch: PairBatch, rates) {
					const all = {
						images: new Float32Array(rows * config.projection),
						texts: new Float32Array(rows * config.projection),
					};
					const offset = (part: number) => part * microBatch * config.projection;
					for (let part = 0; part < parts; part++) {
						const { images, texts } = await embed.run(state, partOf(batch, part, microBatch));
						all.images.set(images as Float32Array, offset(part));
						all.texts.set(texts as Float32Array, offset(part));
					}
					const { loss, imageGradient, textGradient } = await differentiate.run(state, all);
					for (let part = 0; backward && part < parts; part++)
						await backward.run(state, {
							...partOf(batch, part, microBatch),
							imageGradient: imageGradient!.slice(offset(part), offset(part + 1)),
							textGradient: textGradient!.slice(offset(part), offset(part + 1)),
							kept: Float32Array.of(part === 0 ? 0 : 1),
						});
					return readResult({ loss: loss!, ...(await apply.run(state, { ...rates })) });
				},
				dispose() {
					for (const executable of [embed, differentiate, backward, apply]) executable?.dispose();
				},
			};
		},
	};
}

function towerGroups({ layout }: StepPlan): readonly Group[] {
	return layout.filter(({ name }) => name === "matrices" || name === "vectors");
}

function gradientSpecs({ layout }: StepPlan): Specs {
	return Object.fromEntries(
		learningGroups(layout).map(({ name, size }) => [gradientOf(name), { shape: [size], dtype: "float32" }]),
	);
}

function weightSpecs({ layout }: StepPlan): Specs {
	return Object.fromEntries(layout.map(({ name, size }) => [weightsOf(name), { shape: [size], dtype: "float32" }]));
}

/** Rows of one micro-batch; those of the second views follow those of the pairs. */
function partOf(batch: PairBatch, part: number, rows: number): Record<string, HostArray> {
	const ahead = batch.ends.length / rows;
	if (batch.views && part >= ahead) return partOf(batch.views, part - ahead, rows);
	const cut = <T extends HostArray>(values: T): HostArray => {
		const stride = values.length / batch.ends.length;
		return values.slice(part * rows * stride, (part + 1) * rows * stride);
	};
	return { images: cut(batch.images), tokens: cut(batch.tokens), ends: cut(batch.ends) };
}

function embedProgram(plan: StepPlan, rows: number, length: number): Program {
	return {
		name: `train embed ${rows}x${length}`,
		state: weightSpecs(plan),
		inputs: pairSpecs(plan.config, rows, length),
		run(state, inputs) {
			const parameters = namedParameters(plan.layout, state, []);
			const { images, ...texts } = pairTensors(inputs);
			const outputs = {
				images: embedImages(plan.config, parameters, images),
				texts: embedTexts(plan.config, parameters, texts),
			};
			return { state: {}, outputs };
		},
	};
}

/** Loss of the whole batch, its gradient by the embeddings, and by the temperature (kept in the state). */
function lossProgram({ config, options: { batchSize }, objective = clipObjective }: StepPlan): Program {
	const rows = batchSize * (needsViews(objective) ? 2 : 1);
	const embeddings = { shape: [rows, config.projection], dtype: "float32" } as const;
	const part = (images: tf.Tensor, texts: tf.Tensor, from: number): EmbeddedPairs => ({
		images: tf.slice(images as tf.Tensor2D, [from, 0], [batchSize, -1]),
		texts: tf.slice(texts as tf.Tensor2D, [from, 0], [batchSize, -1]),
	});
	/** Pairs, and the second views that lie behind them. */
	const halves = (images: tf.Tensor, texts: tf.Tensor) =>
		rows === batchSize
			? { pairs: { images: images as tf.Tensor2D, texts: texts as tf.Tensor2D } }
			: { pairs: part(images, texts, 0), views: part(images, texts, batchSize) };
	const scalar = { shape: [1], dtype: "float32" } as const;
	return {
		name: `train loss ${rows}`,
		state: { [weightsOf("temperature")]: scalar, [gradientOf("temperature")]: scalar },
		inputs: { images: embeddings, texts: embeddings },
		run(state, { images, texts }) {
			const { value: loss, grads } = tf.valueAndGrads((i, t, temperature) =>
				objectiveLoss(objective, halves(i!, t!), tf.reshape(temperature!, [])),
			)([images!, texts!, state[weightsOf("temperature")]!]);
			return {
				state: { [gradientOf("temperature")]: grads[2]! },
				outputs: { loss, imageGradient: grads[0]!, textGradient: grads[1]! },
			};
		},
	};
}

/** Adds a micro-batch's parameter gradients to the state; `kept` 0 starts afresh, 1 goes on. */
function backwardProgram(plan: StepPlan, rows: number, length: number): Program {
	const { config, layout } = plan;
	const groups = towerGroups(plan);
	const gradients = { shape: [rows, config.projection], dtype: "float32" } as const;
	return {
		name: `train backward ${rows}x${length}`,
		state: { ...weightSpecs(plan), ...gradientSpecs(plan) },
		inputs: {
			...pairSpecs(config, rows, length),
			imageGradient: gradients,
			textGradient: gradients,
			kept: { shape: [], dtype: "float32" },
		},
		run(state, inputs) {
			const { grads } = tf.valueAndGrads((...weights) => {
				const parameters = namedParameters(layout, state, weights);
				const { images, ...texts } = pairTensors(inputs);
				const byImages = tf.sum(tf.mul(embedImages(config, parameters, images), inputs.imageGradient!));
				const byTexts = tf.sum(tf.mul(embedTexts(config, parameters, texts), inputs.textGradient!));
				return tf.add(byImages, byTexts) as tf.Scalar;
			})(groups.map(({ name }) => state[weightsOf(name)]!));
			const sums = groups.map(({ name }, at) => [
				gradientOf(name),
				tf.add(tf.mul(state[gradientOf(name)]!, inputs.kept!), grads[at]!),
			]);
			return { state: Object.fromEntries(sums), outputs: {} };
		},
	};
}

function applyProgram(plan: StepPlan): Program {
	return {
		name: "train apply",
		state: { ...stateSpecs(plan.layout), ...gradientSpecs(plan) },
		inputs: rateSpecs,
		run(state, rates) {
			const gradients = Object.fromEntries(
				learningGroups(plan.layout).map(({ name }) => [name, state[gradientOf(name)]!]),
			);
			const step = applyAdamW(plan.options, { state, gradients, rates });
			const temperature = step.state[weightsOf("temperature")]!;
			return { state: step.state, outputs: { gradientNorm: step.gradientNorm, temperature } };
		},
	};
}
