/** The importer of PASCAL Sentences. */
import { z } from "zod";
import type { Importer } from "./importer.ts";
import { readPascal } from "./pascal-layout.ts";
import { openSource } from "./source-folder.ts";

const params = z.strictObject({
	trainPerClass: z
		.int()
		.min(1)
		.max(1000)
		.default(25)
		.describe("Training images drawn from each class, half of it at most; the others are the test gallery."),
});

export const pascalSentences: Importer<typeof params> = {
	description:
		"PASCAL Sentences: 1,000 images of 20 classes with five sentences each, half for training, half for test.",
	source: "Rashtchian et al., Collecting Image Annotations Using Amazon's Mechanical Turk, 2010",
	params,
	example: { trainPerClass: 25 },
	async *read(path, { trainPerClass }, { random }) {
		yield* readPascal(await openSource(path), { trainPerClass, random, prefix: "" });
	},
};
