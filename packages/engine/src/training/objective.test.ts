/** Training with in-modal terms, against the same loss written out by hand on TF.js's own backend. */
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPairs } from "../data/batches.ts";
import { resizeStore } from "../data/resize.ts";
import { embedImages, embedTexts } from "../model/clip.ts";
import { parameterShapes } from "../model/parameters.ts";
import { finish, onnxRuntime, toyModel, toyPairs, toyResNet } from "../model/toy.fixture.ts";
import { Random } from "../random.ts";
import type { Runtime } from "../runtime/contract.ts";
import { type TrainInput, TrainingAborted, TrainOptions, train } from "../train.ts";
import type { Objective, TrainStepEvent } from "../types.ts";
import { ratesAt, weightsOf } from "./adamw.ts";
import { flatten, layOut } from "./layout.ts";
import { wholeBatchSteps } from "./step.ts";

let runtime: Runtime;
beforeAll(async () => {
	runtime = await onnxRuntime();
});
afterAll(() => runtime.dispose());

const model = toyModel();
const ROWS = 8;

/** -log softmax of the right column, averaged over rows, in both directions: the definition, without any of our ops. */
function contrast(a: tf.Tensor2D, b: tf.Tensor2D, logScale: tf.Tensor): tf.Tensor {
	const logits = tf.mul(tf.matMul(a, tf.transpose(b)), tf.exp(logScale));
	const eye = tf.eye(a.shape[0]);
	const right = tf.sum(tf.mul(logits, eye), 1);
	const across = (axis: number) => tf.mean(tf.sub(tf.logSumExp(logits, axis), right));
	return tf.div(tf.add(across(1), across(0)), 2);
}

describe.each([
	{ crossModal: 1, inModal: 1 },
	{ crossModal: 0, inModal: 1 },
	{ crossModal: 0.5, inModal: 2 },
])("crossModal $crossModal, inModal $inModal", (objective) => {
	test("loss and gradient are those of the formula", async () => {
		const pairs = createPairs(model, { ...toyPairs(), hasViews: true });
		const batch = pairs.assemble([0, 3, 5, 9, 12, 17, 20, 23], new Random("views"));
		const layout = layOut(parameterShapes(model.config), () => false);
		const options = TrainOptions.parse({ batchSize: ROWS, weightDecay: 0, betas: [0, 0.5] });
		const buffers = Object.fromEntries(
			layout.map((group) => [weightsOf(group.name), flatten(group, model.parameters)]),
		);
		const method = wholeBatchSteps({ config: model.config, options, layout, objective });
		const state = runtime.createState(method.state, buffers);
		const step = await method.compile(runtime, batch.length);
		const result = await step.run(state, batch, ratesAt(1e-3, 1, options));
		// With beta 0 the first moment is the gradient itself.
		const moments = await state.read(layout.map(({ name }) => `first.${name}`));

		await tf.setBackend("cpu");
		const names = Object.keys(model.parameters);
		const weights = names.map((name) => tf.tensor(model.parameters[name]!.data, [...model.parameters[name]!.shape]));
		const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
			const parameters = Object.fromEntries(names.map((name, at) => [name, given[at]!]));
			const embed = (part: typeof batch | NonNullable<typeof batch.views>) => ({
				images: embedImages(model.config, parameters, tf.tensor4d(part.images, [ROWS, 8, 8, 3])),
				texts: embedTexts(model.config, parameters, {
					tokens: tf.tensor2d(part.tokens, [ROWS, batch.length], "int32"),
					ends: tf.tensor1d(part.ends, "int32"),
				}),
			});
			const [one, other] = [embed(batch), embed(batch.views!)];
			const scale = parameters.logit_scale!;
			const within = tf.add(contrast(one.images, other.images, scale), contrast(one.texts, other.texts, scale));
			const across = contrast(one.images, one.texts, scale);
			return tf.add(tf.mul(across, objective.crossModal), tf.mul(within, objective.inModal / 2)) as tf.Scalar;
		})(weights);
		expect(Math.abs(result.loss - value.dataSync()[0]!)).toBeLessThan(1e-4);
		let squares = 0;
		for (const group of layout) {
			const host = Object.fromEntries(
				names.map((name, at) => [name, { shape: grads[at]!.shape, data: grads[at]!.dataSync() as Float32Array }]),
			);
			const expected = flatten(group, host);
			const largest = expected.reduce((most, gradient) => Math.max(most, Math.abs(gradient)), 1);
			for (const [at, gradient] of expected.entries())
				expect(Math.abs(moments[`first.${group.name}`]![at]! - gradient) / largest).toBeLessThan(1e-5);
			squares += expected.reduce((sum, gradient) => sum + gradient ** 2, 0);
		}
		expect(result.gradientNorm / Math.sqrt(squares)).toBeCloseTo(1, 5);
		step.dispose();
		state.dispose();
	});
});

function inputOf(objective: Objective, overrides: Partial<TrainInput> & { settings?: object } = {}): TrainInput {
	const { settings, ...rest } = overrides;
	const options = TrainOptions.parse({ epochs: 2, batchSize: 8, learningRate: 2e-3, ...settings });
	return { runtime, model, ...toyPairs(), options, objective, random: new Random("views"), stage: "cure", ...rest };
}

const both = { crossModal: 1, inModal: 1 };

async function firstStep(input: TrainInput) {
	const generator = train(input);
	const event = (await generator.next()).value as TrainStepEvent;
	return { event, model: (await finish(generator)).model };
}

test("stopped and resumed, training with views ends with the same bits", async () => {
	for (const settings of [{}, { microBatch: 4 }]) {
		const whole = await finish(train(inputOf(both, { settings })));
		const stop = new AbortController();
		const stopped = (async () => {
			for await (const event of train(inputOf(both, { settings, signal: stop.signal })))
				if (event.type === "train-step" && event.step === 4) stop.abort();
		})();
		const error = await stopped.catch((reason: unknown) => reason);
		if (!(error instanceof TrainingAborted)) throw error;
		const resumed = await finish(train(inputOf(both, { settings, resume: error.state })));
		expect(resumed.model.parameters).toEqual(whole.model.parameters);
	}
});

test("micro-batches end where the whole batch does", async () => {
	const settings = { epochs: 1, batchSize: 24, epsilon: 1e-3, learningRate: 1e-2, clipNorm: 0.5 };
	const whole = await firstStep(inputOf(both, { settings }));
	const parts = await firstStep(inputOf(both, { settings: { ...settings, microBatch: 4 } }));
	expect(parts.event.loss).toBeCloseTo(whole.event.loss, 5);
	expect(parts.event.gradientNorm / whole.event.gradientNorm).toBeCloseTo(1, 5);
	expect(parts.event.logitScale / whole.event.logitScale).toBeCloseTo(1, 6);
});

test("a ResNet is normalised over pairs and views together, and measures both", async () => {
	const { images, samples } = toyPairs();
	const resnet = toyResNet();
	const input = {
		...inputOf(both, { settings: { epochs: 1 } }),
		model: resnet,
		images: resizeStore(images, 32),
		samples,
	};
	const { model: trained } = await finish(train(input));
	expect(Object.values(trained.parameters).every(({ data }) => data.every(Number.isFinite))).toBe(true);
});

test("weights that mean nothing are refused", async () => {
	for (const objective of [
		{ crossModal: 0, inModal: 0 },
		{ crossModal: -1, inModal: 1 },
	])
		await expect(finish(train(inputOf(objective)))).rejects.toMatchObject({
			code: "invalid-config",
			subject: "objective",
		});
});
