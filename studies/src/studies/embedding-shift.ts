/** Figure 1b: which embeddings the poison moves. */
import { comparison } from "../comparison.ts";
import type { StudyDefinition } from "../contract.ts";
import { experimentOf } from "../experiments.ts";
import { overSeeds } from "../readings.ts";

const cell = "single-label";
const kinds = [
	{ name: "images", title: "images" },
	{ name: "texts", title: "captions" },
];
const side = (title: string, reading: string) => ({ cell, model: "poisoned", title, reading });

export const embeddingShift: StudyDefinition = {
	name: "embedding-shift",
	title: "Embedding shift",
	source: "Figure 1b",
	question: "Does poison move the embeddings of images or those of captions?",
	finding: "Those of images move more, on both data sets; the bars' values are not known to us.",
	fixed: "The test items, and clean and poisoned model of one seed, which share base, batches and settings.",
	refutedBy: "Captions that lie farther from their places under the clean model than images do.",
	cells: (setting) => [{ name: cell, coordinates: { attack: "Attack II" }, config: experimentOf(setting) }],
	published: [],
	views: [
		{
			name: "bars",
			title: "Figure 1b: cosine distance between clean and poisoned model",
			show: (observations) => ({
				kind: "bars",
				y: { title: "mean cosine distance", unit: "distance", attackerWants: null },
				groups: kinds.map(({ title }) => title),
				series: [
					{ name: "clean-shift", title: "clean to poisoned", model: "poisoned" },
					{ name: "shift", title: "base to poisoned", model: "poisoned" },
					{ name: "shift-of-clean", title: "base to clean", model: "clean" },
				].map(({ name, title, model }) => ({
					name,
					title,
					values: kinds.map((kind) => {
						const reading = `${name === "clean-shift" ? name : "shift"}/${kind.name}`;
						return { measured: overSeeds(observations, { cell, model }, reading), published: {} };
					}),
				})),
			}),
		},
	],
	claims: [
		comparison(
			{
				name: "images-move-more",
				sentence: "Between clean and poisoned model the embeddings of images move more than those of captions.",
				origin: "paper",
			},
			{
				title: "cosine distance",
				reading: "clean-shift/images",
				first: side("images", "clean-shift/images"),
				second: side("captions", "clean-shift/texts"),
				bound: { moreThan: 0 },
			},
		),
	],
};
