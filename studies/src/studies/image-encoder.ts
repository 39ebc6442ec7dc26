/** Figure 4a: the attack on different image encoders. */
import { compare } from "../comparison.ts";
import type { StudyDefinition, StudySetting } from "../contract.ts";
import { experimentOf } from "../experiments.ts";
import { hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { table } from "../figures/table.ts";
import { hit, minRank, overSeeds } from "../readings.ts";
import { allOf } from "../verdict.ts";
import { attackColumns } from "./attack-study.ts";

interface Encoder {
	readonly name: string;
	readonly title: string;
	/** null: as the configuration has them. */
	readonly checkpoints: { readonly start: string; readonly reference: string } | null;
}

/** The shipped ones for emoji-PASCAL; for real data the two checkpoints that were given, each in turn. */
function encodersOf({ dataset, checkpoints }: StudySetting): Encoder[] {
	if (dataset === "emoji-pascal" && checkpoints === undefined)
		return [
			{ name: "base", title: "convolutions, width 128, 4 layers", checkpoints: null },
			{
				name: "reference",
				title: "convolutions, width 96, 3 layers",
				checkpoints: { start: "reference", reference: "base" },
			},
			{
				name: "patches",
				title: "patches, width 96, 4 layers",
				checkpoints: { start: "patches", reference: "reference" },
			},
		];
	if (checkpoints === undefined) return [];
	const { start, reference } = checkpoints;
	return [
		{ name: "base", title: "the start's", checkpoints: null },
		{ name: "reference", title: "the reference's", checkpoints: { start: reference, reference: start } },
	];
}

/** Places of MinRank that count as roughly equal, of 500 images. */
const NEAR = 5;

export const imageEncoder: StudyDefinition = {
	name: "image-encoder",
	title: "Image encoder",
	source: "Figure 4a",
	question: "Does the attack depend on the image encoder?",
	finding: "Hardly: MinRank is roughly equal over three encoders of CLIP; names and values are not known to us.",
	fixed:
		"Attack II with its goal, poisoned share, data, seeds and training settings; each encoder brings its own text tower.",
	refutedBy: "An encoder whose poisoned model does not find the target, or finds it far later than the others do.",
	cells: (setting) =>
		encodersOf(setting).map(({ name, title, checkpoints }) => ({
			name,
			coordinates: { encoder: title },
			config: { ...experimentOf(setting), ...(checkpoints && { checkpoints }) },
		})),
	published: [],
	views: [
		{
			name: "ranks",
			title: "Figure 4a: MinRank by image encoder",
			show: (observations, setting) => ({
				kind: "bars",
				y: minRankQuantity,
				groups: encodersOf(setting).map(({ title }) => title),
				series: ["poisoned", "clean"].map((model) => ({
					name: model,
					title: `${model} model`,
					values: encodersOf(setting).map(({ name }) => ({
						measured: overSeeds(observations, { cell: name, model }, minRank()),
						published: {},
					})),
				})),
			}),
		},
		{
			name: "table",
			title: "By image encoder",
			show: (observations, setting) =>
				table(observations, {
					rows: encodersOf(setting).flatMap(({ name, title }) =>
						["poisoned", "clean"].map((model) => ({
							name: `${name}-${model}`,
							title: `${title}, ${model}`,
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
			name: "every-encoder-is-vulnerable",
			sentence: "With every encoder the poisoned model beats its own clean line in Hit@10.",
			origin: "paper",
			test: (observations, setting) => {
				const parts = encodersOf(setting).map(({ name, title }) =>
					compare(observations, {
						title: `${hitQuantity(10).title}, ${title}`,
						reading: hit(10),
						first: { cell: name, model: "poisoned", title: "poisoned" },
						second: { cell: name, model: "clean", title: "clean" },
						bound: { moreThan: 0 },
					}),
				);
				return allOf(parts);
			},
		},
		{
			name: "ranks-are-alike",
			sentence: `MinRank of every other encoder is within ${NEAR} places of the first one's.`,
			origin: "paper",
			test: (observations, setting) => {
				const [first, ...others] = encodersOf(setting);
				return allOf(
					others.map(({ name, title }) =>
						compare(observations, {
							title: "MinRank",
							reading: minRank(),
							first: { cell: name, model: "poisoned", title },
							second: { cell: first!.name, model: "poisoned", title: first!.title },
							bound: { atLeast: -NEAR, atMost: NEAR },
						}),
					),
				);
			},
		},
	],
};
