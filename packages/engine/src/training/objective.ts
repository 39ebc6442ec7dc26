/** What a step minimises: the CLIP loss, and contrast within each modality between two views of every item. */
import * as tf from "@tensorflow/tfjs";
import { MithridateError } from "../errors.ts";
import { contrastiveLoss } from "../model/loss.ts";
import type { Objective } from "../types.ts";

/** The paper's. */
export const clipObjective: Objective = { crossModal: 1, inModal: 0 };

/** Unit-length embeddings [batch, projection] of a batch of pairs. */
export interface EmbeddedPairs {
	readonly images: tf.Tensor2D;
	readonly texts: tf.Tensor2D;
}

/** Whether batches must carry second views. */
export function needsViews({ inModal }: Objective): boolean {
	return inModal > 0;
}

/** Throws `invalid-config` unless the weights are non-negative and not all zero. */
export function checkObjective(objective: Objective): void {
	const weights = Object.entries(objective);
	const bad = weights.find(([, weight]) => !Number.isFinite(weight) || weight < 0);
	if (bad === undefined && weights.some(([, weight]) => weight > 0)) return;
	const [name, weight] = bad ?? ["crossModal and inModal", 0];
	throw new MithridateError(
		"invalid-config",
		`The weight ${name} of the objective is ${weight}; give numbers from 0 up, one of them above 0.`,
		{ subject: "objective" },
	);
}

/**
 * crossModal x CLIP loss + inModal x (image contrast + text contrast) / 2 in nats, a scalar. The temperature is shared,
 * as in CleanCLIP's code.
 */
export function objectiveLoss(
	{ crossModal, inModal }: Objective,
	{ pairs, views }: { pairs: EmbeddedPairs; views?: EmbeddedPairs | undefined },
	logitScale: tf.Tensor,
): tf.Scalar {
	const terms: tf.Tensor[] = [];
	if (crossModal > 0) terms.push(weighted(contrastiveLoss(pairs.images, pairs.texts, logitScale), crossModal));
	if (inModal > 0) {
		if (views === undefined) throw new RangeError("an in-modal objective without second views");
		const images = contrastiveLoss(pairs.images, views.images, logitScale);
		const texts = contrastiveLoss(pairs.texts, views.texts, logitScale);
		terms.push(weighted(tf.add(images, texts), inModal / 2));
	}
	return terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar;
}

/** A weight of 1 costs no operation, so that plain training compiles to what it always was. */
function weighted(loss: tf.Tensor, weight: number): tf.Tensor {
	return weight === 1 ? loss : tf.mul(loss, weight);
}
