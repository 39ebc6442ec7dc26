import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostArray, Program, Runtime } from "../runtime/contract.ts";
import { ratesAt, weightsOf } from "../training/adamw.ts";
import { flatten, layOut, unflatten } from "../training/layout.ts";
import { TrainOptions } from "../training/options.ts";
import { wholeBatchSteps } from "../training/step.ts";
import { clipLoss, embedImages, embedTexts } from "./clip.ts";
import { parseConfig } from "./config.ts";
import { readParameters } from "./formats/hugging-face.ts";
import { openSafetensors } from "./formats/tensor-file.ts";
import { openGolden } from "./golden.fixture.ts";
import { imageTower } from "./image-tower.ts";
import { parameterShapes } from "./parameters.ts";
import { textTower } from "./text-tower.ts";
import { eagerRuntime, onnxRuntime } from "./toy.fixture.ts";

/** Made with Hugging Face transformers 5 in float64. */
const { folder, expectGolden, batch } = openGolden("vit");
const config = parseConfig(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
const shapes = parameterShapes(config);
const weights = await openSafetensors(join(folder, "model.safetensors"));
const parameters = await readParameters(weights, shapes);
await weights.close();

const goldenBatch = (prefix: string) => batch(prefix, config.text.eosTokenId);

const inputSpecs = ({ rows, length }: { rows: number; length: number }) =>
	({
		images: { shape: [rows, config.vision.imageSize, config.vision.imageSize, 3], dtype: "float32" },
		tokens: { shape: [rows, length], dtype: "int32" },
		ends: { shape: [rows], dtype: "int32" },
	}) as const;

async function runOnce(runtime: Runtime, program: Program, inputs: Record<string, HostArray>) {
	const values = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
	const state = runtime.createState(program.state, values);
	const executable = await runtime.compile(program);
	const outputs = await executable.run(state, inputs);
	executable.dispose();
	state.dispose();
	return outputs;
}

const parameterSpecs = Object.fromEntries(
	Object.entries(shapes).map(([name, shape]) => [name, { shape, dtype: "float32" as const }]),
);

describe.each([
	["eager TF.js", async () => eagerRuntime()],
	["ONNX Runtime", onnxRuntime],
])("on %s", (_, open) => {
	let runtime: Runtime;
	let before: number;
	beforeAll(async () => {
		before = tf.memory().numTensors;
		runtime = await open();
	});
	afterAll(async () => {
		await runtime.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	test("embeddings, logits and loss of a Hugging Face checkpoint equal the reference", async () => {
		const { rows, length, ...inputs } = goldenBatch("");
		const program: Program = {
			name: "parity forward",
			state: parameterSpecs,
			inputs: inputSpecs({ rows, length }),
			run(state, { images, tokens, ends }) {
				const texts = { tokens: tokens as tf.Tensor2D, ends: ends as tf.Tensor1D };
				const pictures = images as tf.Tensor4D;
				const image_embeds = embedImages(config, state, pictures);
				const text_embeds = embedTexts(config, state, texts);
				const outputs = {
					image_embeds_raw: imageTower(config.vision, state, pictures),
					text_embeds_raw: textTower(config.text, state, texts),
					image_embeds,
					text_embeds,
					logits_per_image: tf.mul(tf.matMul(image_embeds, text_embeds, false, true), tf.exp(state.logit_scale!)),
					loss: clipLoss(config, state, { images: pictures, ...texts }),
				};
				return { state: {}, outputs };
			},
		};
		for (const [name, values] of Object.entries(await runOnce(runtime, program, inputs))) expectGolden(name, values);
	});

	test("the gradient of every parameter equals the reference", async () => {
		const { rows, length, ...inputs } = goldenBatch("");
		const names = Object.keys(parameters);
		const program: Program = {
			name: "parity gradients",
			state: parameterSpecs,
			inputs: inputSpecs({ rows, length }),
			run(state, { images, tokens, ends }) {
				const batch = { images: images as tf.Tensor4D, tokens: tokens as tf.Tensor2D, ends: ends as tf.Tensor1D };
				const { grads } = tf.valueAndGrads((...weights) =>
					clipLoss(config, Object.fromEntries(names.map((name, at) => [name, weights[at]!])), batch),
				)(names.map((name) => state[name]!));
				return { state: {}, outputs: Object.fromEntries(names.map((name, at) => [`grad.${name}`, grads[at]!])) };
			},
		};
		const gradients = await runOnce(runtime, program, inputs);
		expect(Object.keys(gradients)).toHaveLength(94);
		for (const [name, values] of Object.entries(gradients)) expectGolden(name, values);
	});

	test("five AdamW steps with an active temperature clamp equal the reference", async () => {
		const options = TrainOptions.parse({ batchSize: 6, learningRate: 1e-3 });
		const layout = layOut(shapes, () => false);
		const method = wholeBatchSteps({ config, options, layout });
		const state = runtime.createState(
			method.state,
			Object.fromEntries(layout.map((group) => [weightsOf(group.name), flatten(group, parameters)])),
		);
		const seen = { step_loss: [] as number[], step_logit_scale: [] as number[], step_grad_norm: [] as number[] };
		const step = await method.compile(runtime, config.text.context);
		for (let index = 0; index < 5; index++) {
			const result = await step.run(state, goldenBatch(`batch.${index}.`), ratesAt(1e-3, index + 1, options));
			seen.step_loss.push(result.loss);
			seen.step_logit_scale.push(result.temperature);
			seen.step_grad_norm.push(result.gradientNorm);
		}
		for (const [name, values] of Object.entries(seen)) expectGolden(name, values);
		const buffers = await state.read();
		for (const group of layout)
			for (const [name, { data }] of Object.entries(unflatten(group, buffers[weightsOf(group.name)] as Float32Array)))
				expectGolden(`after5.${name}`, data);
		step.dispose();
		state.dispose();
	});
});
