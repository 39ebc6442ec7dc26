/** Building blocks of the towers, in plain TF.js, shaped so that their gradients are cheap on every backend. */

import type { Scalar, Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts it (Ba et al. 2016). */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
	const centred = tf.sub(x, tf.mean(x, -1, true));
	const deviation = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
	return tf.add(tf.mul(tf.mul(centred, deviation), gain), bias);
}

/** x · sigmoid(1.702 x), the activation of OpenAI's CLIP. */
export function quickGelu(x: Tensor): Tensor {
	return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
}

/** The exact Gaussian error linear unit, x · Φ(x). */
export function gelu(x: Tensor): Tensor {
	return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** x [..., in] times weightᵀ, for weight [out, in] and bias [out], as PyTorch's Linear stores them. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
	const [outputs, inputs] = weight.shape as [number, number];
	const product = tf.matMul(tf.reshape(x, [-1, inputs]) as tf.Tensor2D, weight as tf.Tensor2D, false, true);
	return tf.reshape(bias ? tf.add(product, bias) : product, [...x.shape.slice(0, -1), outputs]);
}

/** What `attention` reads: q [batch, queries, width], k and v [batch, keys, width], split into equal heads. */
export interface AttentionInputs {
	readonly q: Tensor;
	readonly k: Tensor;
	readonly v: Tensor;
	readonly heads: number;
	/** Hides each query's later keys; needs as many keys as queries. */
	readonly causal?: boolean;
}

/** Scaled dot-product attention of many heads; returns [batch, queries, width], before any output projection. */
export function attention({ q, k, v, heads, causal = false }: AttentionInputs): Tensor {
	const [batch, queries, width] = q.shape as [number, number, number];
	const split = (x: Tensor) =>
		tf.transpose(tf.reshape(x, [batch, x.shape[1]!, heads, width / heads]), [0, 2, 1, 3]) as tf.Tensor4D;
	const scores = tf.mul(tf.matMul(split(q), split(k), false, true), (width / heads) ** -0.5);
	const weights = tf.softmax(causal ? tf.add(scores, causalMask(queries)) : scores) as tf.Tensor4D;
	return tf.reshape(tf.transpose(tf.matMul(weights, split(v)), [0, 2, 1, 3]), [batch, queries, width]);
}

/** Attention of a sequence to itself; qkv [batch, length, 3 · width] holds queries, keys and values side by side. */
export function selfAttention(qkv: Tensor, heads: number, causal = false): Tensor {
	const [q, k, v] = tf.split(qkv, 3, -1) as [Tensor, Tensor, Tensor];
	return attention({ q, k, v, heads, causal });
}

/** Mean of the cross entropies of rows and of columns, where entry (i, i) is the right one (CLIP's loss). */
export function symmetricCrossEntropy(logits: Tensor): Scalar {
	const size = logits.shape[0]!;
	const diagonal = tf.cast(tf.oneHot(tf.range(0, size, 1, "int32"), size), "float32");
	const right = (x: Tensor) => tf.sum(tf.mul(tf.logSoftmax(x), diagonal));
	return tf.div(tf.add(right(logits), right(tf.transpose(logits))), -2 * size) as Scalar;
}

/** [1, 1, length, length]: 0 where a key may be seen, a large negative number where it comes later. */
function causalMask(length: number): Tensor {
	const mask = new Float32Array(length * length);
	for (let row = 0; row < length; row++) mask.fill(-1e9, row * length + row + 1, (row + 1) * length);
	return tf.tensor(mask, [1, 1, length, length]);
}
