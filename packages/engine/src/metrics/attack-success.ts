/** Attack success rate of a backdoor: how often a stamped image takes a caption of the attacker's class for its own. */

import type { Metric } from "../metric-types.ts";
import { nearestRows } from "../similarity/nearest.ts";
import type { EmbeddedSplit, Embeddings } from "../types.ts";
import { mean } from "./query-sets.ts";

/**
 * Share of the stamped images whose first caption is of class `label`. Images that are of that class already are left
 * out, of the count and of the whole; null when no image is left.
 */
export function attackSuccessRate(
	{ texts, captionOf, labels }: EmbeddedSplit,
	stamped: Embeddings,
	label: string,
): number | null {
	const search = nearestRows(stamped, texts, 1);
	let step = search.next();
	while (!step.done) step = search.next();
	const { nearest, depth } = step.value;
	const others = [...labels.keys()].filter((row) => labels[row] !== label);
	if (others.length === 0 || depth === 0) return null;
	return mean(others.map((row) => Number(labels[captionOf[nearest[row]!]!] === label)));
}

/** `backdoor/success`, averaged over goals, where an attack stamps a patch. */
export const attackSuccess: Metric = {
	description: "Share of stamped test images, those of class A left out, whose first retrieved caption is of class A.",
	source: "Carlini and Terzis, ICLR 2022, with captions in place of class prompts",
	unit: "share",
	measure: ({ embedded, goals }) => {
		const { stamped } = embedded;
		if (stamped === undefined) return {};
		const labels = [...new Set(goals.map(({ goal }) => goal.from))];
		const rates = labels.map((label) => attackSuccessRate(embedded, stamped, label)).filter((rate) => rate !== null);
		return rates.length === 0 ? {} : { "backdoor/success": mean(rates) };
	},
};
