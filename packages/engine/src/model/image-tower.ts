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
 * A 4x4 convolution with stride 2 and padding 1, [batch, n, n, in] -> [batch, n/2, n/2, out], as one matrix product over
 * the windows, whose gradient is made of matrix products too.
 */
export function halvingConvolution(x: tf.Tensor4D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor {
	const channels = x.shape[3];
	const padded = tf.pad(x, [
		[0, 0],
		[1, 1],
		[1, 1],
		[0, 0],
	]);
	// [out, in, row of cells, row in cell, column of cells, column in cell] in the order of the windows.
	const outputs = kernel.shape[0]!;
	const ordered = tf.transpose(tf.reshape(kernel, [outputs, channels, 2, 2, 2, 2]), [0, 2, 4, 3, 5, 1]);
	return linear(windows(padded as tf.Tensor4D), tf.reshape(ordered, [outputs, 16 * channels]), bias);
}

/** Where the four cells of a window lie: rows down, columns right. */
const cellsOfWindow = [
	[0, 0],
	[0, 1],
	[1, 0],
	[1, 1],
] as const;

/**
 * The 4x4 windows at every second pixel, [batch, n, n, in] -> [batch, n/2 - 1, n/2 - 1, 16 in]: 2x2 pixels are a cell, and
 * 2x2 cells a window. Two neighbouring pixels of a row lie side by side and are copied as one. The gradient adds four
 * shifted views of whole cells instead of scattering pixels.
 */
function windows(x: tf.Tensor4D): tf.Tensor {
	const [batch, size, , channels] = x.shape;
	const cells = size / 2;
	const half = cells - 1;
	const pieces = Int32Array.from({ length: half * half * 8 }, (_, at) => {
		const [down, right] = cellsOfWindow[Math.floor(at / 2) % 4]!;
		const [place, row] = [Math.floor(at / 8), at % 2];
		return (2 * (Math.floor(place / half) + down) + row) * cells + (place % half) + right;
	});
	const run = tf.customGrad((input) => {
		const pixels = tf.reshape(input as tf.Tensor, [batch, size * cells, 2 * channels]);
		const copied = tf.gather(pixels, tf.tensor1d(pieces, "int32"), 1);
		const gradFunc = (dy: tf.Tensor) => {
			const shifted = tf.split(dy, 4, 3).map((view, at) => {
				const [down, right] = cellsOfWindow[at]!;
				return tf.pad(view, [
					[0, 0],
					[down, 1 - down],
					[right, 1 - right],
					[0, 0],
				]);
			});
			const grid = shifted.reduceRight((sum, view) => tf.add(sum, view));
			const rows = tf.transpose(tf.reshape(grid, [batch, cells, cells, 2, 2 * channels]), [0, 1, 3, 2, 4]);
			return tf.reshape(rows, [batch, size, size, channels]);
		};
		return { value: tf.reshape(copied, [batch, half, half, 16 * channels]), gradFunc };
	});
	return run(x);
}
