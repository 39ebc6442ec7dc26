/** Figure 4b: the size of the training set at a fixed rate of poison. */
import { compare } from "../comparison.ts";
import type { Cell, Observation, StudyDefinition, StudySetting } from "../contract.ts";
import { experimentOf, trained } from "../experiments.ts";
import { hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { hit, minRank, overSeeds, type Reading } from "../readings.ts";
import { allOf, type Verdict } from "../verdict.ts";

/** As COCO, COCO-M and COCO-S: all, half and a quarter of the training images, which the test split does not share. */
const sizes = [
	{ name: "whole", title: "all", images: {}, times: 1 },
	{ name: "half", title: "half", images: { trainPerClass: 12, filler: 1000 }, times: 2 },
	{ name: "quarter", title: "a quarter", images: { trainPerClass: 6, filler: 500 }, times: 4 },
] as const;

/** The paper holds epochs fixed, so that a smaller set also trains less; the other schedule makes up for that. */
const schedules = [
	{ name: "epochs", title: "as many epochs" },
	{ name: "steps", title: "as many steps" },
] as const;

/** Default epochs of emoji-PASCAL. */
const EPOCHS = 2;

/** What counts as no difference in Hit@10. */
const NEAR = 0.1;

function cells(setting: StudySetting): Cell[] {
	// Imported sets have one size; COCO-M and COCO-S would be imports of their own.
	if (setting.dataset !== "emoji-pascal") return [];
	const main = experimentOf(setting);
	return schedules.flatMap((schedule) =>
		sizes
			// The whole set trains as long on either schedule.
			.filter(({ name }) => name !== "whole" || schedule.name === "epochs")
			.filter(({ name }) => name !== "half" || setting.scale === "whole")
			.map(({ name, title, images, times }) => {
				const config = name === "whole" ? main : { ...main, dataset: { name: "emojiPascal" as const, params: images } };
				return {
					name: `${name}-${schedule.name}`,
					coordinates: { "training images": title, training: schedule.title },
					config: schedule.name === "steps" ? trained(config, { epochs: EPOCHS * times }) : config,
				};
			}),
	);
}

function bars(observations: readonly Observation[], setting: StudySetting, reading: Reading) {
	const all = cells(setting);
	return {
		groups: all.map(({ coordinates }) => Object.values(coordinates).join(", ")),
		series: ["poisoned", "clean"].map((model) => ({
			name: model,
			title: `${model} model`,
			values: all.map(({ name }) => ({
				measured: overSeeds(observations, { cell: name, model }, reading),
				published: {},
			})),
		})),
	};
}

/** Smaller sets less the whole one, on one schedule. */
function alike(observations: readonly Observation[], setting: StudySetting, schedule: string): Verdict {
	const smaller = cells(setting).filter(({ name }) => name.endsWith(schedule) && !name.startsWith("whole"));
	return allOf(
		smaller.map(({ name, coordinates }) =>
			compare(observations, {
				title: `Hit@10, ${schedule} fixed`,
				reading: hit(10),
				first: { cell: name, model: "poisoned", title: `${coordinates["training images"]} of the images` },
				second: { cell: "whole-epochs", model: "poisoned", title: "all images" },
				bound: { atLeast: -NEAR, atMost: NEAR },
			}),
		),
	);
}

export const trainingSetSize: StudyDefinition = {
	name: "training-set-size",
	title: "Training-set size",
	source: "Figure 4b",
	question: "Does the attack depend on the size of the training set when the poisoned share stays the same?",
	finding: "No correlation over COCO, COCO-M and COCO-S at 0.24 %; values are not known to us.",
	fixed:
		"Attack II with its goal, poisoned share, test split and settings; once with the paper's fixed epochs, once with fixed steps.",
	refutedBy: "An attack that works on the whole set and fails on a quarter of it, trained as long.",
	cells,
	published: [],
	views: [
		{
			name: "hits",
			title: "Figure 4b: Hit@10 by training-set size",
			show: (observations, setting) => ({
				kind: "bars",
				y: hitQuantity(10),
				...bars(observations, setting, hit(10)),
			}),
		},
		{
			name: "ranks",
			title: "Figure 4b: MinRank by training-set size",
			show: (observations, setting) => ({
				kind: "bars",
				y: minRankQuantity,
				...bars(observations, setting, minRank()),
			}),
		},
	],
	claims: [
		{
			name: "size-does-not-matter-at-fixed-epochs",
			sentence: `With as many epochs, Hit@10 on every smaller part of the images is within ${NEAR} of that on all.`,
			origin: "paper",
			test: (observations, setting) => alike(observations, setting, "epochs"),
		},
		{
			name: "size-does-not-matter-at-fixed-steps",
			sentence: `With as many steps, Hit@10 on every smaller part of the images is within ${NEAR} of that on all.`,
			origin: "paper",
			test: (observations, setting) => alike(observations, setting, "steps"),
		},
	],
};
