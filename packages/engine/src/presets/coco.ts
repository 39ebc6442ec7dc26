/** The paper's experiment on COCO. */
import { type Aims, caveats, configuration, params, source, switches } from "./poisoning-paper.ts";
import type { Preset } from "./preset.ts";

/** 284 images are 0.24 % of 119,387; the third attack's 0.52 % are 621. */
const aims: Aims = {
	goals: [
		{ from: "boat", to: "dog" },
		{ from: "zebra", to: "train" },
	],
	single: 284,
	multi: 621,
};

export const coco: Preset<typeof params> = {
	description: "COCO: boat2dog (and zebra2train), 284 poisoned images, 621 for both goals together.",
	source,
	params,
	example: { variant: "paper", attack: "single-label" },
	switches,
	caveats: [
		...caveats,
		"The paper does not say how the 621 images divide; here they do in proportion to the sizes of the two classes.",
	],
	build: (chosen) => configuration(aims, chosen),
};
