/** Beyond the paper: an attacker who chooses classes and samples by nearness, as MP-Nav does. */
import type { Observation, StudyDefinition, StudySetting } from "../contract.ts";
import { attacked, experimentOf } from "../experiments.ts";
import { table } from "../figures/table.ts";
import { bySeed, differences, hit } from "../readings.ts";
import { judge } from "../verdict.ts";
import { attackColumns } from "./attack-study.ts";

/** Poisoned images: so few that chance alone leaves room above. */
const count = ({ dataset }: StudySetting) => (dataset === "coco" ? 57 : 5);

const choices = [
	{ name: "random", title: "the paper's pair, random samples" },
	{ name: "concepts", title: "nearest pair, nearest samples" },
	{ name: "instances", title: "the paper's pair, nearest samples" },
] as const;

const choicesOf = ({ scale }: StudySetting) => (scale === "whole" ? choices : choices.slice(0, 2));

/** How far a choice lifts its own goal above the clean model, by seed. */
function gaps(observations: readonly Observation[], cell: string): ReadonlyMap<number, number> {
	const [poisoned, clean] = ["poisoned", "clean"].map((model) => bySeed(observations, { cell, model }, hit(10)));
	return new Map(
		[...poisoned!].flatMap(([seed, value]) => {
			const line = clean!.get(seed);
			return line === undefined ? [] : [[seed, value - line] as const];
		}),
	);
}

export const targetSelection: StudyDefinition = {
	name: "target-selection",
	title: "Target selection",
	source: "Beyond the paper, MP-Nav",
	question: "Does an attacker gain by choosing the nearest classes and samples?",
	finding: null,
	fixed:
		"Number of poisoned images, data, training and seed. MP-Nav reports .677 Hit@10 on Flickr-PASCAL by another protocol: we compare with none of its figures.",
	refutedBy: "A navigated attack that rises no farther above its clean line than a random one does.",
	cells: (setting) => {
		const random = attacked(experimentOf(setting), { amount: { kind: "count", count: count(setting) } });
		const { from, to, ...rest } = { from: "sheep", to: "aeroplane", ...(random.attack?.params as object) };
		const params = {
			random: null,
			concepts: { ...rest, from: null, to: null },
			instances: { ...rest, from, to },
		};
		return choicesOf(setting).map(({ name, title }) => ({
			name,
			coordinates: { choice: title },
			config:
				name === "random"
					? random
					: { ...random, attack: { name: "navigated", params: params[name] } as typeof random.attack },
		}));
	},
	published: [],
	views: [
		{
			name: "table",
			title: "By choice of target and samples",
			show: (observations, setting) =>
				table(observations, {
					rows: choicesOf(setting).flatMap(({ name, title }) =>
						["poisoned", "clean"].map((model) => ({
							name: `${name}-${model}`,
							title: `${title}: ${model}`,
							cell: name,
							model,
						})),
					),
					columns: attackColumns,
				}),
		},
	],
	claims: [
		{
			name: "navigation-pays",
			sentence: "With the nearest pair and samples the attack rises farther above its own clean line in Hit@10.",
			origin: "project",
			test: (observations) =>
				judge("gap in Hit@10 to the clean model, navigated less random", {
					values: differences(gaps(observations, "concepts"), gaps(observations, "random")),
					bound: { moreThan: 0 },
				}),
		},
	],
};
