/** Table 6: which tower carries the poison. */
import { compare, comparison } from "../comparison.ts";
import type { StudyDefinition, View } from "../contract.ts";
import { experimentOf, trained } from "../experiments.ts";
import { countQuantity, hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { publishedTable, table } from "../figures/table.ts";
import { hit, minRank, overSeeds } from "../readings.ts";
import { allOf } from "../verdict.ts";

const cutoffs = [1, 5, 10, 20, 30, 50] as const;
const columns = [...cutoffs.map((cutoff) => `hit@${cutoff}`), "min-rank"];

/** Towers that learn, and the setting that freezes the others. */
const variants = [
	{ name: "both", title: "both towers learn", freeze: "none" },
	{ name: "image", title: "image tower learns", freeze: "text" },
	{ name: "text", title: "text tower learns", freeze: "image" },
] as const;

const rows = [
	...variants.map(({ name, title }) => ({ name, title, cell: name, model: "poisoned" })),
	{ name: "none", title: "nothing learns: the base", cell: "both", model: "base" },
];

const published = [
	...publishedTable("flickr-pascal", columns, {
		both: [0.28, 0.864, 0.936, 1, 1, 1, 2.192],
		image: [0.2, 0.856, 0.92, 0.984, 0.992, 1, 3.016],
		text: [0.256, 0.792, 0.912, 0.96, 0.984, 1, 3.472],
		none: [0, 0.008, 0.032, 0.12, 0.24, 0.568, 47.92],
	}),
	...publishedTable("coco", columns, {
		both: [0.012, 0.212, 0.516, 0.824, 0.888, 0.94, 15.28],
		image: [0.008, 0.196, 0.46, 0.78, 0.844, 0.936, 17.58],
		text: [0.032, 0.28, 0.5, 0.748, 0.82, 0.892, 23.224],
		none: [0.004, 0.064, 0.14, 0.252, 0.336, 0.488, 126.664],
	}),
];

function directionTable(direction: "text-to-image" | "image-to-text", title: string): View {
	return {
		name: direction,
		title,
		show: (observations) =>
			table(observations, {
				rows,
				columns: [
					...cutoffs.map((cutoff) => ({
						name: `hit@${cutoff}`,
						...hitQuantity(cutoff),
						reading: hit(cutoff, { direction }),
					})),
					{ name: "min-rank", ...minRankQuantity, reading: minRank({ direction }) },
				],
				published: direction === "text-to-image" ? published : [],
			}),
	};
}

const poisoned = (name: "both" | "image" | "text") => ({
	cell: name,
	model: "poisoned",
	title: rows.find((row) => row.name === name)!.title,
});

export const modality: StudyDefinition = {
	name: "modality",
	title: "Which modality is vulnerable",
	source: "Table 6",
	question: "Does poison need both towers, or does one that learns suffice?",
	finding:
		"Either tower suffices and both together are strongest; the image tower gives the lower MinRank, the text tower the higher Hit@K at small K.",
	fixed: "Attack II with its goal, poisoned share, data and seed; only the towers that learn differ.",
	refutedBy: "A tower that learns alone on poison and retrieves the target no better than the base does.",
	cells: (setting) =>
		variants.map(({ name, title, freeze }) => ({
			name,
			coordinates: { learns: title },
			config: freeze === "none" ? experimentOf(setting) : trained(experimentOf(setting), { freeze }),
		})),
	published,
	views: [
		directionTable("text-to-image", "Table 6: captions retrieve images"),
		directionTable("image-to-text", "The other direction: target images retrieve class-A captions"),
		{
			name: "cutoffs",
			title: "Hit@K over K",
			show: (observations) => ({
				kind: "lines",
				x: countQuantity("K"),
				y: { ...hitQuantity(10), title: "Hit@K" },
				series: rows.map(({ name, title, ...place }) => ({
					name,
					title,
					points: cutoffs.flatMap((x) => {
						const y = overSeeds(observations, place, hit(x));
						return y === null ? [] : [{ x, y }];
					}),
				})),
			}),
		},
	],
	claims: [
		{
			name: "either-tower-suffices",
			sentence: "With one tower frozen, either one, the poisoned model beats its own clean line in Hit@10.",
			origin: "paper",
			test: (observations) =>
				allOf(
					(["image", "text"] as const).map((cell) =>
						compare(observations, {
							title: `Hit@10, ${poisoned(cell).title}`,
							reading: hit(10),
							first: { ...poisoned(cell), title: "poisoned" },
							second: { cell, model: "clean", title: "clean" },
							bound: { moreThan: 0 },
						}),
					),
				),
		},
		{
			name: "both-are-strongest",
			sentence: "With both towers learning the target stands nearer to the top than with either alone.",
			origin: "paper",
			test: (observations) =>
				allOf(
					(["image", "text"] as const).map((cell) =>
						compare(observations, {
							title: "MinRank",
							reading: minRank(),
							first: poisoned(cell),
							second: poisoned("both"),
							bound: { moreThan: 0 },
						}),
					),
				),
		},
		comparison(
			{
				name: "image-tower-ranks-better",
				sentence: "The image tower alone gives a lower MinRank than the text tower alone.",
				origin: "paper",
			},
			{
				title: "MinRank",
				reading: minRank(),
				first: poisoned("text"),
				second: poisoned("image"),
				bound: { moreThan: 0 },
			},
		),
		comparison(
			{
				name: "text-tower-hits-more",
				sentence: "The text tower alone gives a higher Hit@1 than the image tower alone.",
				origin: "paper",
			},
			{ title: "Hit@1", reading: hit(1), first: poisoned("text"), second: poisoned("image"), bound: { moreThan: 0 } },
		),
	],
};
