/** k-distance: how far away an image's k-th neighbour is. Poison stands in thinly settled places of CLIP's space. */
import { z } from "zod";
import { findNeighbourhoods, kDistances, neighbours } from "./neighbourhoods.ts";
import type { PairScore } from "./pair-score.ts";

const params = z.strictObject({
	kind: z.literal("k-distance").describe("Distance from the image to its k-th nearest other image."),
	k: neighbours,
});

export const kDistance: PairScore<typeof params> = {
	source: "Ramaswamy et al., SIGMOD 2000; on CLIP's poison Huang et al., ICLR 2025",
	params,
	isAbsolute: false,
	async *measure(input, { k }) {
		return kDistances(yield* findNeighbourhoods(input, k));
	},
};
