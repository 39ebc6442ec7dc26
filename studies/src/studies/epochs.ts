/** Figure 3: how soon the poison works. */
import type { Observation, StudyDefinition, StudySetting } from "../contract.ts";
import { experimentOf, probed, trained } from "../experiments.ts";
import type { Lines, Quantity } from "../figures/figure.ts";
import { epochQuantity, hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { interval } from "../interval.ts";
import { bySeedAt, differences, hit, minRank, type Reading } from "../readings.ts";
import { judge } from "../verdict.ts";

const cell = "training";

/** Epochs, and measurements within each. */
function schedule({ dataset, scale }: StudySetting): { epochs: number; perEpoch: number } {
	if (dataset !== "emoji-pascal" || scale === "whole") return { epochs: 10, perEpoch: 1 };
	return { epochs: 3, perEpoch: 2 };
}

const models = [
	{ name: "poisoned", title: "poisoned training" },
	{ name: "clean", title: "clean training" },
];

function lines(observations: readonly Observation[], setting: StudySetting, y: Quantity, reading: Reading): Lines {
	const { epochs, perEpoch } = schedule(setting);
	const places = Array.from({ length: epochs * perEpoch + 1 }, (_, at) => at);
	return {
		kind: "lines",
		x: epochQuantity,
		y,
		series: models.map(({ name, title }) => ({
			name,
			title,
			points: places.flatMap((at) => {
				const share = at / (epochs * perEpoch);
				const values = [...bySeedAt(observations, { cell, model: name, share }, reading).values()];
				return values.length === 0 ? [] : [{ x: at / perEpoch, y: interval(values) }];
			}),
		})),
	};
}

/** Poisoned less clean after some epochs, seed by seed. */
function gapAfter(observations: readonly Observation[], setting: StudySetting, epoch: number): number[] {
	const share = epoch / schedule(setting).epochs;
	const at = (model: string) => bySeedAt(observations, { cell, model, share }, hit(10));
	return differences(at("poisoned"), at("clean"));
}

export const epochs: StudyDefinition = {
	name: "epochs",
	title: "Training epochs",
	source: "Figure 3",
	question: "After how many epochs does the poison work, and does more training undo it?",
	finding: "It is strong after one or two epochs; later it fluctuates and stays effective.",
	fixed: "One training of Attack II, clean and poisoned with the same batches, measured on its way.",
	refutedBy: "No gap between the poisoned and the clean training after two epochs, or one that closes again.",
	cells: (setting) => {
		const { epochs, perEpoch } = schedule(setting);
		return [
			{
				name: cell,
				coordinates: { epochs: String(epochs) },
				config: probed(trained(experimentOf(setting), { epochs }), epochs * perEpoch - 1),
				curves: ["clean", "poisoned"],
			},
		];
	},
	published: [],
	views: [
		{
			name: "hits",
			title: "Figure 3: Hit@10 over epochs",
			show: (observations, setting) => lines(observations, setting, hitQuantity(10), hit(10)),
		},
		{
			name: "ranks",
			title: "Figure 3: MinRank over epochs",
			show: (observations, setting) => lines(observations, setting, minRankQuantity, minRank()),
		},
	],
	claims: [
		{
			name: "visible-after-two-epochs",
			sentence: "After two epochs Hit@10 of the poisoned training is above that of the clean one.",
			origin: "project",
			test: (observations, setting) =>
				judge("Hit@10 after two epochs, poisoned less clean", {
					values: gapAfter(observations, setting, 2),
					bound: { moreThan: 0 },
				}),
		},
		{
			name: "strong-after-two-epochs",
			sentence: "After two epochs the gap is at least half of what it is at the end.",
			origin: "paper",
			test: (observations, setting) => {
				const [early, late] = [2, schedule(setting).epochs].map((epoch) => gapAfter(observations, setting, epoch));
				return judge("gap in Hit@10 after two epochs less half the final gap", {
					values: early!.length === late!.length ? early!.map((gap, at) => gap - (late![at] as number) / 2) : [],
					bound: { moreThan: 0 },
				});
			},
		},
		{
			name: "stays-effective",
			sentence: "After every whole epoch from the second on, the gap is at least half of the largest.",
			origin: "paper",
			test: (observations, setting) => {
				const { epochs } = schedule(setting);
				const gaps = Array.from({ length: epochs - 1 }, (_, at) => gapAfter(observations, setting, at + 2));
				const seeds = Math.min(...gaps.map(({ length }) => length));
				const values = Array.from({ length: seeds }, (_, seed) => {
					const own = gaps.map((gap) => gap[seed] as number);
					return Math.min(...own) - Math.max(...own) / 2;
				});
				return judge("smallest gap in Hit@10 from the second epoch on, less half the largest", {
					values,
					bound: { moreThan: 0 },
				});
			},
		},
	],
};
