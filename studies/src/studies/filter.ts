/** Table 7 and Figure 5a: filtering before training. */
import type { StudyDefinition } from "../contract.ts";
import { scoreHistogram } from "../figures/score-histogram.ts";
import { publishedTable } from "../figures/table.ts";
import { hit } from "../readings.ts";
import { againstAll, defendedCells, defendedTables, utilityTable, utilityWithin } from "./defense-study.ts";

const columns = ["hit@1", "hit@5", "hit@10", "min-rank"];
const table7 = publishedTable("flickr-pascal", columns, {
	attack: [0.28, 0.864, 0.936, 2.192],
	filtered: [0, 0.008, 0.016, 49.576],
	baseline: [0.024, 0.088, 0.2, 51.048],
});
const utility = publishedTable("flickr-pascal", ["TR", "IR"], {
	"utility-clean": [0.984, 0.971],
	"utility-filtered": [0.978, 0.97],
});

export const filter: StudyDefinition = {
	name: "filter",
	title: "Filtering before training",
	source: "Table 7 and Figure 5a",
	question: "Does dropping pairs that disagree under another model stop the attacks, and what does it cost?",
	finding:
		"Yes for Attack II on Flickr-PASCAL: Hit@10 falls from .936 to .016 with utility kept; clean pairs lie around a distance of .75, poisoned ones around .85.",
	fixed:
		"Each attack's poisoned pairs, the reference model, the threshold's rule and the training on what is left. The paper shows Attack II alone.",
	refutedBy: "A filtered model whose class-A captions still find the target more often than the clean model's do.",
	cells: (setting) => defendedCells(setting, [{ name: "filter" }]),
	published: [...table7, ...utility],
	views: [
		...defendedTables("filtered", "Table 7", table7),
		utilityTable("filtered", "Utility after filtering", utility),
		...(["single-image", "single-label", "multi-label"] as const).map((cell) => ({
			name: `scores-${cell}`,
			title: `Figure 5a: distances of clean and poisoned pairs, ${cell.replace("-", " ")}`,
			show: (observations: Parameters<typeof scoreHistogram>[0]) =>
				scoreHistogram(
					observations,
					{ cell, model: "filtered" },
					{ title: "cosine distance of image and captions", unit: "distance", attackerWants: null },
				),
		})),
	],
	claims: [
		againstAll(
			{
				name: "stops-the-attack",
				sentence: "Filtering lowers Hit@10 of every attack.",
				origin: "paper",
			},
			(cell) => [
				{
					title: "Hit@10",
					reading: hit(10),
					first: { cell, model: "poisoned", title: "poisoned" },
					second: { cell, model: "filtered", title: "filtered" },
					bound: { moreThan: 0 },
				},
			],
		),
		againstAll(
			{
				name: "meets-the-clean-line",
				sentence: "Hit@10 of the filtered model is within .05 of the clean model's, for all three attacks.",
				origin: "project",
			},
			(cell) => [
				{
					title: "Hit@10",
					reading: hit(10),
					first: { cell, model: "filtered", title: "filtered" },
					second: { cell, model: "clean", title: "clean" },
					bound: { atLeast: -0.05, atMost: 0.05 },
				},
			],
		),
		againstAll(
			{
				name: "tells-poison-from-clean",
				sentence:
					"The filter's scores tell poisoned from clean pairs with an AUROC of at least .97, for all three attacks.",
				origin: "project",
			},
			(cell) => [
				{
					title: "AUROC",
					reading: ({ filter }) => filter?.auroc,
					first: { cell, model: "filtered", title: "filter" },
					bound: { atLeast: 0.97 },
				},
			],
		),
		againstAll(
			{
				name: "keeps-utility",
				sentence: "Retrieval of the filtered model is within .02 of the clean model's, in both directions.",
				origin: "paper",
			},
			utilityWithin("filtered", 0.02),
		),
	],
};
