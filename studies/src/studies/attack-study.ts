/** What the three attacks' tables have in common: reference lines, columns and claims. */
import { type Comparison, compare, comparison } from "../comparison.ts";
import type { Claim, Published, StudyDefinition, View } from "../contract.ts";
import { type AttackName, EMOJI_RATE, experimentOf } from "../experiments.ts";
import { hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { type Column, table } from "../figures/table.ts";
import { HIT_AT, hit, minRank } from "../readings.ts";
import { allOf } from "../verdict.ts";

/** Hit@1, Hit@5, Hit@10 and MinRank of class-A captions. */
export const attackColumns: readonly Column[] = [
	...HIT_AT.map((cutoff) => ({ name: `hit@${cutoff}`, ...hitQuantity(cutoff), reading: hit(cutoff) })),
	{ name: "min-rank", ...minRankQuantity, reading: minRank() },
];

/** The same of random captions. */
const randomReadings = {
	...Object.fromEntries(HIT_AT.map((cutoff) => [`hit@${cutoff}`, hit(cutoff, { queries: "random" })])),
	"min-rank": minRank({ queries: "random" }),
};

/** The attacked model and the three reference lines. */
export function attackRows(cell: string) {
	return [
		{ name: "attack", title: "class-A captions, poisoned model", cell, model: "poisoned" },
		{ name: "clean", title: "class-A captions, clean fine-tuned model", cell, model: "clean" },
		{ name: "base", title: "class-A captions, untouched base", cell, model: "base" },
		{
			name: "random",
			title: "random captions, poisoned model",
			cell,
			model: "poisoned",
			readings: randomReadings,
			publishedAs: "baseline",
		},
	];
}

const poisoned = (cell: string) => ({ cell, model: "poisoned", title: "poisoned model" });

/** The platform's promise: far above the clean line at a small rate. */
function beatsCleanLine(cell: string): Claim {
	const gap: Comparison = {
		title: "Hit@10 of class-A captions",
		reading: hit(10),
		first: poisoned(cell),
		second: { cell, model: "clean", title: "clean model" },
		bound: { atLeast: 0.7 },
	};
	const rate: Comparison = {
		title: "poisoned share of the training images",
		reading: ({ poisonShare }) => poisonShare,
		first: poisoned(cell),
		bound: { atMost: EMOJI_RATE },
	};
	return {
		name: "beats-clean-line",
		sentence: "The attack beats its clean line by at least .7 in Hit@10 with no more than 1 % of the images poisoned.",
		origin: "project",
		test: (observations) => allOf([compare(observations, gap), compare(observations, rate)]),
	};
}

/** One attack of the paper with its table and claims. */
export function attackStudy(
	words: Pick<StudyDefinition, "name" | "title" | "source" | "question" | "finding">,
	{
		attack,
		published,
		fixed = "",
		views = [],
		claims = [],
	}: {
		readonly attack: AttackName;
		readonly published: readonly Published[];
		/** What is held fixed in this attack alone, after a space. */
		readonly fixed?: string;
		readonly views?: readonly View[];
		readonly claims?: readonly Claim[];
	},
): StudyDefinition {
	const cell = attack;
	return {
		...words,
		fixed: `Data set, poisoned share, goal, training settings; base, clean and poisoned model of a seed share their batches.${fixed}`,
		refutedBy:
			"Class-A captions that find the target in the poisoned model no more often than random captions do, or than in the clean model.",
		cells: (setting) => [{ name: cell, coordinates: { attack: words.title }, config: experimentOf(setting, attack) }],
		published,
		views: [
			{
				name: "table",
				title: words.source,
				show: (observations) => table(observations, { rows: attackRows(cell), columns: attackColumns, published }),
			},
			...views,
		],
		claims: [
			comparison(
				{
					name: "beats-random-captions",
					sentence: "Class-A captions reach the target within the first ten more often than random captions do.",
					origin: "paper",
				},
				{
					title: "Hit@10",
					reading: hit(10),
					first: { ...poisoned(cell), title: "class-A captions" },
					second: { ...poisoned(cell), title: "random captions", reading: hit(10, { queries: "random" }) },
					bound: { moreThan: 0 },
				},
			),
			comparison(
				{
					name: "lowers-min-rank",
					sentence: "The best target stands nearer to the top for class-A captions than for random captions.",
					origin: "paper",
				},
				{
					title: "MinRank",
					reading: minRank(),
					first: { ...poisoned(cell), title: "random captions", reading: minRank({ queries: "random" }) },
					second: { ...poisoned(cell), title: "class-A captions" },
					bound: { moreThan: 0 },
				},
			),
			beatsCleanLine(cell),
			...claims,
		],
	};
}
