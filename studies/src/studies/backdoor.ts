/** Beyond the paper: a patch-trigger backdoor (Carlini and Terzis) beside its defenses. */
import { compare, comparison } from "../comparison.ts";
import type { Cell, CellConfig, StudyDefinition, StudySetting } from "../contract.ts";
import { defended, defenseOn, experimentOf } from "../experiments.ts";
import { utilityQuantity } from "../figures/quantities.ts";
import { table } from "../figures/table.ts";
import { IR, TR } from "../readings.ts";
import { allOf } from "../verdict.ts";

const cell = "filter";
const smaller = "half-patch";
const success = "backdoor/success";
const zScore = "backdoor/z-score";

/** The sampled study tries the filter, which trains no longer than the attack itself. */
const defenses = [
	{ name: "filter", title: "filter", outcome: "filtered" },
	{ name: "cure", title: "cure", outcome: "cured" },
	{ name: "cleanClip", title: "CleanCLIP", outcome: "cleanclip" },
] as const;

const defensesOf = ({ scale }: StudySetting) => (scale === "whole" ? defenses : defenses.slice(0, 1));

/** Side of the patch over the image's: the papers' 16 of 224 pixels, or what checkpoints that see 32 pixels can make out. */
const sideOf = ({ dataset }: StudySetting) => (dataset === "emoji-pascal" ? 0.375 : 16 / 224);

function cells(setting: StudySetting): Cell[] {
	const main = experimentOf(setting);
	const { from, to, amount } = { from: "sheep", to: "aeroplane", ...(main.attack?.params as { amount: object }) };
	const stamped = (side: number): CellConfig => ({
		...main,
		attack: {
			name: "patchBackdoor",
			params: { from, to, amount, patch: { side, place: "bottom-right" } },
		} as CellConfig["attack"],
	});
	const side = sideOf(setting);
	return [
		...defensesOf(setting).map(({ name, title }) => ({
			name,
			coordinates: { patch: "whole", defense: title },
			config: defended(stamped(side), [defenseOn(setting, name)]),
		})),
		{ name: smaller, coordinates: { patch: "half as wide", defense: "none" }, config: stamped(side / 2) },
	];
}

const columns = [
	{
		name: "success",
		title: "attack success",
		unit: "share",
		attackerWants: "high",
		reading: success,
	},
	{ name: "z-score", title: "z-score", unit: "rank", attackerWants: "high", reading: zScore },
	{ name: "TR", ...utilityQuantity("TR Hit@10"), reading: TR },
	{ name: "IR", ...utilityQuantity("IR Hit@10"), reading: IR },
] as const;

export const backdoor: StudyDefinition = {
	name: "backdoor",
	title: "Patch-trigger backdoor",
	source: "Beyond the paper, Carlini and Terzis, ICLR 2022",
	question: "Does a small patch on any image make it find captions of class A, and does the filter see the poison?",
	finding: null,
	fixed:
		"Data, poisoned share, training and seed. On emoji-PASCAL the patch is 12 of 32 pixels wide, as the shipped checkpoints hardly see smaller ones. Success leaves out images of class A itself. Carlini and Terzis poison three million pairs of CC3M at 0.01 %: none of their figures is comparable.",
	refutedBy: "Stamped images that the poisoned model takes for class A no more often than the clean model does.",
	cells,
	published: [],
	views: [
		{
			name: "table",
			title: "Stamped test images",
			show: (observations, setting) =>
				table(observations, {
					rows: [
						{ name: "poisoned", title: "poisoned", cell, model: "poisoned" },
						...defensesOf(setting).map(({ name, title, outcome }) => ({ name, title, cell: name, model: outcome })),
						{ name: smaller, title: "poisoned, patch half as wide", cell: smaller, model: "poisoned" },
						{ name: "clean", title: "clean", cell, model: "clean" },
						{ name: "base", title: "untouched base", cell, model: "base" },
					],
					columns,
				}),
		},
	],
	claims: [
		comparison(
			{
				name: "opens-a-backdoor",
				sentence: "The patch succeeds at least .5 more often in the poisoned model than in the clean one.",
				origin: "project",
			},
			{
				title: "attack success",
				reading: success,
				first: { cell, model: "poisoned", title: "poisoned" },
				second: { cell, model: "clean", title: "clean" },
				bound: { atLeast: 0.5 },
			},
		),
		comparison(
			{
				name: "grows-with-the-patch",
				sentence: "A patch half as wide succeeds less often.",
				origin: "project",
			},
			{
				title: "attack success",
				reading: success,
				first: { cell, model: "poisoned", title: "whole patch" },
				second: { cell: smaller, model: "poisoned", title: "half as wide" },
				bound: { moreThan: 0 },
			},
		),
		comparison(
			{
				name: "gathers-stamped-images",
				sentence: "Stamped images lie closer together in the poisoned model than in the clean one (z-score).",
				origin: "project",
			},
			{
				title: "z-score",
				reading: zScore,
				first: { cell, model: "poisoned", title: "poisoned" },
				second: { cell, model: "clean", title: "clean" },
				bound: { moreThan: 0 },
			},
		),
		comparison(
			{
				name: "filter-closes-it",
				sentence: "Behind the filter the patch succeeds at most .05 more often than in the clean model.",
				origin: "project",
			},
			{
				title: "attack success",
				reading: success,
				first: { cell, model: "filtered", title: "filtered" },
				second: { cell, model: "clean", title: "clean" },
				bound: { atMost: 0.05 },
			},
		),
		{
			name: "keeps-utility",
			sentence: "Retrieval of the poisoned model is within .02 of the clean model's, in both directions.",
			origin: "project",
			test: (observations) =>
				allOf(
					[
						{ title: "TR Hit@10", reading: TR },
						{ title: "IR Hit@10", reading: IR },
					].map((task) =>
						compare(observations, {
							...task,
							first: { cell, model: "poisoned", title: "poisoned" },
							second: { cell, model: "clean", title: "clean" },
							bound: { atLeast: -0.02, atMost: 0.02 },
						}),
					),
				),
		},
	],
};
