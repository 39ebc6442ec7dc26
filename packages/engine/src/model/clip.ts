/** CLIP as a pair of functions over its parameters, and the model as the host holds it. */
import * as tf from "@tensorflow/tfjs";
import type { Tokenizer } from "../data/tokenizer.ts";
import type { Tensors } from "../runtime/contract.ts";
import type { HostTensor } from "../types.ts";
import { type ClipConfig, isResNet } from "./config.ts";
import { imageTower } from "./image-tower.ts";
import { contrastiveLoss } from "./loss.ts";
import { type ImageBatch, modifiedResNet } from "./modified-resnet.ts";
import { type TokenBatch, textTower } from "./text-tower.ts";

/** How pixels become numbers: (byte / 255 - mean) / std per channel, at `size` pixels a side. */
export interface Preprocess {
	readonly mean: readonly [number, number, number];
	readonly std: readonly [number, number, number];
	readonly size: number;
}

/** OpenAI's channel statistics, in red, green, blue order. */
export const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073] as const;
export const CLIP_STD = [0.26862954, 0.26130258, 0.27577711] as const;

/** A whole model on the host. Parameters are named as in Hugging Face's checkpoints, those of a ResNet as in OpenAI's. */
export interface ClipModel {
	readonly config: ClipConfig;
	readonly tokenizer: Tokenizer;
	readonly preprocess: Preprocess;
	readonly parameters: Readonly<Record<string, HostTensor>>;
}

/** Unit-length image embeddings [batch, projection] of normalised images [batch, size, size, 3]. */
export function embedImages(config: ClipConfig, parameters: Tensors, images: tf.Tensor4D): tf.Tensor2D {
	return unitLength(projectImages(config, parameters, { images }));
}

/** Unit-length text embeddings [batch, projection]. */
export function embedTexts(config: ClipConfig, parameters: Tensors, texts: TokenBatch): tf.Tensor2D {
	return unitLength(textTower(config.text, parameters, texts));
}

/** Image embeddings [batch, projection] as the tower leaves them, not of unit length. */
export function projectImages({ vision }: ClipConfig, parameters: Tensors, batch: ImageBatch): tf.Tensor2D {
	return isResNet(vision) ? modifiedResNet(vision, parameters, batch) : imageTower(vision, parameters, batch.images);
}

/** Unit-length embeddings of a batch of pairs. A ResNet is in training mode if the batch has a place for statistics. */
export function embedPairs(
	config: ClipConfig,
	parameters: Tensors,
	batch: TokenBatch & ImageBatch,
): { images: tf.Tensor2D; texts: tf.Tensor2D } {
	const images = unitLength(projectImages(config, parameters, batch));
	return { images, texts: embedTexts(config, parameters, batch) };
}

/** Loss of a batch of pairs in nats, a scalar; as `embedPairs`. */
export function clipLoss(config: ClipConfig, parameters: Tensors, batch: TokenBatch & ImageBatch): tf.Scalar {
	const { images, texts } = embedPairs(config, parameters, batch);
	return contrastiveLoss(images, texts, parameters.logit_scale!);
}

function unitLength(x: tf.Tensor2D): tf.Tensor2D {
	return tf.mul(x, tf.rsqrt(tf.sum(tf.square(x), -1, true)));
}
