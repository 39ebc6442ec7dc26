/** Kernels that move, gather, scatter and create elements against TF.js's pure-JS backend. */
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, test } from "vitest";
import { compare, compareMany, shapeOf } from "../conformance.fixture.ts";

/** A shape, and one of its axes. */
const shapeAndAxis = shapeOf(1, 4).chain((shape) => fc.tuple(fc.constant(shape), fc.nat({ max: shape.length - 1 })));

describe("rearranging kernels agree with the reference", () => {
	test("reshape, expandDims, squeeze and clone", () =>
		compareMany(shapeAndAxis, ([shape, axis]) => ({
			given: [{ shape }],
			run: (x) => [
				tf.reshape(x, [-1]),
				tf.expandDims(x, axis),
				tf.squeeze(tf.expandDims(x, axis), [axis]),
				tf.clone(x),
			],
		})));

	test("transpose by any order", () => {
		const orders = shapeOf(1, 4).chain((shape) =>
			fc.tuple(
				fc.constant(shape),
				fc.shuffledSubarray([...shape.keys()], { minLength: shape.length, maxLength: shape.length }),
			),
		);
		return compareMany(orders, ([shape, order]) => ({ given: [{ shape }], run: (x) => tf.transpose(x, order) }));
	});

	test("slice", () => {
		const ranges = shapeOf(1, 4).chain((shape) =>
			fc.tuple(
				fc.constant(shape),
				fc.tuple(
					...shape.map((extent) =>
						fc
							.nat({ max: extent - 1 })
							.chain((begin) => fc.tuple(fc.constant(begin), fc.integer({ min: 1, max: extent - begin }))),
					),
				),
			),
		);
		return compareMany(ranges, ([shape, range]) => ({
			given: [{ shape }],
			run: (x) =>
				tf.slice(
					x,
					range.map(([begin]) => begin),
					range.map(([, size]) => size),
				),
		}));
	});

	test("stridedSlice, forwards and backwards, with masks", () =>
		compare({
			given: [{ shape: [5, 6, 3] }],
			run: (x) => [
				tf.stridedSlice(x, [1, 0, 0], [5, 6, 3], [2, 3, 1]),
				tf.stridedSlice(x, [4, 5, 0], [0, 0, 3], [-2, -1, 1]),
				tf.stridedSlice(x, [2, 1, 0], [3, 6, 3], [1, 1, 1], 0, 0, 0, 0, 1),
			],
			gradient: false,
		}));

	test("split, unstack and reverse", () =>
		compareMany(shapeAndAxis, ([shape, axis]) => ({
			given: [{ shape: shape.with(axis, shape[axis]! * 2) }],
			run: (x) => [
				...tf.split(x, 2, axis),
				...tf.split(x, [shape[axis]!, -1], axis),
				...tf.unstack(x, axis),
				tf.reverse(x, axis),
			],
		})));

	test("concat and stack", () =>
		compareMany(shapeAndAxis, ([shape, axis]) => ({
			given: [{ shape }, { shape: shape.with(axis, 2) }, { shape }],
			run: (a, b, c) => [tf.concat([a!, b!, c!], axis), tf.stack([a!, c!], axis)],
		})));

	test("pad, tile and broadcastTo", () =>
		compareMany(shapeOf(1, 3), (shape) => ({
			given: [{ shape }],
			run: (x) => [
				tf.pad(
					x,
					shape.map((_, axis): [number, number] => [axis, 1]),
					0.5,
				),
				tf.tile(
					x,
					shape.map((_, axis) => axis + 1),
				),
				tf.broadcastTo(x, [2, ...shape] as [number]),
			],
		})));

	test("tile of rows that are single, as for class tokens", () =>
		compare({
			given: [{ shape: [1, 1, 4] }],
			run: (x) => tf.concat([tf.tile(x, [3, 1, 1]), tf.tile(x, [3, 2, 1])], 1),
		}));

	test("gather along any axis, with repeated indices", () =>
		compareMany(shapeAndAxis, ([shape, axis]) => ({
			given: [{ shape }, { shape: [2, 4], dtype: "int32", draw: (random) => random.integer(shape[axis]!) }],
			run: (x, indices) => tf.gather(x, indices as tf.Tensor2D, axis),
		})));

	test("gather with a batch of its own indices", () =>
		compareMany(shapeOf(2, 3), (shape) => ({
			given: [{ shape }, { shape: [shape[0]!, 3], dtype: "int32", draw: (random) => random.integer(shape[1]!) }],
			run: (x, indices) => tf.gather(x, indices as tf.Tensor2D, 1, 1),
			gradient: false,
		})));

	test("gatherND and scatterND add up repeated places", () =>
		compare({
			given: [
				{ shape: [3, 4, 2] },
				{ shape: [9, 2], dtype: "int32", draw: (random) => random.integer(3) },
				{ shape: [9, 2] },
			],
			run: (x, indices, updates) => [
				tf.gatherND(x, indices),
				tf.scatterND(indices as tf.Tensor<tf.Rank>, updates, [3, 4, 2]),
			],
			gradient: false,
		}));

	test("unsortedSegmentSum loses no update of a row that comes many times", () =>
		compare({
			given: [{ shape: [2000, 3] }, { shape: [2000], dtype: "int32", draw: (random) => random.integer(4) }],
			run: (x, ids) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 5),
			tolerance: 1e-4,
		}));

	test("oneHot in every type", () =>
		compareMany(shapeOf(1, 2), (shape) => ({
			given: [{ shape, dtype: "int32", draw: (random) => random.integer(4) }],
			run: (x) => [tf.oneHot(x, 4), tf.oneHot(x, 4, 2.5, -1, "float32"), tf.oneHot(x, 6, 1, 0, "bool")],
		})));

	test("topk gives values and places", () =>
		compare({
			given: [{ shape: [5, 8] }],
			run: (x) => Object.values(tf.topk(x, 3)) as Tensor[],
			gradient: false,
		}));

	test("fills, ranges and likenesses are made inside the graph", () =>
		compare({
			given: [{ shape: [2, 3] }],
			run: (x) => [
				tf.mul(x, tf.fill([2, 3], 1.5)),
				tf.add(tf.zerosLike(x), tf.onesLike(x)),
				tf.zeros([4]),
				tf.ones([2, 2]),
				tf.range(0, 7, 2),
				tf.range(5, 0, -1, "int32"),
				tf.linspace(0, 1, 5),
				tf.tensor([1, 2, 3, 4], [2, 2]),
			],
			gradient: false,
		}));
});
