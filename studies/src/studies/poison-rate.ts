/** Figure 2: how much poison it takes. */
import { compare, comparison } from "../comparison.ts";
import type { Observation, StudyDefinition, StudySetting } from "../contract.ts";
import { attacked, experimentOf } from "../experiments.ts";
import type { Lines, Quantity } from "../figures/figure.ts";
import { countQuantity, hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { table } from "../figures/table.ts";
import { bySeed, hit, minRank, overSeeds, type Reading } from "../readings.ts";
import { rankCorrelation } from "../statistics.ts";
import { judge } from "../verdict.ts";
import { attackColumns } from "./attack-study.ts";

/** Poisoned images at the full amount: the 25 sheep of Flickr-PASCAL and of emoji-PASCAL, the paper's 284 of COCO. */
const full = ({ dataset }: StudySetting) => (dataset === "coco" ? 284 : 25);

/** The paper's Flickr-PASCAL figure gives 0.03 %, which is 10 of the 25. */
const shares = { sampled: [0, 0.2, 0.4, 1], whole: [0, 0.08, 0.2, 0.4, 0.6, 0.8, 1] } as const;

function amounts(setting: StudySetting) {
	return shares[setting.scale].map((share) => ({
		name: `share-${share}`,
		count: Math.round(share * full(setting)),
		isFull: share === 1,
	}));
}

function lines(observations: readonly Observation[], setting: StudySetting, y: Quantity, reading: Reading): Lines {
	const models = [
		{ name: "poisoned", title: "poisoned model" },
		{ name: "clean", title: "clean model" },
	];
	return {
		kind: "lines",
		x: countQuantity("poisoned images"),
		y,
		series: models.map(({ name, title }) => ({
			name,
			title,
			points: amounts(setting).flatMap(({ name: cell, count }) => {
				const value = overSeeds(observations, { cell, model: name }, reading);
				return value === null ? [] : [{ x: count, y: value }];
			}),
		})),
	};
}

/** Rank correlation of amount and number within each seed that has every amount. */
function trends(observations: readonly Observation[], setting: StudySetting, reading: Reading): number[] {
	const columns = amounts(setting).map(({ name, count }) => ({
		count,
		values: bySeed(observations, { cell: name, model: "poisoned" }, reading),
	}));
	return [...(columns[0]?.values.keys() ?? [])].flatMap((seed) => {
		const measured = columns.flatMap(({ count, values }) => {
			const value = values.get(seed);
			return value === undefined ? [] : [{ count, value }];
		});
		if (measured.length < columns.length) return [];
		return [
			rankCorrelation(
				measured.map(({ count }) => count),
				measured.map(({ value }) => value),
			),
		];
	});
}

export const poisonRate: StudyDefinition = {
	name: "poison-rate",
	title: "Poisoning rate",
	source: "Figure 2",
	question: "How does the attack grow with the number of poisoned images, and how few suffice?",
	finding: "It grows with the rate; 0.03 % of Flickr-PASCAL already gives a MinRank of about 6.",
	fixed: "Attack II and its goal, data, training settings and seed; a larger amount contains every smaller one.",
	refutedBy: "A Hit@10 that does not rise with the amount of poison.",
	cells: (setting) =>
		amounts(setting).map(({ name, count, isFull }) => ({
			name,
			coordinates: { "poisoned images": String(count) },
			config: isFull ? experimentOf(setting) : attacked(experimentOf(setting), { amount: { kind: "count", count } }),
		})),
	published: [{ dataset: "flickr-pascal", row: "share-0.4", column: "min-rank", value: 6 }],
	views: [
		{
			name: "hits",
			title: "Figure 2: Hit@10 over poisoned images",
			show: (observations, setting) => lines(observations, setting, hitQuantity(10), hit(10)),
		},
		{
			name: "ranks",
			title: "Figure 2: MinRank over poisoned images",
			show: (observations, setting) => lines(observations, setting, minRankQuantity, minRank()),
		},
		{
			name: "table",
			title: "Poisoned models by amount",
			show: (observations, setting) =>
				table(observations, {
					rows: amounts(setting).map(({ name, count }) => ({
						name,
						title: `${count} images`,
						cell: name,
						model: "poisoned",
					})),
					columns: attackColumns,
					published: poisonRate.published,
				}),
		},
	],
	claims: [
		{
			name: "grows-with-rate",
			sentence: "Hit@10 grows with the number of poisoned images (rank correlation within each seed).",
			origin: "paper",
			test: (observations, setting) =>
				judge("rank correlation of poisoned images and Hit@10", {
					values: trends(observations, setting, hit(10)),
					bound: { moreThan: 0 },
				}),
		},
		comparison(
			{
				name: "few-suffice",
				sentence: "With two fifths of the poison MinRank is already lower than the clean model's.",
				origin: "paper",
			},
			{
				title: "MinRank at two fifths of the poison",
				reading: minRank(),
				first: { cell: "share-0.4", model: "clean", title: "clean model" },
				second: { cell: "share-0.4", model: "poisoned", title: "poisoned model" },
				bound: { moreThan: 0 },
			},
		),
		{
			name: "none-does-nothing",
			sentence: "Without poison the poisoned model is the clean one.",
			origin: "project",
			test: (observations) =>
				compare(observations, {
					title: "Hit@10 without poison",
					reading: hit(10),
					first: { cell: "share-0", model: "poisoned", title: "poisoned model" },
					second: { cell: "share-0", model: "clean", title: "clean model" },
					bound: { atLeast: 0, atMost: 0 },
				}),
		},
	],
};
