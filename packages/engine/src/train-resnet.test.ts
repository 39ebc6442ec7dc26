import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resizeStore } from "./data/resize.ts";
import { isBatchCount, isStatistic } from "./model/batch-norm.ts";
import { createEncoder } from "./model/encoder.ts";
import { towerOfParameter } from "./model/parameters.ts";
import { eagerRuntime, finish, onnxRuntime, toyPairs, toyResNet } from "./model/toy.fixture.ts";
import { Random } from "./random.ts";
import type { Runtime } from "./runtime/contract.ts";
import { TrainingAborted, TrainOptions, train } from "./train.ts";

let runtime: Runtime;
let before: number;
beforeAll(async () => {
	before = tf.memory().numTensors;
	runtime = await onnxRuntime();
});
afterAll(async () => {
	await runtime.dispose();
	expect(tf.memory().numTensors).toBe(before);
});

const model = toyResNet();
const { images: small, samples } = toyPairs();
const images = resizeStore(small, 32);

function inputOf(settings: object = {}) {
	const options = TrainOptions.parse({
		epochs: 3,
		batchSize: 8,
		learningRate: 2e-3,
		minimumLearningRate: 1e-4,
		...settings,
	});
	return { runtime, model, images, samples, options, random: new Random("resnet"), stage: "fine-tune" };
}

test("training moves the running statistics and counts its batches", async () => {
	const { model: trained, steps } = await finish(train(inputOf()));
	for (const [name, { data }] of Object.entries(trained.parameters)) {
		const start = model.parameters[name]!.data;
		if (isBatchCount(name)) expect(data[0], name).toBe(steps);
		else if (isStatistic(name)) expect(data, name).not.toEqual(start);
	}
	expect(Object.keys(trained.parameters).sort()).toEqual(Object.keys(model.parameters).sort());
});

test("an image's embedding does not depend on the images beside it", async () => {
	const { model: trained } = await finish(train(inputOf({ epochs: 1 })));
	for (const on of [runtime, eagerRuntime()]) {
		const encoder = createEncoder({ runtime: on, model: trained, images });
		const together = await finish(encoder.embedImages([0, 1, 2, 3]));
		const alone = await finish(encoder.embedImages([2]));
		for (const [at, value] of alone.values.entries()) expect(value).toBeCloseTo(together.values[2 * 12 + at]!, 5);
		encoder.dispose();
	}
});

test("a run stopped on the way and resumed ends with the same bits, statistics included", async () => {
	const whole = await finish(train(inputOf()));
	const stop = new AbortController();
	let state = null;
	try {
		for await (const event of train({ ...inputOf(), signal: stop.signal }))
			if (event.type === "train-step" && event.step === 4) stop.abort();
	} catch (error) {
		if (!(error instanceof TrainingAborted)) throw error;
		state = error.state;
	}
	expect(state?.step).toBe(4);
	expect((await finish(train({ ...inputOf(), resume: state! }))).model.parameters).toEqual(whole.model.parameters);
});

test("a frozen image tower keeps its statistics, also in micro-batches", async () => {
	for (const microBatch of [null, 4]) {
		const { model: trained } = await finish(train(inputOf({ freeze: "image", epochs: 1, microBatch })));
		for (const [name, { data }] of Object.entries(trained.parameters))
			if (towerOfParameter(name) === "vision") expect(data, name).toEqual(model.parameters[name]!.data);
		expect(trained.parameters["text_projection.weight"]).not.toEqual(model.parameters["text_projection.weight"]);
	}
});

test("micro-batches are refused where each would be normalised apart", async () => {
	await expect(finish(train(inputOf({ microBatch: 4 })))).rejects.toMatchObject({
		code: "invalid-config",
		subject: "microBatch",
	});
});
