/** The symmetric contrastive loss (CLIP, Radford et al. 2021, figure 3; the paper's section 2.1). */
import * as tf from "@tensorflow/tfjs";
import { symmetricCrossEntropy } from "../runtime/ops.ts";

/**
 * Mean of image-to-text and text-to-image cross-entropy in nats, a scalar. Row i of `images` and row i of `texts`
 * ([batch, projection], unit length) belong together; every other text of the batch is a negative.
 */
export function contrastiveLoss(images: tf.Tensor2D, texts: tf.Tensor2D, logitScale: tf.Tensor): tf.Scalar {
	const logits = tf.mul(tf.matMul(images, texts, false, true), tf.exp(logitScale));
	return symmetricCrossEntropy(logits as tf.Tensor2D) as tf.Scalar;
}
