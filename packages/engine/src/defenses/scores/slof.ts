/** Simplified local outlier factor: an image's k-distance over those of its neighbours. */
import { z } from "zod";
import { findNeighbourhoods, kDistances, neighbours } from "./neighbourhoods.ts";
import type { PairScore } from "./pair-score.ts";

const params = z.strictObject({
	kind: z
		.literal("slof")
		.describe("Simplified local outlier factor: the image's k-distance over its neighbours', in the mean."),
	k: neighbours,
});

export const slof: PairScore<typeof params> = {
	source:
		"Schubert, Zimek and Kriegel, Data Mining and Knowledge Discovery 2014; on CLIP's poison Huang et al., ICLR 2025",
	params,
	isAbsolute: false,
	async *measure(input, { k }) {
		const found = yield* findNeighbourhoods(input, k);
		const reach = kDistances(found);
		return reach.map((own, row) => {
			let sum = 0;
			for (let at = row * k; at < (row + 1) * k; at++) sum += own / reach[found.rows[at]!]!;
			return sum / k;
		});
	},
};
