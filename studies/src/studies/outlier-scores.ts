/** Beyond the paper: local outlier scores in place of the pair distance. */
import { compare } from "../comparison.ts";
import type { Cell, StudyDefinition, StudySetting } from "../contract.ts";
import { ATTACKS, defended, experimentOf, trained } from "../experiments.ts";
import { overSeeds, type Reading } from "../readings.ts";
import { allOf } from "../verdict.ts";
import { attackTitles } from "./defense-study.ts";

const scores = [
	{ kind: "pair-distance", title: "pair distance" },
	{ kind: "k-distance", title: "k-distance" },
	{ kind: "slof", title: "SLOF" },
	{ kind: "dao", title: "DAO" },
] as const;

const auroc: Reading = ({ filter }) => filter?.auroc;

const attacksOf = ({ scale }: StudySetting) =>
	scale === "whole" ? ATTACKS : ATTACKS.filter((attack) => attack === "single-label");

const nameOf = (attack: string, kind: string) => `${attack}-${kind}`;

function cells(setting: StudySetting): Cell[] {
	return attacksOf(setting).flatMap((attack) =>
		scores.map(({ kind, title }) => ({
			name: nameOf(attack, kind),
			coordinates: { attack: attackTitles[attack], score: title },
			// The scores look at the reference model alone: nothing has to be trained for them.
			config: defended(trained(experimentOf(setting, attack), { epochs: 0 }), [
				{ name: "filter", params: { score: { kind } } },
			]),
		})),
	);
}

export const outlierScores: StudyDefinition = {
	name: "outlier-scores",
	title: "Local outlier scores",
	source: "Beyond the paper, Huang et al., ICLR 2025",
	question: "Do the neighbourhoods of images betray this poison, as they betray a backdoor's?",
	finding: null,
	fixed:
		"The poisoned pairs and the reference model. Nothing is trained. Huang et al. score backdoors on CC3M: none of their figures is comparable.",
	refutedBy: "Outlier scores that tell poisoned from clean pairs as well as the pair distance does.",
	cells,
	published: [],
	views: [
		{
			name: "auroc",
			title: "AUROC of each score",
			show: (observations, setting) => ({
				kind: "bars",
				y: { title: "AUROC", unit: "share", attackerWants: "low" },
				groups: scores.map(({ title }) => title),
				series: attacksOf(setting).map((attack) => ({
					name: attack,
					title: attackTitles[attack],
					values: scores.map(({ kind }) => ({
						measured: overSeeds(observations, { cell: nameOf(attack, kind), model: "filtered" }, auroc),
						published: {},
					})),
				})),
			}),
		},
	],
	claims: scores.slice(1).map(({ kind, title }) => ({
		name: `pair-distance-beats-${kind}`,
		sentence: `The pair distance tells Attack II's poison better from clean pairs than ${title} does.`,
		origin: "project",
		test: (observations) =>
			allOf([
				compare(observations, {
					title: "AUROC",
					reading: auroc,
					first: { cell: nameOf("single-label", "pair-distance"), model: "filtered", title: "pair distance" },
					second: { cell: nameOf("single-label", kind), model: "filtered", title },
					bound: { moreThan: 0 },
				}),
			]),
	})),
};
