import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostArray, Program, Runtime } from "../runtime/contract.ts";
import { ratesAt, weightsOf } from "../training/adamw.ts";
import { flatten, layOut, unflatten } from "../training/layout.ts";
import { TrainOptions } from "../training/options.ts";
import { wholeBatchSteps } from "../training/step.ts";
import type { HostTensor } from "../types.ts";
import { isBatchCount, isStatistic, type Measured } from "./batch-norm.ts";
import { clipLoss, projectImages } from "./clip.ts";
import { parseOpenClip } from "./formats/open-clip-config.ts";
import { fromOpenai, toOpenai } from "./formats/openai.ts";
import { openSafetensors } from "./formats/tensor-file.ts";
import { openGolden } from "./golden.fixture.ts";
import { contrastiveLoss } from "./loss.ts";
import { parameterShapes } from "./parameters.ts";
import { textTower } from "./text-tower.ts";
import { eagerRuntime, onnxRuntime } from "./toy.fixture.ts";

/** Made with open_clip in float64; ReLU inputs of the first batches stay clear of zero. */
const { folder, names, stored, expectGolden, batch } = openGolden("resnet");
const { config } = parseOpenClip(JSON.parse(readFileSync(join(folder, "open_clip_config.json"), "utf8")));
const shapes = parameterShapes(config);
const file = await openSafetensors(join(folder, "open_clip_model.safetensors"));
const parameters = await fromOpenai(file, config);
await file.close();
const learned = Object.keys(shapes).filter((name) => !isStatistic(name));

const goldenBatch = (prefix: string) => batch(prefix, config.text.eosTokenId);
const inputSpecs = ({ rows, length }: { rows: number; length: number }) =>
	({
		images: { shape: [rows, config.vision.imageSize, config.vision.imageSize, 3], dtype: "float32" },
		tokens: { shape: [rows, length], dtype: "int32" },
		ends: { shape: [rows], dtype: "int32" },
	}) as const;
/** What a program may read: everything but the counts, which no computation in evaluation mode touches. */
const specsOf = (training: boolean) =>
	Object.fromEntries(
		Object.entries(shapes)
			.filter(([name]) => training || !isBatchCount(name))
			.map(([name, shape]) => [name, { shape, dtype: "float32" as const }]),
	);

/** Embeddings, logits, loss and the gradient of every learned parameter, by the names of the golden numbers. */
function forwardAndGradients(mode: "eval" | "train", sizes: { rows: number; length: number }): Program {
	return {
		name: `resnet ${mode}`,
		state: specsOf(mode === "train"),
		inputs: inputSpecs(sizes),
		run(state, { images, tokens, ends }) {
			const texts = { tokens: tokens as tf.Tensor2D, ends: ends as tf.Tensor1D };
			const all: Measured[] = [];
			const pixels = () => {
				const measured: Measured = new Map();
				all.push(measured);
				return { images: images as tf.Tensor4D, measured: mode === "train" ? measured : undefined };
			};
			const { grads } = tf.valueAndGrads((...weights) =>
				clipLoss(
					config,
					{ ...state, ...Object.fromEntries(learned.map((name, at) => [name, weights[at]!])) },
					{
						...texts,
						...pixels(),
					},
				),
			)(learned.map((name) => state[name]!));
			const raw = projectImages(config, state, pixels());
			const rawTexts = textTower(config.text, state, texts);
			const [image_embeds, text_embeds] = [raw, rawTexts].map((x) => tf.div(x, tf.norm(x, 2, -1, true)) as tf.Tensor2D);
			const outputs = {
				image_embeds_raw: raw,
				text_embeds_raw: rawTexts,
				image_embeds: image_embeds!,
				text_embeds: text_embeds!,
				logits_per_image: tf.mul(tf.matMul(image_embeds!, text_embeds!, false, true), tf.exp(state.logit_scale!)),
				loss: contrastiveLoss(image_embeds!, text_embeds!, state.logit_scale!),
				...Object.fromEntries(learned.map((name, at) => [`grad ${name}`, grads[at]!])),
			};
			for (const measured of all) for (const tensor of measured.values()) tensor.dispose();
			return { state: {}, outputs };
		},
	};
}

/** Gradients or weights under their own names, as the golden numbers name them. */
function openaiNamed(values: Readonly<Record<string, ArrayLike<number>>>): Record<string, ArrayLike<number>> {
	const tensors: Record<string, HostTensor> = {};
	for (const [name, shape] of Object.entries(shapes))
		tensors[name] = { shape, data: values[name] ? Float32Array.from(values[name]) : parameters[name]!.data };
	const renamed = Object.entries(toOpenai(config, tensors));
	return Object.fromEntries(
		renamed.map(([name, tensor]) => [
			name,
			"data" in tensor ? tensor.data : [Number(new DataView(tensor.bytes.buffer).getBigInt64(0, true))],
		]),
	);
}

async function expectForward(runtime: Runtime, mode: "eval" | "train"): Promise<void> {
	const { rows, length, ...inputs } = goldenBatch(mode === "eval" ? "" : "batch.0.");
	const program = forwardAndGradients(mode, { rows, length });
	const values = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
	const known = Object.fromEntries(Object.keys(program.state).map((name) => [name, values[name]!]));
	const state = runtime.createState(program.state, known);
	const executable = await runtime.compile(program);
	const outputs = await executable.run(state, inputs);
	executable.dispose();
	state.dispose();
	const gradients: Record<string, HostArray> = {};
	for (const [name, value] of Object.entries(outputs))
		if (name.startsWith("grad ")) gradients[name.slice(5)] = value;
		else expectGolden(`${mode}.${name}`, value);
	const renamed = openaiNamed(gradients);
	const compared = names.filter((name) => name.startsWith(`${mode}.grad.`));
	expect(compared).toHaveLength(mode === "eval" ? 79 : 96);
	for (const name of compared) expectGolden(name, renamed[name.slice(`${mode}.grad.`.length)]!);
}

describe.each([
	["eager TF.js", async () => eagerRuntime()],
	["ONNX Runtime", onnxRuntime],
])("a ModifiedResNet on %s", (_, open) => {
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

	test.each(["eval", "train"] as const)("equals the reference in %s mode, gradients included", (mode) =>
		expectForward(runtime, mode),
	);
});

describe("training a ModifiedResNet", () => {
	const options = TrainOptions.parse({ batchSize: 4, learningRate: 1e-3 });
	const layout = layOut(shapes, () => false);
	let runtime: Runtime;
	beforeAll(async () => {
		runtime = await onnxRuntime();
	});
	afterAll(() => runtime.dispose());

	test("one and five steps move weights and running statistics as the reference does", async () => {
		const before = tf.memory().numTensors;
		const method = wholeBatchSteps({ config, options, layout });
		const state = runtime.createState(
			method.state,
			Object.fromEntries(layout.map((group) => [weightsOf(group.name), flatten(group, parameters)])),
		);
		const named = async () => {
			const buffers = await state.read();
			return Object.assign(
				{},
				...layout.map((group) => unflatten(group, buffers[weightsOf(group.name)] as Float32Array)),
			) as Record<string, HostTensor>;
		};
		const expectState = (prefix: string, tensors: Record<string, HostTensor>, only: (name: string) => boolean) => {
			const renamed = openaiNamed(Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data])));
			const compared = names.filter((name) => name.startsWith(prefix) && only(name));
			expect(compared.length).toBeGreaterThan(50);
			for (const name of compared) {
				const actual = renamed[name.slice(prefix.length)]!;
				if (isBatchCount(name.slice(prefix.length)))
					expect(actual[0], name).toBe(Number(Buffer.from(stored(name).bytes).readBigInt64LE()));
				else expectGolden(name, actual);
			}
		};
		const seen = { step_loss: [] as number[], step_logit_scale: [] as number[], step_grad_norm: [] as number[] };
		const step = await method.compile(runtime, config.text.context);
		for (let index = 0; index < 5; index++) {
			const result = await step.run(state, goldenBatch(`batch.${index}.`), ratesAt(1e-3, index + 1, options));
			seen.step_loss.push(result.loss);
			seen.step_logit_scale.push(result.temperature);
			seen.step_grad_norm.push(result.gradientNorm);
			if (index === 0) expectState("after1.", await named(), () => true);
		}
		for (const [name, values] of Object.entries(seen)) expectGolden(name, values);
		const trained = await named();
		expectState("after5.", trained, (name) => isStatistic(name.slice("after5.".length)));
		step.dispose();
		state.dispose();

		const { rows, length, ...inputs } = goldenBatch("");
		const program = forwardAndGradients("eval", { rows, length });
		const weights = Object.fromEntries(Object.keys(program.state).map((name) => [name, trained[name]!.data]));
		const after = runtime.createState(program.state, weights);
		const executable = await runtime.compile(program);
		const outputs = await executable.run(after, inputs);
		for (const name of ["image_embeds_raw", "text_embeds_raw", "logits_per_image", "loss"])
			expectGolden(`after5_eval.${name}`, outputs[name]!);
		executable.dispose();
		after.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});
});
