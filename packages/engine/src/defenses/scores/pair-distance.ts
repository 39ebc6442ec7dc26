/** The paper's score: how far an image and its captions lie apart. */
import { z } from "zod";
import { pairDistances } from "../distances.ts";
import type { PairScore } from "./pair-score.ts";

const params = z.strictObject({
	kind: z.literal("pair-distance").describe("Cosine distance of the image and its captions, from 0 to 2: the paper's."),
});

export const pairDistance: PairScore<typeof params> = {
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023, pre-training defense",
	params,
	isAbsolute: true,
	measure: ({ encoder, samples, stage }) => pairDistances(encoder, samples, stage),
};
