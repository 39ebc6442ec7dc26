/** The importer of Visual Genome alone. */
import { z } from "zod";
import { genomeParams, readGenome } from "./genome-layout.ts";
import { type Importer, splitNames } from "./importer.ts";
import { openSource } from "./source-folder.ts";

const params = z.strictObject({
	...genomeParams,
	split: z
		.enum(splitNames)
		.default("trusted")
		.describe("Split that all images go to; an experiment needs the other two from another set."),
});

export const visualGenome: Importer<typeof params> = {
	description: "Visual Genome: 108,077 images with region descriptions as captions, for cures.",
	source: "Krishna et al., Visual Genome, IJCV 2017",
	params,
	example: { regionsPerImage: 5 },
	async *read(path, params, { random }) {
		yield* readGenome(await openSource(path), { prefix: "", random, ...params });
	},
};
