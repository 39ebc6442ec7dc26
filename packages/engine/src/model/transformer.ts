/** Pre-norm transformer blocks, shared by both towers (CLIP, Radford et al. 2021, section 2.4). */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../runtime/contract.ts";
import { gelu, layerNorm, linear, quickGelu } from "../runtime/ops.ts";
import type { TowerConfig } from "./config.ts";

/** Which token of each sequence the tower reads at the end. */
export interface Pooling {
	/** Takes that token's row: [batch, length, width] -> [batch, 1, width]. */
	select(x: tf.Tensor): tf.Tensor;
	/** Added to the attention scores of the blocks, [length, length]; null where every token sees every token. */
	readonly mask: tf.Tensor | null;
	/** The mask's rows of the pooled tokens, [batch, 1, 1, length]. */
	readonly pooledMask: tf.Tensor | null;
}

/** Names one tower's parameters: `model` is the prefix of its keys. */
export interface TowerScope {
	readonly config: TowerConfig;
	readonly parameters: Tensors;
	readonly model: "vision_model" | "text_model";
}

/**
 * Runs all blocks over `x` [batch, length, width] and returns the pooled token [batch, 1, width], without the last norm.
 * The last block computes queries and perceptron for the pooled token alone, which is exact: nothing reads the others.
 */
export function runBlocks(scope: TowerScope, x: tf.Tensor, pooling: Pooling): tf.Tensor {
	const { layers } = scope.config;
	let hidden = x;
	for (let layer = 0; layer < layers; layer++)
		hidden = runBlock(scope, layer, { x: hidden, pooling, last: layer === layers - 1 });
	return layers === 0 ? pooling.select(hidden) : hidden;
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
	layer: number,
	{ x, pooling, last }: { x: tf.Tensor; pooling: Pooling; last: boolean },
): tf.Tensor {
	const block = `encoder.layers.${layer}`;
	const all = norm(scope, `${block}.layer_norm1`, x);
	const asking = last ? pooling.select(all) : all;
	const stream = last ? pooling.select(x) : x;
	const mask = last ? pooling.pooledMask : pooling.mask;
	const attended = tf.add(stream, attention(scope, `${block}.self_attn`, { asking, all, mask }));
	return tf.add(attended, perceptron(scope, block, attended));
}

function perceptron(scope: TowerScope, block: string, x: tf.Tensor): tf.Tensor {
	const activate = scope.config.activation === "gelu" ? gelu : quickGelu;
	const project = (name: string, input: tf.Tensor) =>
		linear(input, weight(scope, `${block}.mlp.${name}.weight`), weight(scope, `${block}.mlp.${name}.bias`));
	return project("fc2", activate(project("fc1", norm(scope, `${block}.layer_norm2`, x))));
}

/** Multi-head attention of `asking` [batch, queries, width] over `all` [batch, length, width]. */
function attention(
	scope: TowerScope,
	name: string,
	{ asking, all, mask }: { asking: tf.Tensor; all: tf.Tensor; mask: tf.Tensor | null },
): tf.Tensor {
	const { width, heads } = scope.config;
	const depth = width / heads;
	const parameter = (key: string) => weight(scope, `${name}.${key}`);
	const split = (x: tf.Tensor): tf.Tensor =>
		tf.transpose(tf.reshape(x, [x.shape[0]!, x.shape[1]!, heads, depth]), [0, 2, 1, 3]);

	// The scale sits on the query's weights: there it costs width x width products, on scores batch x heads x length^2.
	const scale = depth ** -0.5;
	const query = split(
		linear(asking, tf.mul(parameter("q_proj.weight"), scale), tf.mul(parameter("q_proj.bias"), scale)),
	);
	const key = split(linear(all, parameter("k_proj.weight"), parameter("k_proj.bias")));
	const value = split(linear(all, parameter("v_proj.weight"), parameter("v_proj.bias")));

	const scores = tf.matMul(query, key, false, true);
	const shares = tf.softmax(mask === null ? scores : tf.add(scores, mask));
	const merged = tf.reshape(tf.transpose(tf.matMul(shares, value), [0, 2, 1, 3]), [-1, asking.shape[1]!, width]);
	return linear(merged, parameter("out_proj.weight"), parameter("out_proj.bias"));
}
