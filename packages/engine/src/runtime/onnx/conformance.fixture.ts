/** Runs one TF.js function on the onnx runtime and on TF.js's pure-JS backend, forward and backward, and compares. */
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect } from "vitest";
import { Random } from "../../random.ts";
import type { DType, HostArray, Program, TensorSpec } from "../contract.ts";
import { createEagerRuntime } from "../eager.ts";
import { sizeOf } from "../host-arrays.ts";
import { openOnnxRuntime } from "./runtime.ts";

const onnx = await openOnnxRuntime({ device: "cpu", reason: "tests", threads: 1 });
const description = { name: "tensorflow", device: "cpu", reason: "reference", versions: {}, threads: 1 } as const;
export const reference = createEagerRuntime({ ...description, backend: "cpu" });

/** One input: its shape, and how its elements are drawn (standard normal when left out). */
export interface Given {
	readonly shape: readonly number[];
	readonly dtype?: DType;
	readonly draw?: (random: Random) => number;
}

export interface Comparison {
	readonly given: readonly Given[];
	readonly run: (...inputs: Tensor[]) => Tensor | Tensor[];
	/** What the reference runs instead, and differentiates by itself; `run` when left out. */
	readonly formula?: Comparison["run"];
	readonly seed?: number;
	/** Whether gradients by the float inputs are compared too; true when left out. */
	readonly gradient?: boolean;
	readonly tolerance?: number;
}

/** Fails where the two runtimes differ, in values or in gradients of a random weighting of the outputs. */
export async function compare({
	given,
	run,
	formula = run,
	seed = 1,
	gradient = true,
	tolerance = 2e-5,
}: Comparison): Promise<void> {
	const random = new Random(seed);
	const values: Record<string, HostArray> = {};
	const inputs: Record<string, TensorSpec> = {};
	for (const [index, { shape, dtype = "float32", draw = normal }] of given.entries()) {
		const elements = Array.from({ length: sizeOf(shape) }, () => draw(random));
		values[index] = dtype === "int32" ? Int32Array.from(elements) : Float32Array.from(elements);
		inputs[index] = { shape, dtype };
	}
	const program = (body: Comparison["run"]): Program => ({
		name: "comparison",
		state: {},
		inputs,
		run: (_, tensors) => ({ state: {}, outputs: outputsOf(body, Object.values(tensors), gradient) }),
	});
	const expected = await runOnce(reference, program(formula), values);
	const actual = await runOnce(onnx, program(run), values);
	for (const [name, reference] of Object.entries(expected!))
		expectClose(actual![name]!, reference, { name, tolerance });
}

/** Compares over many random shapes, always the same ones. */
export async function compareMany<T>(
	shapes: fc.Arbitrary<T>,
	comparison: (shape: T) => Comparison,
	runs = 12,
): Promise<void> {
	const property = fc.asyncProperty(shapes, fc.integer({ min: 1, max: 1000 }), (shape, seed) =>
		compare({ seed, ...comparison(shape) }),
	);
	await fc.assert(property, { seed: 2024, numRuns: runs });
}

/** Shapes of the given ranks with extents of at least 1. */
export function shapeOf(minLength: number, maxLength: number, max = 5): fc.Arbitrary<number[]> {
	return fc.array(fc.integer({ min: 1, max }), { minLength, maxLength });
}

/** Pairs of shapes that broadcast to each other: some extents of either are 1, and leading ones are left out. */
export const broadcastPair: fc.Arbitrary<[number[], number[]]> = shapeOf(0, 4).chain((shape) =>
	fc.tuple(thinned(shape), thinned(shape)),
);

function thinned(shape: readonly number[]): fc.Arbitrary<number[]> {
	const flags = fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length });
	return fc
		.tuple(flags, fc.nat({ max: shape.length }))
		.map(([ones, dropped]) => shape.map((extent, axis) => (ones[axis] ? 1 : extent)).slice(dropped));
}

function outputsOf(run: Comparison["run"], tensors: Tensor[], gradient: boolean): Record<string, Tensor> {
	const results = [run(...tensors)].flat();
	const outputs = results.map((result, index): [string, Tensor] => [`output ${index}`, tf.cast(result, "float32")]);
	const floats = tensors.flatMap((tensor, index) => (tensor.dtype === "float32" ? [index] : []));
	if (!gradient || !floats.length) return Object.fromEntries(outputs);
	const objective = (...chosen: Tensor[]) => {
		const all = [...tensors];
		for (const [place, index] of floats.entries()) all[index] = chosen[place]!;
		const terms = [run(...all)].flat().map((result) => tf.sum(tf.mul(result, weighting(result.shape))));
		return tf.addN(terms) as tf.Scalar;
	};
	const gradients = tf.grads(objective)(floats.map((index) => tensors[index]!));
	const named = gradients.map((tensor, place): [string, Tensor] => [`gradient by input ${floats[place]}`, tensor]);
	return Object.fromEntries([...outputs, ...named]);
}

function normal(random: Random): number {
	return random.normal();
}

/** Uneven weights, so that no gradient is right by symmetry. */
function weighting(shape: number[]): Tensor {
	const weights = Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.cos(1 + index * 0.7));
	return tf.tensor(weights, shape);
}

async function runOnce(runtime: typeof onnx, program: Program, values: Record<string, HostArray>) {
	const state = runtime.createState({}, {});
	const executable = await runtime.compile(program);
	const outputs = await executable.run(state, values);
	executable.dispose();
	state.dispose();
	return outputs;
}

function expectClose(
	actual: HostArray,
	expected: HostArray,
	{ name, tolerance }: { name: string; tolerance: number },
): void {
	expect(actual.length, name).toBe(expected.length);
	for (const [index, wanted] of expected.entries()) {
		const got = actual[index]!;
		const near = Math.abs(got - wanted) <= tolerance * (1 + Math.abs(wanted));
		if (!near && !Object.is(got, wanted)) expect.fail(`${name}[${index}] is ${got}, the reference says ${wanted}`);
	}
}
