/** Reductions, products and convolutions against TF.js's pure-JS backend. */
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, test } from "vitest";
import { compare, compareMany, shapeOf } from "../conformance.fixture.ts";

type Reduction = (x: Tensor, axis: number[], keepDims: boolean) => Tensor;
const reductions: Record<string, Reduction> = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };
const flag = fc.boolean();
const extent = (max: number) => fc.integer({ min: 1, max });

/** A shape, some of its axes, and whether to keep them. */
const shapeAndAxes = shapeOf(1, 4).chain((shape) =>
	fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()], { minLength: 1 }), flag),
);

describe("reductions agree with the reference", () => {
	test.each(Object.entries(reductions))("%s over any axes, with its gradient", (name, run) =>
		compareMany(shapeAndAxes, ([shape, axes, keepDims]) => ({
			given: [{ shape }],
			run: (x) => run(x, axes, keepDims),
			// TF.js's gradient of `prod` needs Cumprod, which ONNX does not have.
			gradient: name !== "prod",
			tolerance: 1e-4,
		})),
	);

	test("any and all", () =>
		compareMany(shapeAndAxes, ([shape, axes, keepDims]) => ({
			given: [{ shape }],
			run: (x) => [tf.any(tf.greater(x, 0.5), axes, keepDims), tf.all(tf.greater(x, -0.5), axes, keepDims)],
			gradient: false,
		})));

	test("argMax and argMin", () =>
		compareMany(shapeOf(1, 4), (shape) => ({
			given: [{ shape }],
			run: (x) => shape.flatMap((_, axis) => [tf.argMax(x, axis), tf.argMin(x, axis)]),
			gradient: false,
		})));

	test("softmax and logSoftmax, with their gradients", () =>
		compareMany(shapeOf(1, 4), (shape) => ({
			given: [{ shape, draw: (random) => random.normal() * 4 }],
			run: (x) => [tf.softmax(x), tf.logSoftmax(x)],
		})));

	test("cumsum in both directions, with or without its own element", () =>
		compareMany(fc.tuple(shapeOf(1, 3), flag, flag), ([shape, exclusive, reverse]) => ({
			given: [{ shape }],
			run: (x) => tf.cumsum(x, shape.length - 1, exclusive, reverse),
		})));

	test("sums of fills stay numbers", () =>
		compare({ given: [{ shape: [3, 4] }], run: (x) => tf.mul(x, tf.sum(tf.onesLike(x))) }));
});

describe("products agree with the reference", () => {
	test("matMul of two matrices, either transposed", () =>
		compareMany(
			fc.tuple(extent(6), extent(6), extent(6), flag, flag),
			([m, k, n, left, right]) => ({
				given: [{ shape: left ? [k, m] : [m, k] }, { shape: right ? [n, k] : [k, n] }],
				run: (a, b) => tf.matMul(a, b, left, right),
			}),
			20,
		));

	test("matMul of batches, either transposed, one of them shared", () =>
		compareMany(
			fc.tuple(shapeOf(1, 2, 3), fc.tuple(extent(5), extent(5), extent(5)), flag, flag, flag),
			([batch, [m, k, n], left, right, shared]) => ({
				given: [
					{ shape: [...batch, ...(left ? [k, m] : [m, k])] },
					{ shape: [...(shared ? batch.map(() => 1) : batch), ...(right ? [n, k] : [k, n])] },
				],
				run: (a, b) => tf.matMul(a, b, left, right),
				// TF.js does not sum the gradient of a shared factor over the batch.
				gradient: !shared,
			}),
			30,
		));
});

/** Extents and strides of a small convolution, and its padding. */
const convolutions = fc.record({
	batch: extent(2),
	height: fc.integer({ min: 4, max: 7 }),
	width: fc.integer({ min: 4, max: 7 }),
	channels: extent(3),
	filters: extent(3),
	size: extent(3),
	stride: extent(2),
	pad: fc.constantFrom("same" as const, "valid" as const, 1),
});

describe("convolutions agree with the reference", () => {
	test("conv2d, with both gradients", () =>
		compareMany(
			convolutions,
			({ batch, height, width, channels, filters, size, stride, pad }) => ({
				given: [{ shape: [batch, height, width, channels] }, { shape: [size, size, channels, filters] }],
				run: (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, stride, pad),
			}),
			30,
		));

	test("conv2d with dilation", () =>
		compare({
			given: [{ shape: [2, 7, 7, 2] }, { shape: [3, 3, 2, 3] }],
			run: (x, filter) => tf.conv2d(x as Tensor4D, filter as Tensor4D, 1, "same", "NHWC", 2),
			gradient: false,
		}));

	test("avgPool with padding", () =>
		compareMany(convolutions, ({ batch, height, width, channels, size, stride }) => ({
			given: [{ shape: [batch, height, width, channels] }],
			run: (x) => tf.avgPool(x as Tensor4D, size, stride, "same"),
			gradient: false,
		})));

	test("avgPool without padding, with its gradient", () =>
		compareMany(convolutions, ({ batch, height, width, channels, size, stride }) => ({
			given: [{ shape: [batch, height, width, channels] }],
			run: (x) => tf.avgPool(x as Tensor4D, size, stride, "valid"),
		})));
});
