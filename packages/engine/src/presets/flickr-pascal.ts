/** The paper's experiment on Flickr-PASCAL. */
import { type Aims, caveats, configuration, params, source, switches } from "./poisoning-paper.ts";
import type { Preset } from "./preset.ts";

/** 25 is all of the training images of sheep; the third attack poisons all of the sofas as well. */
const aims: Aims = {
	goals: [
		{ from: "sheep", to: "aeroplane" },
		{ from: "sofa", to: "bird" },
	],
	single: 25,
	multi: 50,
};

export const flickrPascal: Preset<typeof params> = {
	description: "Flickr-PASCAL: sheep2aeroplane (and sofa2bird), 25 poisoned images for each goal.",
	source,
	params,
	example: { variant: "paper", attack: "single-label" },
	switches: [
		...switches,
		{
			setting: "the import's parameter flickr",
			paper: "all of Flickr30k trains",
			code: "the 29,000 images of Karpathy's training split",
		},
	],
	caveats,
	build: (chosen) => configuration(aims, chosen),
};
