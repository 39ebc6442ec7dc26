/** Element-wise kernels against TF.js's pure-JS backend. */
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, test } from "vitest";
import type { Random } from "../../../random.ts";
import { broadcastPair, compare, compareMany, shapeOf } from "../conformance.fixture.ts";

const positive = (random: Random) => 0.2 + random.uniform() * 2;
const whole = (random: Random) => random.integer(9) - 4;
const wholeNotZero = (random: Random) => random.integer(4) + 1;

type Binary = (a: Tensor, b: Tensor) => Tensor;
const binaries: Record<string, Binary> = {
	add: tf.add,
	sub: tf.sub,
	mul: tf.mul,
	div: tf.div,
	maximum: tf.maximum,
	minimum: tf.minimum,
	pow: tf.pow,
	squaredDifference: tf.squaredDifference,
};
const unsummed = ["maximum", "minimum", "squaredDifference"];
const wholeBinaries: Record<string, Binary> = {
	floorDiv: tf.floorDiv,
	mod: tf.mod,
	add: tf.add,
	mul: tf.mul,
	div: tf.div,
};
const comparisons: Record<string, Binary> = {
	equal: tf.equal,
	notEqual: tf.notEqual,
	greater: tf.greater,
	greaterEqual: tf.greaterEqual,
	less: tf.less,
	lessEqual: tf.lessEqual,
};
const logic: Record<string, Binary> = { and: tf.logicalAnd, or: tf.logicalOr, xor: tf.logicalXor };

const unaries: Record<string, (x: Tensor) => Tensor> = {
	neg: tf.neg,
	abs: tf.abs,
	exp: tf.exp,
	expm1: tf.expm1,
	square: tf.square,
	sigmoid: tf.sigmoid,
	tanh: tf.tanh,
	erf: tf.erf,
	relu: tf.relu,
	relu6: tf.relu6,
	step: (x) => tf.step(x, 0.25),
	sign: tf.sign,
	softplus: tf.softplus,
	floor: tf.floor,
	ceil: tf.ceil,
	round: tf.round,
	sin: tf.sin,
	cos: tf.cos,
	clipByValue: (x) => tf.clipByValue(x, -0.5, 0.75),
};
const positiveUnaries: Record<string, (x: Tensor) => Tensor> = {
	log: tf.log,
	log1p: tf.log1p,
	sqrt: tf.sqrt,
	rsqrt: tf.rsqrt,
	reciprocal: tf.reciprocal,
};

describe("element-wise kernels agree with the reference", () => {
	test.each(Object.entries(binaries))("%s broadcasts, with its gradients", (name, run) =>
		compareMany(broadcastPair, ([a, b]) => ({
			given: [
				{ shape: a, draw: positive },
				{ shape: b, draw: positive },
			],
			run,
			// TF.js does not sum these gradients over the broadcast axes.
			gradient: !unsummed.includes(name) || a.join() === b.join(),
		})),
	);

	test.each(Object.entries(wholeBinaries))("%s of whole numbers", (_, run) =>
		compareMany(broadcastPair, ([a, b]) => ({
			given: [
				{ shape: a, dtype: "int32", draw: whole },
				{ shape: b, dtype: "int32", draw: wholeNotZero },
			],
			run,
		})),
	);

	test.each(Object.entries(comparisons))("%s", (_, run) =>
		compareMany(broadcastPair, ([a, b]) => ({
			given: [
				{ shape: a, draw: whole },
				{ shape: b, draw: whole },
			],
			run,
			gradient: false,
		})),
	);

	test.each(Object.entries(logic))("logical %s", (_, run) =>
		compareMany(broadcastPair, ([a, b]) => ({
			given: [{ shape: a }, { shape: b }],
			run: (x, y) => run(tf.greater(x, 0), tf.greater(y, 0)),
			gradient: false,
		})),
	);

	test.each(Object.entries(unaries))("%s, with its gradient", (_, run) =>
		compareMany(shapeOf(0, 4), (shape) => ({ given: [{ shape }], run }), 6),
	);

	test.each(Object.entries(positiveUnaries))("%s of positive numbers, with its gradient", (_, run) =>
		compareMany(shapeOf(0, 4), (shape) => ({ given: [{ shape, draw: positive }], run }), 6),
	);

	test("where chooses by element and by row, with its gradients", async () => {
		const choose = (condition: Tensor, a: Tensor, b: Tensor) => tf.where(tf.cast(condition, "bool"), a, b);
		const bit = (random: Random) => random.integer(2);
		await compareMany(shapeOf(1, 3), (shape) => ({
			given: [{ shape, dtype: "int32", draw: bit }, { shape }, { shape }],
			run: choose,
		}));
	});

	test("isNaN, isInf and isFinite tell the odd numbers apart", () => {
		const odd = [0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		let next = 0;
		return compare({
			given: [{ shape: [5], draw: () => odd[next++]! }],
			run: (x) => [tf.isNaN(x), tf.isInf(x), tf.isFinite(x), tf.logicalNot(tf.isNaN(x))],
			gradient: false,
		});
	});

	test("addN adds any number of tensors", () =>
		compareMany(fc.tuple(shapeOf(1, 3), fc.integer({ min: 1, max: 5 })), ([shape, count]) => ({
			given: Array.from({ length: count }, () => ({ shape })),
			run: (...all) => tf.addN(all),
		})));

	test("casts between floats, whole numbers and booleans", () =>
		compareMany(shapeOf(1, 3), (shape) => ({
			given: [{ shape, draw: (random) => random.normal() * 3 }],
			run: (x) => [tf.cast(x, "int32"), tf.cast(tf.cast(x, "int32"), "bool"), tf.cast(tf.cast(x, "int32"), "float32")],
			gradient: false,
		})));
});
