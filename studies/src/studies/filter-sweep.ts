/** Beyond the paper: the filter over thresholds, against an attacker who knows it. */
import { compare, comparison } from "../comparison.ts";
import type { Cell, FilterObservation, Observation, StudyDefinition, StudySetting } from "../contract.ts";
import { defended, experimentOf } from "../experiments.ts";
import { countQuantity } from "../figures/quantities.ts";
import { scoreHistogram } from "../figures/score-histogram.ts";
import { table } from "../figures/table.ts";
import { interval } from "../interval.ts";
import { hit } from "../readings.ts";
import { allOf } from "../verdict.ts";
import { attackColumns } from "./attack-study.ts";

const attackers = [
	{ name: "plain", title: "Attack II" },
	{ name: "adaptive", title: "matched poison" },
] as const;

/** How the cut is found; the sampled study trains behind one and reads the others off the scores. */
const cuts = [
	{ name: "mixture", title: "mixture's valley", threshold: { kind: "mixture" } },
	{ name: "quantile-0.9", title: "a tenth of trusted pairs lost", threshold: { kind: "quantile", share: 0.9 } },
	{ name: "quantile-0.8", title: "a fifth of trusted pairs lost", threshold: { kind: "quantile", share: 0.8 } },
] as const;

/** Shares of the clean pairs that a cut may lose. */
const losses = [0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];

const cutsOf = ({ scale }: StudySetting) => (scale === "whole" ? cuts : cuts.slice(0, 1));

function cells(setting: StudySetting): Cell[] {
	const plain = experimentOf(setting);
	return attackers.flatMap((attacker) =>
		cutsOf(setting).map((cut) => ({
			name: `${attacker.name}-${cut.name}`,
			coordinates: { attacker: attacker.title, cut: cut.title },
			config: defended(
				attacker.name === "plain"
					? plain
					: { ...plain, attack: { name: "adaptiveLabel", params: plain.attack?.params } as typeof plain.attack },
				[{ name: "filter", params: cut.name === "mixture" ? {} : { threshold: cut.threshold } }],
			),
		})),
	);
}

/** Poison left by the strictest cut that loses no more than a share of the clean pairs, read off the histogram's bins. */
function poisonLeft({ histogram }: FilterObservation, loss: number): number {
	const [clean, poisoned] = [histogram.clean, histogram.poisoned].map((counts) =>
		counts.reduce((sum, n) => sum + n, 0),
	);
	let [lost, found] = [0, 0];
	for (let bin = histogram.clean.length - 1; bin >= 0; bin--) {
		lost += histogram.clean[bin] as number;
		if (lost > loss * (clean as number)) break;
		found += histogram.poisoned[bin] as number;
	}
	return (poisoned as number) - found;
}

function filtersOf(observations: readonly Observation[], cell: string): FilterObservation[] {
	return observations.flatMap((one) => (one.cell === cell && one.step === null && one.filter ? [one.filter] : []));
}

const filtered = (attacker: string) => ({ cell: `${attacker}-mixture`, model: "filtered" });

export const filterSweep: StudyDefinition = {
	name: "filter-sweep",
	title: "Filter against a matched attacker",
	source: "Beyond the paper, Table 7",
	question: "Does the filter hold when the poison is chosen to look matched under the very model that filters?",
	finding: null,
	fixed:
		"Goal, poisoned captions and their number, reference model, training. The matched attacker pairs every caption with the image of class B that lies nearest to it under the reference.",
	refutedBy:
		"Matched poison that the filter finds as well as plain poison, behind which Hit@10 stays on the clean line.",
	cells,
	published: [],
	views: [
		{
			name: "table",
			title: "After the filter",
			show: (observations, setting) =>
				table(observations, {
					rows: cells(setting).flatMap(({ name, coordinates }) =>
						["poisoned", "filtered"].map((model) => ({
							name: `${name}-${model}`,
							title: `${Object.values(coordinates).join(", ")}: ${model}`,
							cell: name,
							model,
						})),
					),
					columns: [
						...attackColumns,
						{
							name: "auroc",
							title: "AUROC",
							unit: "share",
							attackerWants: "low",
							reading: ({ filter }) => filter?.auroc,
						},
						{
							name: "poison-left",
							...countQuantity("poison left"),
							attackerWants: "high",
							reading: ({ filter }) => filter?.poisonLeft,
						},
						{
							name: "clean-lost",
							...countQuantity("clean lost"),
							reading: ({ filter }) => filter?.cleanLost,
						},
					],
				}),
		},
		{
			name: "sweep",
			title: "Poison left over clean pairs lost, for every cut",
			show: (observations) => ({
				kind: "lines",
				x: { title: "share of clean pairs lost", unit: "share", attackerWants: null },
				y: { title: "poisoned pairs left", unit: "count", attackerWants: "high" },
				series: attackers.map(({ name, title }) => ({
					name,
					title,
					points: losses.flatMap((x) => {
						const values = filtersOf(observations, `${name}-mixture`).map((one) => poisonLeft(one, x));
						return values.length === 0 ? [] : [{ x, y: interval(values) }];
					}),
				})),
			}),
		},
		...attackers.map(({ name, title }) => ({
			name: `scores-${name}`,
			title: `Distances of clean and poisoned pairs: ${title}`,
			show: (observations: readonly Observation[]) =>
				scoreHistogram(observations, filtered(name), {
					title: "cosine distance of image and captions",
					unit: "distance",
					attackerWants: null,
				}),
		})),
	],
	claims: [
		comparison(
			{
				name: "matched-poison-hides",
				sentence: "Matched poison lowers the AUROC of the filter's scores.",
				origin: "project",
			},
			{
				title: "AUROC",
				reading: ({ filter }) => filter?.auroc,
				first: { ...filtered("plain"), title: "plain poison" },
				second: { ...filtered("adaptive"), title: "matched poison" },
				bound: { moreThan: 0 },
			},
		),
		{
			name: "matched-poison-works",
			sentence: "Unfiltered, matched poison still beats its clean line in Hit@10.",
			origin: "project",
			test: (observations) =>
				compare(observations, {
					title: "Hit@10 under matched poison",
					reading: hit(10),
					first: { cell: "adaptive-mixture", model: "poisoned", title: "poisoned" },
					second: { cell: "adaptive-mixture", model: "clean", title: "clean" },
					bound: { moreThan: 0 },
				}),
		},
		{
			name: "filter-still-holds",
			sentence: "Behind the filter, Hit@10 under matched poison is within .05 of the clean line.",
			origin: "project",
			test: (observations) =>
				allOf([
					compare(observations, {
						title: "Hit@10 under matched poison",
						reading: hit(10),
						first: { ...filtered("adaptive"), title: "filtered" },
						second: { cell: "adaptive-mixture", model: "clean", title: "clean" },
						bound: { atLeast: -0.05, atMost: 0.05 },
					}),
				]),
		},
	],
};
