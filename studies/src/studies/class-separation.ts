/** Figure 1a: how far the classes stand apart in each modality. */
import { comparison } from "../comparison.ts";
import type { StudyDefinition } from "../contract.ts";
import { experimentOf } from "../experiments.ts";
import { overSeeds } from "../readings.ts";

const cell = "single-label";
const models = [
	{ name: "base", title: "base" },
	{ name: "clean", title: "clean" },
	{ name: "poisoned", title: "poisoned" },
];
const images = "silhouette/images";
const texts = "silhouette/texts";

const claimOf = (model: string, title: string) =>
	comparison(
		{
			name: `images-apart-in-${model}`,
			sentence: `Classes stand farther apart among images than among captions in the ${title}.`,
			origin: "paper",
		},
		{
			title: "silhouette",
			reading: images,
			first: { cell, model, title: "images" },
			second: { cell, model, title: "captions", reading: texts },
			bound: { moreThan: 0 },
		},
	);

export const classSeparation: StudyDefinition = {
	name: "class-separation",
	title: "Class separation",
	source: "Figure 1a",
	question: "Are the classes better told apart by their images or by their captions?",
	finding: "By their images: clusters of image embeddings stand apart, those of captions overlap.",
	fixed: "The labelled test items. The paper shows a picture; we give the mean silhouette under cosine distance.",
	refutedBy: "Classes with a higher silhouette among captions than among images.",
	cells: (setting) => [{ name: cell, coordinates: { attack: "Attack II" }, config: experimentOf(setting) }],
	published: [],
	views: [
		{
			name: "bars",
			title: "Figure 1a as a number: silhouette of the classes",
			show: (observations) => ({
				kind: "bars",
				y: { title: "mean silhouette", unit: "number", attackerWants: null },
				groups: models.map(({ title }) => title),
				series: [
					{ name: "images", title: "images", reading: images },
					{ name: "texts", title: "captions", reading: texts },
				].map(({ name, title, reading }) => ({
					name,
					title,
					values: models.map((model) => ({
						measured: overSeeds(observations, { cell, model: model.name }, reading),
						published: {},
					})),
				})),
			}),
		},
	],
	claims: [claimOf("base", "pre-trained base"), claimOf("clean", "clean fine-tuned model")],
};
