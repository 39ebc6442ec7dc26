/** The text tower: a causal transformer, read at each text's end token. */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../runtime/contract.ts";
import { causalMask, linear } from "../runtime/ops.ts";
import type { TextConfig } from "./config.ts";
import { norm, runBlocks, type TowerScope, weight } from "./transformer.ts";

/** Token ids with the position of each row's end token. */
export interface TokenBatch {
	/** int32 [batch, length]; length may be anything up to the context, as long as every end token lies inside. */
	readonly tokens: tf.Tensor2D;
	/** int32 [batch]: the position the tower is read at. */
	readonly ends: tf.Tensor1D;
}

/** Texts to projected embeddings [batch, projection], not yet of unit length. */
export function textTower(config: TextConfig, parameters: Tensors, { tokens, ends }: TokenBatch): tf.Tensor2D {
	const scope: TowerScope = { config, parameters, model: "text_model" };
	const [batch, length] = tokens.shape;
	const { width } = config;
	const table = weight(scope, "embeddings.token_embedding.weight");
	const embedded = tf.reshape(tf.gather(table, tf.reshape(tokens, [batch * length])), [batch, length, width]);
	const positions = tf.slice(weight(scope, "embeddings.position_embedding.weight"), [0, 0], [length, width]);
	const marks = tf.oneHot(ends, length, 1, 0, "float32") as tf.Tensor2D;
	const mask = causalMask(length);
	const pooled = runBlocks(scope, tf.add(embedded, positions), {
		mask,
		readMask: tf.reshape(tf.matMul(marks, mask), [batch, 1, 1, length]),
		select: (x) => tf.matMul(tf.reshape(marks, [batch, 1, length]), x),
	});
	const final = norm(scope, "final_layer_norm", tf.reshape(pooled, [batch, width]));
	return linear(final, parameters["text_projection.weight"]!) as tf.Tensor2D;
}
