/** Building blocks of the towers in plain TF.js, with gradients that pass over large tensors as seldom as they can. */
import type { GradSaveFunc, NamedAttrMap, NamedTensorMap, Scalar, Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

/**
 * Normalises the last axis to mean 1 and variance 1, for `linearsOfNormal` alone to read: it says why mean 1. The
 * gradient takes for granted that the rows of dy sum to 0, as they do behind `linearsOfNormal`.
 */
export function normalise(x: Tensor, epsilon = 1e-5): Tensor {
	const run = tf.customGrad((input, save) => {
		const wide = input as Tensor;
		const ones = tf.ones([wide.shape.at(-1)!]);
		const { normal, deviation } = standardise(wide, epsilon, { gain: ones, bias: ones });
		(save as GradSaveFunc)([normal, deviation]);
		const gradFunc = (dy: Tensor, saved: Tensor[]) => {
			const slope = tf.mean(tf.mul(dy, saved[0]!), -1, true);
			return tf.mul(tf.add(tf.sub(dy, tf.mul(saved[0]!, slope)), slope), saved[1]!);
		};
		return { value: normal, gradFunc };
	});
	return run(x);
}

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts it. */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
	const run = tf.customGrad((...args) => {
		const [input, scale, shift, save] = args as unknown as [Tensor, Tensor, Tensor, GradSaveFunc];
		save([input, scale]);
		return { value: standardise(input, epsilon, { gain: scale, bias: shift }).normal, gradFunc: gradients };
	});
	const gradients = (dy: Tensor, saved: Tensor[]): Tensor[] => {
		const { normal, deviation } = standardise(saved[0]!, epsilon);
		const rows = (all: Tensor) => tf.sum(tf.reshape(all, [-1, gain.size]), 0);
		return [standardiseGradient(tf.mul(dy, saved[1]!), normal, deviation), rows(tf.mul(dy, normal)), rows(dy)];
	};
	return run(x, gain, bias);
}

/** A linear layer and what it reads: x [..., in] as `normalise` leaves it, weight [out, in], bias [out]. */
export interface NormalReader {
	readonly x: Tensor;
	readonly weight: Tensor;
	readonly bias: Tensor;
}

/**
 * Linear layers of a LayerNorm's output, given only the normalised x, so that the norm's gain and bias and the layers'
 * biases cost no pass over rows, forward or backward. All go into the small weights: x·γ + β times Wᵀ is x times (Wγ)ᵀ
 * plus Wβ. Rows of Wγ are centred, which changes no product with a row of mean 0. A number added to all of x then
 * meets only what is added to all of a weight's row: x raised by 1, and the row by its bias over the width, yield the bias.
 */
export function linearsOfNormal(norm: { gain: Tensor; bias: Tensor }, readers: readonly NormalReader[]): Tensor[] {
	const sizes = readers.map((reader) => reader.bias.size);
	const weight = together(readers.map((reader) => reader.weight));
	const bias = together(readers.map((reader) => reader.bias));
	const scaled = tf.mul(weight, norm.gain);
	const centred = apart(tf.sub(scaled, tf.mean(scaled, 1, true)), sizes);
	const moved = tf.reshape(tf.matMul(weight as tf.Tensor2D, tf.reshape(norm.bias, [-1, 1])), bias.shape);
	const shifts = apart(tf.add(bias, moved), sizes);
	return readers.map(({ x }, at) => raisedProduct(x, centred[at]!, shifts[at]!));
}

/** x · sigmoid(1.702 x), the activation of OpenAI's CLIP. */
export function quickGelu(x: Tensor): Tensor {
	return tf.div(swish(tf.mul(x, 1.702)), 1.702);
}

/** The exact Gaussian error linear unit, x · Φ(x). */
export function gelu(x: Tensor): Tensor {
	const run = tf.customGrad((input, save) => {
		const wide = input as Tensor;
		const portion = tf.add(tf.mul(tf.erf(tf.mul(wide, Math.SQRT1_2)), 0.5), 0.5);
		(save as GradSaveFunc)([wide, portion]);
		// d/dx x Φ(x) = Φ(x) + x φ(x)
		const gradFunc = (dy: Tensor, [saved, share]: Tensor[]) => {
			const density = tf.mul(tf.exp(tf.mul(tf.square(saved!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
			return tf.mul(dy, tf.add(share!, tf.mul(saved!, density)));
		};
		return { value: tf.mul(wide, portion), gradFunc };
	});
	return run(x);
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
	/** Added to the scores; broadcasts to [batch, heads, queries, keys]. */
	readonly mask?: Tensor;
}

/** Scaled dot-product attention of many heads; returns [batch, queries, width], before any output projection. */
export function attention({ q, k, v, heads, mask }: AttentionInputs): Tensor {
	const [batch, queries, width] = q.shape as [number, number, number];
	const factor = (width / heads) ** -0.5;
	const split = (x: Tensor) =>
		tf.transpose(tf.reshape(x, [batch, -1, heads, width / heads]), [0, 2, 1, 3]) as tf.Tensor4D;
	const merge = (x: Tensor) => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, -1, width]);
	// The gradient of a row of softmax needs Σ dP·P, which equals Σ dO·O over the much shorter row of the output.
	const gradients = (dy: Tensor, saved: Tensor[]): Tensor[] => {
		const [qs, ks, vs, weights, output] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, Tensor];
		const dOutput = split(dy);
		const dots = tf.sum(tf.reshape(tf.mul(dy, output), [batch, queries, heads, width / heads]), 3, true);
		const dWeights = tf.matMul(dOutput, vs, false, true);
		const dScores = tf.mul(weights, tf.sub(dWeights, tf.transpose(dots, [0, 2, 1, 3]))) as tf.Tensor4D;
		return [
			merge(tf.mul(tf.matMul(dScores, ks), factor)),
			merge(tf.mul(tf.matMul(dScores, qs, true, false), factor)),
			merge(tf.matMul(weights, dOutput, true, false)),
		];
	};
	const run = tf.customGrad((...args) => {
		const save = args[3] as unknown as GradSaveFunc;
		const [qs, ks, vs] = (args as unknown as Tensor[]).slice(0, 3).map(split) as [
			tf.Tensor4D,
			tf.Tensor4D,
			tf.Tensor4D,
		];
		const scores = tf.mul(tf.matMul(qs, ks, false, true), factor);
		const weights = tf.softmax(mask ? tf.add(scores, mask) : scores) as tf.Tensor4D;
		const value = merge(tf.matMul(weights, vs));
		save([qs, ks, vs, weights, value]);
		return { value, gradFunc: gradients };
	});
	return run(q, k, v);
}

/** [length, length]: 0 where a query, by row, may see a key, a large negative number where the key comes later. */
export function causalMask(length: number): tf.Tensor2D {
	const mask = new Float32Array(length * length);
	for (let row = 0; row < length; row++) mask.fill(-1e9, row * length + row + 1, (row + 1) * length);
	return tf.tensor2d(mask, [length, length]);
}

/** Mean of the cross entropies of rows and of columns, where entry (i, i) is the right one (CLIP's loss). */
export function symmetricCrossEntropy(logits: Tensor): Scalar {
	const size = logits.shape[0]!;
	const diagonal = tf.cast(tf.oneHot(tf.range(0, size, 1, "int32"), size), "float32");
	const right = (x: Tensor) => tf.sum(tf.mul(tf.logSoftmax(x), diagonal));
	return tf.div(tf.add(right(logits), right(tf.transpose(logits))), -2 * size) as Scalar;
}

/** x · sigmoid(x). Its gradient is s (1 + x − y), for s the sigmoid and y the result. */
function swish(x: Tensor): Tensor {
	const run = tf.customGrad((input, save) => {
		const wide = input as Tensor;
		const gate = tf.sigmoid(wide);
		const value = tf.mul(wide, gate);
		(save as GradSaveFunc)([wide, gate, value]);
		const gradFunc = (dy: Tensor, saved: Tensor[]) =>
			tf.mul(dy, tf.mul(saved[1]!, tf.add(tf.sub(saved[0]!, saved[2]!), 1)));
		return { value, gradFunc };
	});
	return run(x);
}

/** The normalised rows of x, scaled and shifted if `affine` is given, and 1 / √(variance + ε) of each. */
function standardise(
	x: Tensor,
	epsilon: number,
	affine?: { gain: Tensor; bias: Tensor },
): { normal: Tensor; deviation: Tensor } {
	const made = fused("LayerNormalization", { x, ...affine }, { epsilon });
	if (made) return { normal: made[0]!, deviation: made[1]! };
	const centred = tf.sub(x, tf.mean(x, -1, true));
	const deviation = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
	const normal = tf.mul(centred, deviation);
	return { normal: affine ? tf.add(tf.mul(normal, affine.gain), affine.bias) : normal, deviation };
}

/** Tensors below one another. */
function together(parts: readonly Tensor[]): Tensor {
	return parts.length === 1 ? parts[0]! : tf.concat([...parts]);
}

/** The inverse of `together`; TF.js cannot differentiate a split into one part. */
function apart(whole: Tensor, sizes: readonly number[]): Tensor[] {
	return sizes.length === 1 ? [whole] : tf.split(whole, [...sizes]);
}

/** x [..., in], whose rows sum to their width, times the transpose of `centred` [out, in], whose rows sum to 0, plus `shift`. */
function raisedProduct(x: Tensor, centred: Tensor, shift: Tensor): Tensor {
	const [outputs, width] = centred.shape as [number, number];
	const run = tf.customGrad((...args) => {
		const [input, rows, bias, save] = args as unknown as [Tensor, Tensor, Tensor, GradSaveFunc];
		save([input, rows]);
		const raised = tf.add(rows, tf.reshape(tf.div(bias, width), [outputs, 1]));
		const gradFunc = (dy: Tensor, saved: Tensor[]) => {
			const errors = tf.reshape(dy, [-1, outputs]) as tf.Tensor2D;
			const dInput = tf.matMul(errors, saved[1] as tf.Tensor2D);
			// Every row of x sums to the width, so the mean of a row of dW is the sum of its errors: the bias's gradient.
			const dRows = tf.matMul(errors, tf.reshape(saved[0]!, [-1, width]) as tf.Tensor2D, true);
			return [tf.reshape(dInput, x.shape), dRows, tf.mean(dRows, 1)];
		};
		return { value: linear(input, raised), gradFunc };
	});
	return run(x, centred, shift);
}

/** What is left of dy without its mean and its part along the normalised row, divided by the row's deviation. */
function standardiseGradient(dy: Tensor, normal: Tensor, deviation: Tensor): Tensor {
	const slope = tf.mean(tf.mul(dy, normal), -1, true);
	const level = tf.mean(dy, -1, true);
	return tf.mul(tf.sub(tf.sub(dy, level), tf.mul(normal, slope)), deviation);
}

/** Runs a kernel that only some backends have; undefined on the others, where plain operations serve. */
function fused(kernel: string, inputs: NamedTensorMap, attributes: NamedAttrMap): Tensor[] | undefined {
	if (!tf.getKernel(kernel, tf.getBackend())) return undefined;
	return tf.engine().runKernel(kernel, inputs, attributes) as unknown as Tensor[];
}
