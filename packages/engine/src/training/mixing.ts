/** Weights on the straight line between two models of one architecture. */
import type { ClipModel } from "../model/clip.ts";

type Parameters = ClipModel["parameters"];

/**
 * `from` plus `share` of the way to `to`, number by number: the weight-space ensemble of Wortsman et al. (Robust
 * fine-tuning of zero-shot models, CVPR 2022). With a share of 1 these are the weights of `to` themselves.
 */
export function mixWeights(from: Parameters, to: Parameters, share: number): Parameters {
	if (share === 1) return to;
	const mixed = Object.entries(to).map(([name, { shape, data }]) => {
		const start = from[name]!.data;
		return [name, { shape, data: data.map((value, at) => start[at]! + share * (value - start[at]!)) }];
	});
	return Object.fromEntries(mixed);
}
