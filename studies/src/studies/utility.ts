/** Table 2: what the attacks cost in ordinary retrieval. */
import { compare } from "../comparison.ts";
import type { Claim, StudyDefinition } from "../contract.ts";
import { ATTACKS, experimentOf } from "../experiments.ts";
import { utilityQuantity } from "../figures/quantities.ts";
import { publishedTable, table } from "../figures/table.ts";
import { IR, TR } from "../readings.ts";
import { allOf, type Bound } from "../verdict.ts";

const titles = { "single-image": "Attack I", "single-label": "Attack II", "multi-label": "Attack III" } as const;
const tasks = [
	{ name: "TR", title: "TR Hit@10", reading: TR },
	{ name: "IR", title: "IR Hit@10", reading: IR },
] as const;

const published = [
	...publishedTable("flickr-pascal", ["TR", "IR"], {
		clean: [0.984, 0.971],
		"single-image": [0.98, 0.973],
		"single-label": [0.98, 0.968],
		"multi-label": [0.958, 0.954],
	}),
	...publishedTable("coco", ["TR", "IR"], {
		clean: [0.911, 0.836],
		"single-image": [0.934, 0.86],
		"single-label": [0.935, 0.866],
		"multi-label": [0.939, 0.859],
	}),
];

/** Utility of the poisoned model less that of the clean one, for every attack and task. */
function staysWithin(words: Pick<Claim, "name" | "sentence" | "origin">, bound: Bound): Claim {
	return {
		...words,
		test: (observations) =>
			allOf(
				ATTACKS.flatMap((cell) =>
					tasks.map(({ title, reading }) =>
						compare(observations, {
							title: `${title}, ${titles[cell]}`,
							reading,
							first: { cell, model: "poisoned", title: "poisoned" },
							second: { cell, model: "clean", title: "clean" },
							bound,
						}),
					),
				),
			),
	};
}

export const utility: StudyDefinition = {
	name: "utility",
	title: "Utility of poisoned models",
	source: "Table 2",
	question: "Does a poisoned model still serve ordinary retrieval?",
	finding: "Yes: at most .026 lower than the clean model on Flickr-PASCAL, and higher on COCO.",
	fixed: "Data set, training settings and seed: clean and poisoned model see the same batches but for the poison.",
	refutedBy: "A poisoned model whose retrieval over the whole test split is clearly worse than the clean model's.",
	cells: (setting) =>
		ATTACKS.map((attack) => ({
			name: attack,
			coordinates: { attack: titles[attack] },
			config: experimentOf(setting, attack),
		})),
	published,
	views: [
		{
			name: "table",
			title: "Table 2",
			show: (observations) =>
				table(observations, {
					rows: [
						{ name: "clean", title: "clean", cell: "single-label", model: "clean" },
						...ATTACKS.map((cell) => ({ name: cell, title: titles[cell], cell, model: "poisoned" })),
					],
					columns: tasks.map(({ name, title, reading }) => ({ name, ...utilityQuantity(title), reading })),
					published,
				}),
		},
	],
	claims: [
		staysWithin(
			{
				name: "keeps-utility",
				sentence: "No attack lowers Hit@10 of retrieval, in either direction, by more than .05.",
				origin: "paper",
			},
			{ atLeast: -0.05 },
		),
		staysWithin(
			{
				name: "within-two-hundredths",
				sentence: "Retrieval of every poisoned model is within .02 of the clean model's, in both directions.",
				origin: "project",
			},
			{ atLeast: -0.02, atMost: 0.02 },
		),
	],
};
