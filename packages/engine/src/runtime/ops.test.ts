/** The building blocks against plain formulas that TF.js differentiates, on both runtimes. */
import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, test } from "vitest";
import { compareMany, shapeOf } from "./onnx/conformance.fixture.ts";
import {
	attention,
	causalMask,
	gelu,
	layerNorm,
	linear,
	linearsOfNormal,
	normalise,
	quickGelu,
	symmetricCrossEntropy,
} from "./ops.ts";

function plainNorm(x: Tensor): Tensor {
	const centred = tf.sub(x, tf.mean(x, -1, true));
	return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5)));
}

function plainAttention(heads: number, mask: number[] | undefined) {
	return (q: Tensor, k: Tensor, v: Tensor): Tensor => {
		const [batch, length, width] = q.shape as [number, number, number];
		const split = (x: Tensor) => tf.transpose(tf.reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
		const scores = tf.div(tf.matMul(split(q), split(k), false, true), Math.sqrt(width / heads));
		const hidden = mask ? tf.add(scores, tf.tensor(mask, [length, length])) : scores;
		const mixed = tf.matMul(tf.softmax(hidden), split(v));
		return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, width]);
	};
}

const small = fc.integer({ min: 1, max: 4 });
const rows = fc.integer({ min: 1, max: 6 });
const wide = shapeOf(1, 3).map((shape) => [...shape, 6]);

type Run = (...inputs: Tensor[]) => Tensor;
const plainQuickGelu: Run = (x) => tf.mul(x!, tf.sigmoid(tf.mul(x!, 1.702)));
const plainGelu: Run = (x) => tf.mul(tf.mul(x!, 0.5), tf.add(tf.erf(tf.div(x!, Math.SQRT2)), 1));
const plainLinear: Run = (x, weight, bias) => tf.add(tf.dot(x!, tf.transpose(weight!)), bias!);
const plainLayerNorm: Run = (x, gain, bias) => tf.add(tf.mul(plainNorm(x!), gain!), bias!);

describe("building blocks equal their formulas, with their gradients", () => {
	test("layerNorm", () =>
		compareMany(wide, (shape) => ({
			given: [{ shape }, { shape: [6] }, { shape: [6] }],
			run: (x, gain, bias) => layerNorm(x!, gain!, bias!),
			formula: plainLayerNorm,
		})));

	test("linearsOfNormal is linear of layerNorm, for one reader or several of other rows", () =>
		compareMany(rows, (count) => ({
			given: [[count, 6], [6], [6], [5, 6], [5], [3, 6], [3]].map((shape) => ({ shape })),
			run: (x, gain, bias, ...layers) => {
				const normal = normalise(x!);
				const [wide, narrow] = linearsOfNormal({ gain: gain!, bias: bias! }, [
					{ x: normal, weight: layers[0]!, bias: layers[1]! },
					{ x: tf.slice(normal, [0, 0], [1, 6]), weight: layers[2]!, bias: layers[3]! },
				]) as [Tensor, Tensor];
				return tf.concat([tf.reshape(wide, [-1]), tf.reshape(narrow, [-1])]);
			},
			formula: (x, gain, bias, ...layers) => {
				const normal = plainLayerNorm(x!, gain!, bias!);
				const wide = plainLinear(normal, layers[0]!, layers[1]!);
				const narrow = plainLinear(tf.slice(normal, [0, 0], [1, 6]), layers[2]!, layers[3]!);
				return tf.concat([tf.reshape(wide, [-1]), tf.reshape(narrow, [-1])]);
			},
		})));

	test("quickGelu", () =>
		compareMany(wide, (shape) => ({ given: [{ shape }], run: (x) => quickGelu(x!), formula: plainQuickGelu })));

	test("gelu", () => compareMany(wide, (shape) => ({ given: [{ shape }], run: (x) => gelu(x!), formula: plainGelu })));

	test("linear followed by quickGelu, whose factor the product takes in", () =>
		compareMany(rows, (count) => ({
			given: [{ shape: [count, 6] }, { shape: [5, 6] }, { shape: [5] }],
			run: (x, weight, bias) => quickGelu(linear(x!, weight!, bias!)),
			formula: (x, weight, bias) => plainQuickGelu(plainLinear(x!, weight!, bias!)),
		})));

	test("linear behind quickGelu, whose divisor the product takes in and the bias does not", () =>
		compareMany(rows, (count) => ({
			given: [{ shape: [count, 6] }, { shape: [4, 6] }, { shape: [5, 4] }, { shape: [5] }],
			run: (x, inner, weight, bias) => linear(quickGelu(linear(x!, inner!)), weight!, bias!),
			formula: (x, inner, weight, bias) =>
				plainLinear(plainQuickGelu(tf.dot(x!, tf.transpose(inner!))), weight!, bias!),
		})));

	test("attention of several heads, causal or not", () =>
		compareMany(fc.tuple(small, small, fc.boolean()), ([batch, length, causal]) => {
			const shape = [batch, length, 6];
			const mask = Array.from({ length: length ** 2 }, (_, at) => (at % length > Math.floor(at / length) ? -1e9 : 0));
			const formula = plainAttention(2, causal ? mask : undefined);
			return {
				given: [{ shape }, { shape }, { shape }],
				run: (q, k, v) => attention({ q: q!, k: k!, v: v!, heads: 2, ...(causal && { mask: causalMask(length) }) }),
				formula: (q, k, v) => formula(q!, k!, v!),
			};
		}));

	test("attention of fewer queries than keys", () =>
		compareMany(small, (keys) => ({
			given: [{ shape: [2, 1, 6] }, { shape: [2, keys, 6] }, { shape: [2, keys, 6] }],
			run: (q, k, v) => attention({ q: q!, k: k!, v: v!, heads: 3 }),
		})));

	test("symmetricCrossEntropy", () =>
		compareMany(fc.integer({ min: 2, max: 5 }), (size) => ({
			given: [{ shape: [size, size] }],
			run: (logits) => symmetricCrossEntropy(logits!),
		})));
});
