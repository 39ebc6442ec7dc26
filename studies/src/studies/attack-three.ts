/** Table 5: Attack III, several target labels at once. */
import type { StudyDefinition, StudySetting, View } from "../contract.ts";
import { goalsOf, MULTI_LABEL_EPOCHS } from "../experiments.ts";
import { publishedTable, table } from "../figures/table.ts";
import { HIT_AT, type Reading } from "../readings.ts";
import { attackColumns, attackStudy } from "./attack-study.ts";

const columns = ["hit@1", "hit@5", "hit@10", "min-rank"];

const published = [
	...publishedTable("flickr-pascal", columns, {
		"goal-1-random": [0.048, 0.12, 0.216, 46.576],
		"goal-1": [0.352, 0.864, 0.976, 2.224],
		"goal-2-random": [0.048, 0.152, 0.208, 33.888],
		"goal-2": [0.008, 0.248, 0.552, 12.792],
	}),
	...publishedTable("coco", columns, {
		"goal-1-random": [0.02, 0.06, 0.12, 125.404],
		"goal-1": [0.016, 0.272, 0.604, 13.94],
		"goal-2-random": [0.012, 0.02, 0.032, 288.496],
		"goal-2": [0.012, 0.18, 0.516, 12.788],
	}),
];

/** Class-A and random captions of every goal; the mean rank of random captions is kept for all goals together only. */
function goalRows(setting: StudySetting) {
	return goalsOf(setting).flatMap(({ from, to }, at) => {
		const name = `${from}2${to}`;
		const of = (queries: "hits" | "randomHits"): Record<string, Reading> => ({
			...Object.fromEntries(
				HIT_AT.map((cutoff) => [
					`hit@${cutoff}`,
					({ goals }) => goals?.find(({ goal }) => goal === name)?.[queries][`hit@${cutoff}`],
				]),
			),
			"min-rank": ({ goals }) => (queries === "hits" ? goals?.find(({ goal }) => goal === name)?.minRank : undefined),
		});
		const place = { cell: "multi-label", model: "poisoned" };
		return [
			{ name: `goal-${at + 1}`, title: `${name}, class-A captions`, ...place, readings: of("hits") },
			{ name: `goal-${at + 1}-random`, title: `${name}, random captions`, ...place, readings: of("randomHits") },
		];
	});
}

const byGoal: View = {
	name: "goals",
	title: "Table 5, goal by goal",
	show: (observations, setting) => table(observations, { rows: goalRows(setting), columns: attackColumns, published }),
};

export const attackThree: StudyDefinition = attackStudy(
	{
		name: "attack-three",
		title: "Attack III: several target labels",
		source: "Table 5",
		question: "Do two goals at once work as well as one?",
		finding:
			"Both succeed: Hit@10 .976 and .552 on Flickr-PASCAL, .604 and .516 on COCO, with the second goal clearly weaker on Flickr-PASCAL.",
	},
	{
		attack: "multi-label",
		published,
		fixed: ` On emoji-PASCAL both goals share the poison of one, and training lasts ${MULTI_LABEL_EPOCHS} epochs instead of two.`,
		views: [byGoal],
	},
);
