import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { Random } from "../random.ts";
import { halvingConvolution } from "./image-tower.ts";

beforeAll(async () => {
	await tf.setBackend("cpu");
});

function normals(shape: readonly number[], random: Random): tf.Tensor {
	const size = shape.reduce((product, side) => product * side, 1);
	return tf.tensor(
		Float32Array.from({ length: size }, () => random.normal()),
		[...shape],
	);
}

test("a stem layer and its gradient equal TF.js's own 4x4 convolution with stride 2 and padding 1", () => {
	const before = tf.memory().numTensors;
	tf.tidy(() => {
		const random = new Random("stem");
		const x = normals([2, 8, 8, 3], random) as tf.Tensor4D;
		const kernel = normals([5, 3, 4, 4], random);
		const bias = normals([5], random);
		const weights = normals([2, 4, 4, 5], random);
		const own = (image: tf.Tensor, k: tf.Tensor, b: tf.Tensor) =>
			tf.sum(tf.mul(weights, halvingConvolution(image as tf.Tensor4D, k, b))) as tf.Scalar;
		const reference = (image: tf.Tensor, k: tf.Tensor, b: tf.Tensor) =>
			tf.sum(
				tf.mul(weights, tf.add(tf.conv2d(image as tf.Tensor4D, tf.transpose(k, [2, 3, 1, 0]) as tf.Tensor4D, 2, 1), b)),
			) as tf.Scalar;
		const actual = tf.valueAndGrads(own)([x, kernel, bias]);
		const expected = tf.valueAndGrads(reference)([x, kernel, bias]);
		expect(actual.value.dataSync()[0]).toBeCloseTo(expected.value.dataSync()[0]!, 3);
		for (const [at, grad] of actual.grads.entries())
			expect(tf.max(tf.abs(tf.sub(grad, expected.grads[at]!))).dataSync()[0]).toBeLessThan(1e-4);
	});
	expect(tf.memory().numTensors).toBe(before);
});
