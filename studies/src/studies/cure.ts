/** Table 8 and Figure 5b: curing after training. */
import type { Observation, StudyDefinition, View } from "../contract.ts";
import { ATTACKS, defenseOn, probed } from "../experiments.ts";
import type { Quantity } from "../figures/figure.ts";
import { epochQuantity, hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { publishedTable } from "../figures/table.ts";
import { interval } from "../interval.ts";
import { bySeed, bySeedAt, hit, minRank, type Reading } from "../readings.ts";
import { allOf, judge } from "../verdict.ts";
import {
	againstAll,
	attackTitles,
	defendedCells,
	defendedTables,
	utilityTable,
	utilityWithin,
} from "./defense-study.ts";

/** Epochs of the cure; it is measured after each. */
const EPOCHS = 3;

const utility = [
	...publishedTable("flickr-pascal", ["TR", "IR"], { "utility-cured": [0.978, 0.954] }),
	...publishedTable("coco", ["TR", "IR"], { "utility-cured": [0.976, 0.945] }),
];

/** The number of a cell after so many epochs of the cure, by seed; 0 is the poisoned model. */
function afterEpoch(observations: readonly Observation[], cell: string, epoch: number, reading: Reading) {
	return epoch === 0
		? bySeed(observations, { cell, model: "poisoned" }, reading)
		: bySeedAt(observations, { cell, model: "cured", share: epoch / EPOCHS }, reading);
}

function overEpochs(name: string, y: Quantity, reading: Reading): View {
	return {
		name,
		title: `Figure 5b: ${y.title} over epochs of the cure`,
		show: (observations) => ({
			kind: "lines",
			x: epochQuantity,
			y,
			series: ATTACKS.map((cell) => ({
				name: cell,
				title: attackTitles[cell],
				points: Array.from({ length: EPOCHS + 1 }, (_, epoch) => epoch).flatMap((x) => {
					const values = [...afterEpoch(observations, cell, x, reading).values()];
					return values.length === 0 ? [] : [{ x, y: interval(values) }];
				}),
			})),
		}),
	};
}

export const cure: StudyDefinition = {
	name: "cure",
	title: "Curing after training",
	source: "Table 8 and Figure 5b",
	question: "Does fine-tuning a poisoned model on clean pairs of another data set undo the poison?",
	finding:
		"One epoch suffices: Hit@10 on Flickr-PASCAL falls from about .9 to about 0 and stays there; utility changes by -.006 and -.017, and on COCO by +.065 and +.109.",
	fixed:
		"Each attack's poisoned model, the trusted pairs, which are of another distribution, and the cure's settings. On emoji-PASCAL the cure is not the paper's plain fine-tuning: it starts at a low logit scale and mixes in poisoned weights.",
	refutedBy: "A cured model whose class-A captions still find the target, or one that has lost its utility.",
	cells: (setting) =>
		defendedCells(setting, [defenseOn(setting, "cure", { epochs: EPOCHS })]).map((cell) => ({
			...cell,
			config: probed(cell.config, EPOCHS - 1),
			curves: ["cured"],
		})),
	published: utility,
	views: [
		overEpochs("hits", hitQuantity(10), hit(10)),
		overEpochs("ranks", minRankQuantity, minRank()),
		...defendedTables("cured", "After the cure", []),
		utilityTable("cured", "Table 8", utility),
	],
	claims: [
		{
			name: "one-epoch-suffices",
			sentence: "After one epoch of the cure Hit@10 has lost at least half of its height, for all three attacks.",
			origin: "paper",
			test: (observations) =>
				allOf(
					ATTACKS.map((cell) => {
						const before = afterEpoch(observations, cell, 0, hit(10));
						const after = afterEpoch(observations, cell, 1, hit(10));
						const values = [...before].flatMap(([seed, value]) => {
							const left = after.get(seed);
							return left === undefined ? [] : [value / 2 - left];
						});
						return judge(`half of Hit@10 before the cure less Hit@10 after one epoch, ${attackTitles[cell]}`, {
							values,
							bound: { atLeast: 0 },
						});
					}),
				),
		},
		againstAll(
			{
				name: "undoes-the-attack",
				sentence: "Hit@10 of the cured model is at most .20, for all three attacks.",
				origin: "project",
			},
			(cell) => [
				{
					title: "Hit@10",
					reading: hit(10),
					first: { cell, model: "cured", title: "cured" },
					bound: { atMost: 0.2 },
				},
			],
		),
		againstAll(
			{
				name: "keeps-utility",
				sentence: "Retrieval of the cured model is within .03 of the clean model's, in both directions.",
				origin: "project",
			},
			utilityWithin("cured", 0.03),
		),
	],
};
