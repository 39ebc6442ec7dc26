/** Beyond the paper: later defenses beside the paper's two. */
import { compare } from "../comparison.ts";
import type { Claim, StudyDefinition } from "../contract.ts";
import { defended, defenseOn, experimentOf } from "../experiments.ts";
import { utilityQuantity } from "../figures/quantities.ts";
import { table } from "../figures/table.ts";
import { hit, IR, TR } from "../readings.ts";
import { allOf } from "../verdict.ts";
import { attackColumns } from "./attack-study.ts";

const defenses = [
	{ name: "filter", title: "filter", outcome: "filtered" },
	{ name: "cure", title: "cure", outcome: "cured" },
	{ name: "cleanClip", title: "CleanCLIP", outcome: "cleanclip" },
	{ name: "roClip", title: "RoCLIP", outcome: "roclip" },
	{ name: "safeClip", title: "SafeCLIP's split", outcome: "safeclip" },
] as const;
const later = defenses.slice(2);

/** Where few points are run: fewer epochs than by default, since a step on two views of every pair costs more than two. */
const sampledParams: { readonly [defense: string]: object } = {
	cleanClip: { epochs: 1 },
	roClip: { epochs: 2 },
	safeClip: { epochs: 1 },
};

const columns = [
	...attackColumns,
	{ name: "TR", ...utilityQuantity("TR Hit@10"), reading: TR },
	{ name: "IR", ...utilityQuantity("IR Hit@10"), reading: IR },
];

const claimsOf = ({ name, title, outcome }: (typeof defenses)[number]): Claim[] => [
	{
		name: `${outcome}-lowers-the-attack`,
		sentence: `${title} brings Hit@10 of Attack II to at most .20.`,
		origin: "project",
		test: (observations) =>
			compare(observations, {
				title: "Hit@10",
				reading: hit(10),
				first: { cell: name, model: outcome, title },
				bound: { atMost: 0.2 },
			}),
	},
	{
		name: `${outcome}-keeps-utility`,
		sentence: `Retrieval behind ${title} is at most .05 below the clean model's, in both directions.`,
		origin: "project",
		test: (observations) =>
			allOf(
				[
					{ title: "TR Hit@10", reading: TR },
					{ title: "IR Hit@10", reading: IR },
				].map((task) =>
					compare(observations, {
						...task,
						first: { cell: name, model: outcome, title },
						second: { cell: name, model: "clean", title: "clean" },
						bound: { atLeast: -0.05 },
					}),
				),
			),
	},
];

export const otherDefenses: StudyDefinition = {
	name: "other-defenses",
	title: "Later defenses",
	source: "Beyond the paper, Tables 7 and 8",
	question: "Do defenses that were made for other poison stop Attack II, and at what cost?",
	finding: null,
	fixed:
		"Attack II's poisoned pairs and victim. Each defense has its own defaults, tuned for the shipped checkpoints, but where few points are run CleanCLIP makes one epoch, RoCLIP two as ordinary training does, and SafeCLIP's split one after its two first passes. Authors' figures belong to other attacks, data and models, and are compared with none of ours.",
	refutedBy: "A defense behind which class-A captions still find the target.",
	cells: (setting) =>
		defenses.map(({ name, title }) => ({
			name,
			coordinates: { defense: title },
			config: defended(experimentOf(setting), [
				defenseOn(setting, name, setting.scale === "sampled" ? sampledParams[name] : {}),
			]),
		})),
	published: [],
	views: [
		{
			name: "table",
			title: "Attack II behind each defense",
			show: (observations) =>
				table(observations, {
					rows: [
						{ name: "poisoned", title: "no defense", cell: "filter", model: "poisoned" },
						{ name: "clean", title: "clean fine-tuned model", cell: "filter", model: "clean" },
						...defenses.map(({ name, title, outcome }) => ({ name, title, cell: name, model: outcome })),
					],
					columns,
				}),
		},
	],
	claims: later.flatMap(claimsOf),
};
