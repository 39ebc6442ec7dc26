/** Batch normalisation with running statistics (Ioffe & Szegedy 2015), as PyTorch's BatchNorm2d computes it. */
import * as tf from "@tensorflow/tfjs";
import type { Tensors } from "../runtime/contract.ts";

/** Share of the newest batch in the running statistics. */
const momentum = 0.1;
const epsilon = 1e-5;

/** Whether a name is one of the statistics that training measures and nothing learns. */
export function isStatistic(name: string): boolean {
	return name.startsWith("visual.") && /\.(running_mean|running_var|num_batches_tracked)$/.test(name);
}

/** Whether a name is the count of batches seen, which PyTorch keeps and no computation here reads. */
export function isBatchCount(name: string): boolean {
	return isStatistic(name) && name.endsWith(".num_batches_tracked");
}

/**
 * What a training pass measures: the next running statistics by name. The tensors are kept from being tidied away,
 * since they leave the function that is differentiated by a side door; whoever asked for them disposes of them.
 */
export type Measured = Map<string, tf.Tensor>;

/** Shapes of one layer over `channels`, learned and measured. */
export function batchNormShapes(name: string, channels: number): Record<string, readonly number[]> {
	const kinds = ["weight", "bias", "running_mean", "running_var"];
	return {
		...Object.fromEntries(kinds.map((kind) => [`${name}.${kind}`, [channels]])),
		[`${name}.num_batches_tracked`]: [],
	};
}

/**
 * Normalises each channel of x [batch, height, width, channels]: by the running statistics, or, when there is a place
 * for what is measured, by the batch's own, which then also move the running ones.
 */
export function batchNorm(
	x: tf.Tensor,
	{ parameters, name, measured }: { parameters: Tensors; name: string; measured: Measured | undefined },
): tf.Tensor {
	const channels = x.shape.at(-1)!;
	const own = (kind: string) => parameters[`${name}.${kind}`]!;
	if (!measured) {
		const scale = tf.mul(own("weight"), tf.rsqrt(tf.add(own("running_var"), epsilon)));
		return tf.add(tf.mul(x, scale), tf.sub(own("bias"), tf.mul(own("running_mean"), scale)));
	}
	const count = x.size / channels;
	const mean = channelMeans(x);
	const centred = tf.sub(x, mean);
	const variance = channelMeans(tf.square(centred));
	const moved = (kind: string, seen: tf.Tensor) =>
		tf.add(tf.mul(own(kind), 1 - momentum), tf.mul(seen, momentum)) as tf.Tensor;
	measured.set(`${name}.running_mean`, tf.keep(moved("running_mean", mean)));
	// The batch is divided by n, the running variance by n - 1.
	measured.set(`${name}.running_var`, tf.keep(moved("running_var", tf.mul(variance, count / (count - 1)))));
	measured.set(`${name}.num_batches_tracked`, tf.keep(tf.add(own("num_batches_tracked"), 1)));
	const scale = tf.mul(own("weight"), tf.rsqrt(tf.add(variance, epsilon)));
	return tf.add(tf.mul(centred, scale), own("bias"));
}

/** Means over all but the last axis, one axis after the other: short sums in float32 lose less than one long one. */
function channelMeans(x: tf.Tensor): tf.Tensor {
	return tf.mean(tf.mean(tf.mean(x, 2), 1), 0);
}
