/** Whole programs: a small contrastive model trained on both runtimes, and what runtimes promise besides numbers. */
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Random } from "../random.ts";
import type { HostArray, Program, Runtime, Specs, Tensors } from "./contract.ts";
import { openRuntime } from "./index.ts";
import { reference } from "./onnx/conformance.fixture.ts";
import { attention, causalMask, layerNorm, linear, quickGelu, symmetricCrossEntropy } from "./ops.ts";
import { openTensorflowRuntime } from "./tensorflow.ts";

const WIDTH = 8;
const BATCH = 6;
const LENGTH = 5;
const weights: Record<string, readonly number[]> = {
	table: [11, WIDTH],
	gain: [WIDTH],
	shift: [WIDTH],
	mix: [3 * WIDTH, WIDTH],
	up: [4 * WIDTH, WIDTH],
	down: [WIDTH, 4 * WIDTH],
	image: [WIDTH, 7],
};
const names = Object.keys(weights);
const floats = (shape: readonly number[]) => ({ shape, dtype: "float32" }) as const;
const moments = (letter: string): Specs =>
	Object.fromEntries(names.map((name) => [`${letter}.${name}`, floats(weights[name]!)]));
const state: Specs = { ...moments("w"), ...moments("m"), ...moments("v") };

function loss(parameters: Tensors, inputs: Tensors): tf.Scalar {
	const { table, gain, shift, mix, up, down, image } = parameters as Record<string, tf.Tensor>;
	const unit = (x: tf.Tensor) => tf.div(x, tf.norm(x, 2, -1, true)) as tf.Tensor2D;
	const tokens = tf.gather(table!, inputs.tokens as tf.Tensor2D);
	const [q, k, v] = tf.split(linear(layerNorm(tokens, gain!, shift!), mix!), 3, -1) as tf.Tensor[];
	const seen = tf.add(tokens, attention({ q: q!, k: k!, v: v!, heads: 2, mask: causalMask(LENGTH) }));
	const read = tf.add(seen, linear(quickGelu(linear(seen, up!)), down!));
	const texts = tf.reshape(tf.slice(read, [0, LENGTH - 1, 0], [BATCH, 1, WIDTH]), [BATCH, WIDTH]);
	const images = linear(inputs.images!, image!);
	return symmetricCrossEntropy(tf.mul(tf.matMul(unit(images), unit(texts), false, true), 5));
}

/** One step of AdamW over every weight. */
const step: Program = {
	name: "small step",
	state,
	inputs: { images: floats([BATCH, 7]), tokens: { shape: [BATCH, LENGTH], dtype: "int32" }, rate: floats([]) },
	run(before, inputs) {
		const objective = (...all: tf.Tensor[]) =>
			loss(Object.fromEntries(names.map((name, at) => [name, all[at]!])), inputs);
		const { value, grads } = tf.valueAndGrads(objective)(names.map((name) => before[`w.${name}`]!));
		const after: Record<string, tf.Tensor> = {};
		for (const [at, name] of names.entries()) {
			const gradient = grads[at]!;
			const m = tf.add(tf.mul(before[`m.${name}`]!, 0.9), tf.mul(gradient, 0.1));
			const v = tf.add(tf.mul(before[`v.${name}`]!, 0.98), tf.mul(tf.square(gradient), 0.02));
			const weight = before[`w.${name}`]!;
			const move = tf.add(tf.div(m, tf.add(tf.sqrt(v), 1e-4)), tf.mul(weight, 0.1));
			Object.assign(after, {
				[`w.${name}`]: tf.sub(weight, tf.mul(move, inputs.rate!)),
				[`m.${name}`]: m,
				[`v.${name}`]: v,
			});
		}
		return { state: after, outputs: { loss: value } };
	},
};

/** Losses of some steps, and the state they end in. */
async function train(runtime: Runtime, steps: number) {
	const random = new Random("small model");
	const normal = (size: number, scale: number) => Float32Array.from({ length: size }, () => random.normal() * scale);
	const values: Record<string, HostArray> = {};
	for (const [name, shape] of Object.entries(weights))
		values[`w.${name}`] = normal(tf.util.sizeFromShape([...shape]), 0.4);
	const held = runtime.createState(state, values);
	const executable = await runtime.compile(step);
	const inputs = {
		images: normal(BATCH * 7, 1),
		tokens: Int32Array.from({ length: BATCH * LENGTH }, () => random.integer(11)),
		rate: Float32Array.of(0.01),
	};
	const losses: number[] = [];
	for (let at = 0; at < steps; at++) losses.push((await executable.run(held, inputs)).loss![0]!);
	const end = await held.read();
	executable.dispose();
	held.dispose();
	return { losses, end };
}

const open = () => openRuntime({ runtime: "onnx", device: "cpu", threads: 1 });
const bytesOf = (values: Record<string, HostArray>) =>
	Object.values(values).map((value) => Buffer.from(value.buffer).toString("base64"));

let tensorsBefore = 0;
beforeEach(() => {
	tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
	expect(tf.memory().numTensors).toBe(tensorsBefore);
});

describe("a training step", () => {
	test("has the reference's losses, step after step, and learns", async () => {
		const expected = await train(reference, 20);
		const actual = await train(await open(), 20);
		for (const [at, wanted] of expected.losses.entries())
			expect(Math.abs(actual.losses[at]! - wanted), `step ${at}`).toBeLessThan(1e-4);
		expect(actual.losses.at(-1)).toBeLessThan(actual.losses[0]! * 0.8);
	});

	test("ends with the same bits when it is run again", async () => {
		const first = await train(await open(), 5);
		const second = await train(await open(), 5);
		expect(second.losses).toEqual(first.losses);
		expect(bytesOf(second.end)).toEqual(bytesOf(first.end));
	});
});

const count: Program = {
	name: "count",
	state: { total: floats([2]) },
	inputs: { more: floats([2]) },
	run: ({ total }, { more }) => ({ state: { total: tf.add(total!, more!) }, outputs: { before: total! } }),
};
const double: Program = {
	name: "double",
	state: { total: floats([2]) },
	inputs: {},
	run: ({ total }) => ({ state: {}, outputs: { twice: tf.mul(total!, 2) } }),
};

describe.each([
	["onnx", open],
	["eager", async () => reference],
])("a state on the %s runtime", (_, opened) => {
	test("is shared by programs, some of which only read part of it", async () => {
		const runtime = await opened();
		const held = runtime.createState({ total: floats([2]), other: floats([1]) }, { total: Float32Array.of(1, 2) });
		const [adds, reads] = await Promise.all([runtime.compile(count), runtime.compile(double)]);
		expect(await adds.run(held, { more: Float32Array.of(10, 10) })).toEqual({ before: Float32Array.of(1, 2) });
		expect(await reads.run(held, {})).toEqual({ twice: Float32Array.of(22, 24) });
		await held.write({ total: Float32Array.of(0, 1) });
		await adds.run(held, { more: Float32Array.of(1, 1) });
		expect(await held.read()).toEqual({ total: Float32Array.of(1, 2), other: Float32Array.of(0) });
		adds.dispose();
		reads.dispose();
		held.dispose();
	});

	test("refuses names, types and lengths that it was not made for", async () => {
		const runtime = await opened();
		const held = runtime.createState({ total: floats([2]) }, {});
		await expect(held.write({ sum: Float32Array.of(1) })).rejects.toMatchObject({
			code: "invalid-data",
			subject: "sum",
		});
		await expect(held.write({ total: Float32Array.of(1) })).rejects.toMatchObject({ code: "invalid-data" });
		await expect(held.write({ total: Int32Array.of(1, 2) })).rejects.toMatchObject({ code: "invalid-data" });
		const adds = await runtime.compile(count);
		await expect(adds.run(held, {})).rejects.toMatchObject({ code: "invalid-data", subject: "more" });
		adds.dispose();
		held.dispose();
	});
});

describe("what cannot be recorded", () => {
	const program = (name: string, run: () => tf.Tensor): Program => ({
		name,
		state: {},
		inputs: {},
		run: () => ({ state: {}, outputs: { result: run() } }),
	});

	test("names the kernel and the program", async () => {
		const compiling = (await open()).compile(program("waves", () => tf.atan(tf.ones([2]))));
		await expect(compiling).rejects.toMatchObject({
			code: "unsupported-kernel",
			message: expect.stringMatching(/"waves".*\bAtan\b/),
		});
	});

	test("includes reading a tensor's values", async () => {
		const compiling = (await open()).compile(program("peek", () => tf.scalar(tf.ones([2]).dataSync()[0]!)));
		await expect(compiling).rejects.toMatchObject({ code: "unsupported-kernel" });
	});
});

describe("opening", () => {
	const absent = { device: "auto", threads: 1, reason: "test" } as const;

	test("picks something for auto and says why", async () => {
		const runtime = await openRuntime({ runtime: "auto", device: "auto", threads: 1 });
		expect(runtime.reason).toContain("fastest");
		expect(Object.keys(runtime.versions)).not.toHaveLength(0);
	});

	test("refuses a device that no runtime has", async () => {
		const opening = openRuntime({ runtime: "tensorflow", device: "webgpu", threads: 1 });
		await expect(opening).rejects.toMatchObject({ code: "runtime-unavailable", subject: "webgpu" });
	});

	test("turns any fault of the binding into an error with its remedy", async () => {
		const opening = openTensorflowRuntime(absent, () =>
			Promise.reject(new Error("libtensorflow.so.2: not found\nstack")),
		);
		await expect(opening).rejects.toMatchObject({
			code: "runtime-unavailable",
			message: expect.stringMatching(/libtensorflow\.so\.2: not found\).*npm install/),
		});
	});

	test("refuses CUDA when libtensorflow sees no GPU, and runs on its backend otherwise", async () => {
		const binding = async () => ({ backend: "cpu", usesGpu: false, version: "4.22.0" });
		const opening = openTensorflowRuntime({ ...absent, device: "cuda" }, binding);
		await expect(opening).rejects.toMatchObject({ code: "runtime-unavailable" });
		const runtime = await openTensorflowRuntime(absent, binding);
		expect(runtime).toMatchObject({ name: "tensorflow", device: "cpu" });
		expect((await train(runtime, 2)).losses[1]).toBeGreaterThan(0);
	});
});
