/** Pre-norm transformer blocks, shared by both towers (CLIP, Radford et al. 2021, section 2.4). */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../runtime/contract.ts";
import { attention, gelu, layerNorm, linear, linearsOfNormal, normalise, quickGelu } from "../runtime/ops.ts";
import type { TowerConfig } from "./config.ts";

/** How a tower attends, and which token of each sequence it reads at the end. */
export interface Reading {
	/** What each token may not see: added to its scores, [length, length]; absent where every token sees all. */
	readonly mask?: tf.Tensor;
	/** The read token's row of `mask`, [batch, 1, 1, length]. */
	readonly readMask?: tf.Tensor;
	/** Takes the read token's row: [batch, length, width] -> [batch, 1, width]. */
	select(x: tf.Tensor): tf.Tensor;
}

/** Names one tower's parameters: `model` is the prefix of its keys. */
export interface TowerScope {
	readonly config: TowerConfig;
	readonly parameters: Tensors;
	readonly model: "vision_model" | "text_model";
}

/**
 * Runs all blocks over `x` [batch, length, width] and returns the token that is read, [batch, 1, width], without the last
 * norm. The last block computes only what that token needs, which is exact: nothing reads the others.
 */
export function runBlocks(scope: TowerScope, x: tf.Tensor, reading: Reading): tf.Tensor {
	const { layers } = scope.config;
	let hidden = x;
	for (let layer = 0; layer < layers; layer++)
		hidden = runBlock(scope, `encoder.layers.${layer}`, { x: hidden, reading, last: layer === layers - 1 });
	return hidden;
}

/** LayerNorm with the gain and bias stored under `name`. */
export function norm(scope: TowerScope, name: string, x: tf.Tensor): tf.Tensor {
	return layerNorm(x, weight(scope, `${name}.weight`), weight(scope, `${name}.bias`), scope.config.eps);
}

/** A parameter of the tower by its name under the tower's prefix. */
export function weight(scope: TowerScope, name: string): tf.Tensor {
	return scope.parameters[`${scope.model}.${name}`]!;
}

function runBlock(
	scope: TowerScope,
	block: string,
	{ x, reading, last }: { x: tf.Tensor; reading: Reading; last: boolean },
): tf.Tensor {
	const select = (all: tf.Tensor) => (last ? reading.select(all) : all);
	const attended = attend(scope, block, { x, select, mask: last ? reading.readMask : reading.mask });
	const stream = tf.add(select(x), project(scope, `${block}.self_attn.out_proj`, attended));
	return tf.add(stream, perceptron(scope, block, stream));
}

/** Attention of the selected tokens to all, before its output projection. */
function attend(
	scope: TowerScope,
	block: string,
	{ x, select, mask }: { x: tf.Tensor; select(all: tf.Tensor): tf.Tensor; mask: tf.Tensor | undefined },
): tf.Tensor {
	const { heads, eps } = scope.config;
	const normal = normalise(x, eps);
	const reader = (name: string, from: tf.Tensor) => ({ x: from, ...layer(scope, `${block}.self_attn.${name}`) });
	const [q, k, v] = linearsOfNormal(gainOf(scope, `${block}.layer_norm1`), [
		reader("q_proj", select(normal)),
		reader("k_proj", normal),
		reader("v_proj", normal),
	]) as [tf.Tensor, tf.Tensor, tf.Tensor];
	return attention({ q, k, v, heads, ...(mask && { mask }) });
}

function perceptron(scope: TowerScope, block: string, x: tf.Tensor): tf.Tensor {
	const activate = scope.config.activation === "gelu" ? gelu : quickGelu;
	const reader = { x: normalise(x, scope.config.eps), ...layer(scope, `${block}.mlp.fc1`) };
	const [hidden] = linearsOfNormal(gainOf(scope, `${block}.layer_norm2`), [reader]) as [tf.Tensor];
	return project(scope, `${block}.mlp.fc2`, activate(hidden));
}

function project(scope: TowerScope, name: string, x: tf.Tensor): tf.Tensor {
	const { weight: matrix, bias } = layer(scope, name);
	return linear(x, matrix, bias);
}

/** Weight and bias of a linear layer. */
function layer(scope: TowerScope, name: string): { weight: tf.Tensor; bias: tf.Tensor } {
	return { weight: weight(scope, `${name}.weight`), bias: weight(scope, `${name}.bias`) };
}

/** Gain and bias of a norm, which lie under the names of a layer's weight and bias. */
function gainOf(scope: TowerScope, name: string): { gain: tf.Tensor; bias: tf.Tensor } {
	return { gain: weight(scope, `${name}.weight`), bias: weight(scope, `${name}.bias`) };
}
