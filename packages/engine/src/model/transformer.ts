/** Pre-norm transformer blocks, shared by both towers (CLIP, Radford et al. 2021, section 2.4). */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../runtime/contract.ts";
import { attention, gelu, layerNorm, linear, quickGelu } from "../runtime/ops.ts";
import type { TowerConfig } from "./config.ts";

/** How a tower attends, and which token of each sequence it reads at the end. */
export interface Reading {
	/** Whether a token sees only itself and those before it. */
	readonly causal: boolean;
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
	const { causal } = reading;
	const select = (all: tf.Tensor) => (last ? reading.select(all) : all);
	const keys = norm(scope, `${block}.layer_norm1`, x);
	// A causal mask lines queries up with keys, so there the read token is taken after the attention.
	const queries = causal ? keys : select(keys);
	const attended = attention({
		q: project(scope, `${block}.self_attn.q_proj`, queries),
		k: project(scope, `${block}.self_attn.k_proj`, keys),
		v: project(scope, `${block}.self_attn.v_proj`, keys),
		heads: scope.config.heads,
		causal,
	});
	const output = project(scope, `${block}.self_attn.out_proj`, causal ? select(attended) : attended);
	const stream = tf.add(select(x), output);
	return tf.add(stream, perceptron(scope, block, stream));
}

function perceptron(scope: TowerScope, block: string, x: tf.Tensor): tf.Tensor {
	const activate = scope.config.activation === "gelu" ? gelu : quickGelu;
	const hidden = project(scope, `${block}.mlp.fc1`, norm(scope, `${block}.layer_norm2`, x));
	return project(scope, `${block}.mlp.fc2`, activate(hidden));
}

function project(scope: TowerScope, name: string, x: tf.Tensor): tf.Tensor {
	return linear(x, weight(scope, `${name}.weight`), weight(scope, `${name}.bias`));
}
