/** Flickr-PASCAL as the paper builds it: Flickr30k and half of PASCAL Sentences train, the other half is the gallery. */
import { z } from "zod";
import { readFlickr } from "./flickr-layout.ts";
import { genomeParams, readGenome } from "./genome-layout.ts";
import type { Importer } from "./importer.ts";
import { readPascal } from "./pascal-layout.ts";
import { openBelow } from "./source-folder.ts";

const params = z.strictObject({
	pascal: z.string().min(1).default("pascal").describe("Folder of PASCAL Sentences below the path."),
	flickr30k: z.string().min(1).default("flickr30k").describe("Folder of Flickr30k below the path."),
	visualGenome: z
		.string()
		.min(1)
		.nullable()
		.default(null)
		.describe("Folder of Visual Genome below the path, for the cure; null: no trusted images."),
	flickr: z
		.enum(["train", "all"])
		.default("train")
		.describe("train: the 29,000 images of Karpathy's training split, as the paper's code. all: as the paper's text."),
	trainPerClass: z.int().min(1).max(1000).default(25).describe("PASCAL training images of each class."),
	...genomeParams,
});

export const flickrPascal: Importer<typeof params> = {
	description:
		"Flickr-PASCAL: Flickr30k without labels and half of PASCAL Sentences for training, the other half for test.",
	source: "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023, section 4.1",
	params,
	example: { pascal: "pascal", flickr30k: "flickr30k", visualGenome: "visual-genome" },
	async *read(path, params, { random }) {
		const { trainPerClass, regionsPerImage, visualGenome } = params;
		yield* readPascal(await openBelow(path, params.pascal), {
			trainPerClass,
			random: random.split("pascal"),
			prefix: "pascal/",
		});
		yield* readFlickr(await openBelow(path, params.flickr30k), {
			prefix: "flickr/",
			take: (_, named) => (params.flickr === "all" || named === null || named === "train" ? "train" : null),
		});
		if (visualGenome === null) return;
		yield* readGenome(await openBelow(path, visualGenome), {
			prefix: "genome/",
			split: "trusted",
			regionsPerImage,
			random: random.split("genome"),
		});
	},
};
