/**
 * The image tower of CLIP's RN50 family: a ResNet with a stem of three convolutions, average pooling wherever the
 * original strides, and attention pooling at its end (Radford et al. 2021, section 2.4). Names are OpenAI's.
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../runtime/contract.ts";
import { attention, linear } from "../runtime/ops.ts";
import { batchNorm, batchNormShapes, type Measured } from "./batch-norm.ts";
import type { ResNetConfig } from "./config.ts";

/** A bottleneck block's output has four times the channels of its middle. */
const expansion = 4;

interface Block {
	readonly name: string;
	readonly from: number;
	readonly middle: number;
	readonly to: number;
	/** Pixels of the input per pixel of the output, along a side. */
	readonly stride: 1 | 2;
	/** Whether the short way round needs a convolution to fit. */
	readonly fits: boolean;
}

/** All blocks in their order. */
function blocksOf({ stages, width }: ResNetConfig): Block[] {
	let from = width;
	return stages.flatMap((count, stage) =>
		Array.from({ length: count }, (_, index): Block => {
			const middle = width * 2 ** stage;
			const stride = stage > 0 && index === 0 ? 2 : 1;
			const to = middle * expansion;
			const block = { name: `visual.layer${stage + 1}.${index}`, from, middle, to, stride, fits: from === to } as const;
			from = to;
			return block;
		}),
	);
}

/** Every parameter and statistic with its shape; convolutions are [out, in, height, width]. */
export function resnetShapes(config: ResNetConfig, projection: number): Record<string, readonly number[]> {
	const { width, imageSize } = config;
	const half = width / 2;
	const shapes: Record<string, readonly number[]> = {};
	const add = (name: string, norm: string, shape: readonly [number, number, number, number]) => {
		shapes[`${name}.weight`] = shape;
		Object.assign(shapes, batchNormShapes(norm, shape[0]));
	};
	add("visual.conv1", "visual.bn1", [half, 3, 3, 3]);
	add("visual.conv2", "visual.bn2", [half, half, 3, 3]);
	add("visual.conv3", "visual.bn3", [width, half, 3, 3]);
	for (const { name, from, middle, to, stride, fits } of blocksOf(config)) {
		add(`${name}.conv1`, `${name}.bn1`, [middle, from, 1, 1]);
		add(`${name}.conv2`, `${name}.bn2`, [middle, middle, 3, 3]);
		add(`${name}.conv3`, `${name}.bn3`, [to, middle, 1, 1]);
		if (stride > 1 || !fits) add(`${name}.downsample.0`, `${name}.downsample.1`, [to, from, 1, 1]);
	}
	const wide = width * 32;
	shapes["visual.attnpool.positional_embedding"] = [(imageSize / 32) ** 2 + 1, wide];
	for (const [part, outputs] of [
		["k_proj", wide],
		["q_proj", wide],
		["v_proj", wide],
		["c_proj", projection],
	] as const) {
		shapes[`visual.attnpool.${part}.weight`] = [outputs, wide];
		shapes[`visual.attnpool.${part}.bias`] = [outputs];
	}
	return shapes;
}

/** Images, and for a training pass a place for the statistics it measures. */
export interface ImageBatch {
	/** [batch, size, size, 3], normalised. */
	readonly images: tf.Tensor4D;
	readonly measured?: Measured | undefined;
}

/** Images to projected embeddings [batch, projection], not yet of unit length. */
export function modifiedResNet(config: ResNetConfig, parameters: Tensors, batch: ImageBatch): tf.Tensor2D {
	const { measured } = batch;
	const norm = (name: string, x: tf.Tensor) => batchNorm(x, { parameters, name, measured });
	const convolve = (name: string, x: tf.Tensor, stride: 1 | 2 = 1) =>
		convolution(x as tf.Tensor4D, parameters[`${name}.weight`]!, stride);
	let x: tf.Tensor = batch.images;
	for (const layer of [1, 2, 3] as const)
		x = tf.relu(norm(`visual.bn${layer}`, convolve(`visual.conv${layer}`, x, layer === 1 ? 2 : 1)));
	x = halve(x);
	for (const { name, stride, fits } of blocksOf(config)) {
		const shrink = (y: tf.Tensor) => (stride === 2 ? halve(y) : y);
		const first = tf.relu(norm(`${name}.bn1`, convolve(`${name}.conv1`, x)));
		const second = tf.relu(norm(`${name}.bn2`, convolve(`${name}.conv2`, first)));
		const long = norm(`${name}.bn3`, convolve(`${name}.conv3`, shrink(second)));
		const short = stride === 1 && fits ? x : norm(`${name}.downsample.1`, convolve(`${name}.downsample.0`, shrink(x)));
		x = tf.relu(tf.add(long, short));
	}
	return attentionPool(config, parameters, x);
}

/** 1x1 and 3x3 convolutions of x [batch, n, n, in] that keep the edge, for kernels as PyTorch stores them. */
function convolution(x: tf.Tensor4D, kernel: tf.Tensor, stride: 1 | 2): tf.Tensor {
	const [outputs, inputs, size] = kernel.shape as [number, number, number, number];
	// With the channels last, a 1x1 convolution is one matrix product, forward and backward.
	if (size === 1) return linear(x, tf.reshape(kernel, [outputs, inputs]));
	return tf.conv2d(x, tf.transpose(kernel, [2, 3, 1, 0]) as tf.Tensor4D, stride, 1);
}

/** Means of 2x2 squares of pixels. */
function halve(x: tf.Tensor): tf.Tensor {
	return tf.avgPool(x as tf.Tensor4D, 2, 2, "valid");
}

/** Attends from the mean of all places to the mean and the places, [batch, n, n, channels] -> [batch, projection]. */
function attentionPool({ heads }: ResNetConfig, parameters: Tensors, x: tf.Tensor): tf.Tensor2D {
	const [batch, height, width, channels] = x.shape as [number, number, number, number];
	const places = tf.reshape(x, [batch, height * width, channels]);
	const all = tf.concat([tf.mean(places, 1, true), places], 1);
	const tokens = tf.add(all, parameters["visual.attnpool.positional_embedding"]!);
	const project = (part: string, y: tf.Tensor) =>
		linear(y, parameters[`visual.attnpool.${part}.weight`]!, parameters[`visual.attnpool.${part}.bias`]!);
	const pooled = attention({
		q: project("q_proj", tf.slice(tokens, [0, 0, 0], [batch, 1, channels])),
		k: project("k_proj", tokens),
		v: project("v_proj", tokens),
		heads,
	});
	return project("c_proj", tf.reshape(pooled, [batch, channels])) as tf.Tensor2D;
}
