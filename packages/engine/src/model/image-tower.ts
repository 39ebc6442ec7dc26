/** The image tower: a vision transformer over patches, or over the output of a small convolution stem. */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../runtime/contract.ts";
import { gelu, linear } from "../runtime/ops.ts";
import type { VisionConfig } from "./config.ts";
import { norm, runBlocks, type TowerScope, weight } from "./transformer.ts";

/** Images [batch, size, size, 3], normalised, to projected embeddings [batch, projection], not yet of unit length. */
export function imageTower(config: VisionConfig, parameters: Tensors, images: tf.Tensor4D): tf.Tensor2D {
	const scope: TowerScope = { config, parameters, model: "vision_model" };
	const batch = images.shape[0];
	const patches =
		config.stem.kind === "patch" ? patchStem(scope, config, images) : convolutionStem(scope, config, images);
	// The class token joins the position it stands at, so that one addition over the batch puts both in place.
	const start = tf.pad(tf.reshape(weight(scope, "embeddings.class_embedding"), [1, config.width]), [
		[0, patches.shape[1]!],
		[0, 0],
	]);
	const positions = tf.add(weight(scope, "embeddings.position_embedding.weight"), start);
	const places = tf.pad(patches, [
		[0, 0],
		[1, 0],
		[0, 0],
	]);
	const tokens = norm(scope, "pre_layrnorm", tf.add(places, positions));
	const pooled = runBlocks(scope, tokens, {
		select: (x) => tf.slice(x, [0, 0, 0], [batch, 1, config.width]),
	});
	const final = norm(scope, "post_layernorm", tf.reshape(pooled, [batch, config.width]));
	return linear(final, parameters["visual_projection.weight"]!) as tf.Tensor2D;
}

/** Non-overlapping patches, one matrix product: [batch, size, size, 3] -> [batch, patches, width]. */
function patchStem(scope: TowerScope, { width, patchSize, imageSize }: VisionConfig, images: tf.Tensor4D): tf.Tensor {
	const batch = images.shape[0];
	const side = imageSize / patchSize;
	const values = patchSize * patchSize * 3;
	const rows = tf.transpose(tf.reshape(images, [batch, side, patchSize, side, patchSize * 3]), [0, 1, 3, 2, 4]);
	const kernel = tf.transpose(weight(scope, "embeddings.patch_embedding.weight"), [0, 2, 3, 1]);
	return linear(tf.reshape(rows, [batch, side * side, values]), tf.reshape(kernel, [width, values]));
}

function convolutionStem(scope: TowerScope, { stem }: VisionConfig, images: tf.Tensor4D): tf.Tensor {
	const layers = stem.kind === "convolution" ? stem.channels.length + 1 : 0;
	let x: tf.Tensor = images;
	for (let layer = 0; layer < layers; layer++) {
		const name = `embeddings.stem.${layer}`;
		const y = halvingConvolution(x as tf.Tensor4D, weight(scope, `${name}.weight`), weight(scope, `${name}.bias`));
		x = layer === layers - 1 ? y : gelu(y);
	}
	const [batch, height, across, width] = x.shape as [number, number, number, number];
	return tf.reshape(x, [batch, height * across, width]);
}

/**
 * A 4x4 convolution with stride 2 and padding 1, [batch, n, n, in] -> [batch, n/2, n/2, out], as one matrix product.
 * After padding, 2x2 squares of pixels become one cell, and the kernel covers 2x2 neighbouring cells with stride 1:
 * four shifted views side by side are its columns, and the gradient is made of matrix products too.
 */
export function halvingConvolution(x: tf.Tensor4D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor {
	const [batch, size, , channels] = x.shape;
	const cells = size / 2 + 1;
	const half = size / 2;
	const padded = tf.pad(x, [
		[0, 0],
		[1, 1],
		[1, 1],
		[0, 0],
	]);
	const squares = tf.transpose(tf.reshape(padded, [batch, cells, 2, cells, 2 * channels]), [0, 1, 3, 2, 4]);
	const grid = tf.reshape(squares, [batch, cells, cells, 4 * channels]);
	const views = [
		[0, 0],
		[0, 1],
		[1, 0],
		[1, 1],
	].map(([down, right]) => tf.slice(grid, [0, down!, right!, 0], [batch, half, half, 4 * channels]));
	const columns = tf.concat(views, 3);
	// [out, in, row of cells, row in cell, column of cells, column in cell] in the order of the columns above.
	const outputs = kernel.shape[0]!;
	const ordered = tf.transpose(tf.reshape(kernel, [outputs, channels, 2, 2, 2, 2]), [0, 2, 4, 3, 5, 1]);
	return linear(columns, tf.reshape(ordered, [outputs, 16 * channels]), bias);
}
