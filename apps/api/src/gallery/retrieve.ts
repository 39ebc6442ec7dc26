/** Ranks the test images for a text. */
import type { Models } from "./models.ts";
import type { RetrieveRequest, RetrieveResult } from "./protocol.ts";

/** The nearest images, and where each class first comes. */
export async function retrieve(
	{ folder, modelHash, images, text, k }: RetrieveRequest,
	models: Models,
): Promise<RetrieveResult> {
	const began = performance.now();
	const { encoder, gallery } = await models.open({ folder, hash: modelHash }, images);
	const work = encoder.embedTexts([text]);
	let step = await work.next();
	while (!step.done) step = await work.next();
	const { values: query } = step.value;
	const { count, width, values } = gallery;
	const similarities = Float32Array.from({ length: count }, (_, item) => {
		let dot = 0;
		for (let at = 0; at < width; at++) dot += query[at]! * values[item * width + at]!;
		return dot;
	});
	// The lower place of equals comes first, as in evaluations.
	const order = [...similarities.keys()].sort((a, b) => similarities[b]! - similarities[a]! || a - b);
	const best = new Map<string, number>();
	for (const [rank, position] of order.entries()) {
		const name = images.classes[position];
		if (name != null && !best.has(name)) best.set(name, rank);
	}
	return {
		items: order.slice(0, k).map((position) => ({ position, similarity: similarities[position] as number })),
		targetRanks: [...best].map(([name, bestRank]) => ({ class: name, bestRank })),
		milliseconds: performance.now() - began,
	};
}
