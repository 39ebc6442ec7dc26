/** The importer of Flickr30k. */
import { z } from "zod";
import { readFlickr } from "./flickr-layout.ts";
import type { Importer } from "./importer.ts";
import { drawSplit, splitOf, splitShares } from "./shares.ts";
import { openSource } from "./source-folder.ts";

const params = z.strictObject({
	validation: z
		.enum(["train", "leave-out"])
		.default("leave-out")
		.describe("What becomes of the 1,014 validation images of Karpathy's split."),
	...splitShares,
});

export const flickr30k: Importer<typeof params> = {
	description:
		"Flickr30k: 31,783 images with five captions each, in Karpathy's split or, without its file, drawn shares.",
	source:
		"Young et al., From image descriptions to visual denotations, TACL 2014; split of Karpathy and Fei-Fei, CVPR 2015",
	params,
	example: { validation: "leave-out" },
	async *read(path, params, { random }) {
		yield* readFlickr(await openSource(path), {
			prefix: "",
			take(name, named) {
				if (named === null) return drawSplit(random, name, params);
				return named === "val" && params.validation === "leave-out" ? null : splitOf(named);
			},
		});
	},
};
