/** Figure 4c: all ordered pairs of classes as goals. */
import { datasets, Random } from "@mithridate/engine";
import type { Cell, Observation, StudyDefinition, StudySetting, View } from "../contract.ts";
import { attacked, experimentOf } from "../experiments.ts";
import type { Quantity } from "../figures/figure.ts";
import { hitQuantity, minRankQuantity } from "../figures/quantities.ts";
import { bySeed, differences, hit, minRank, overSeeds, type Reading } from "../readings.ts";
import { judge } from "../verdict.ts";

/** The 20 classes of PASCAL, which Flickr-PASCAL and emoji-PASCAL share. */
const classes = datasets.emojiPascal.classes as readonly string[];
const person = "person";

/** Classes A with both a pair to person and one to another class. */
const TWINS = 4;

interface Pair {
	readonly from: string;
	readonly to: string;
}

const nameOf = ({ from, to }: Pair) => `${from}2${to}`;

const every: readonly Pair[] = classes.flatMap((from) =>
	classes.filter((to) => to !== from).map((to) => ({ from, to })),
);

/** A drawn sample, the same on every machine, in which every class A aims at person and at another class. */
const sampled: readonly Pair[] = draw();

function draw(): Pair[] {
	const random = new Random("goal-pairs");
	const ordinary = random.shuffle(every.filter(({ from, to }) => from !== person && to !== person));
	const twins: Pair[] = [];
	for (const pair of ordinary)
		if (twins.length < TWINS && twins.every(({ from }) => from !== pair.from)) twins.push(pair);
	return twins.flatMap((pair) => [{ from: pair.from, to: person }, pair]);
}

const pairsOf = ({ scale }: StudySetting) => (scale === "whole" ? every : sampled);

function cells(setting: StudySetting): Cell[] {
	if (setting.dataset === "coco") return [];
	const seedOf = (at: number) => setting.seeds[at % setting.seeds.length] as number;
	// Both pairs of one class A have one seed, since they are compared.
	return pairsOf(setting).map((pair, at) => ({
		name: nameOf(pair),
		coordinates: { A: pair.from, B: pair.to },
		config: attacked(experimentOf(setting), { from: pair.from, to: pair.to }),
		seeds: [seedOf(setting.scale === "whole" ? classes.indexOf(pair.from) : Math.floor(at / 2))],
	}));
}

/** One number for each pair that was measured: the pairs are the repetitions. */
function overPairs(observations: readonly Observation[], setting: StudySetting, reading: Reading, model = "poisoned") {
	return pairsOf(setting).flatMap((pair) => {
		const [value] = bySeed(observations, { cell: nameOf(pair), model }, reading).values();
		return value === undefined ? [] : [{ pair, value }];
	});
}

/** A2person less the mean of A's other pairs, for every A that has both. */
function personLessOthers(observations: readonly Observation[], setting: StudySetting): number[] {
	const byClass = Map.groupBy(overPairs(observations, setting, minRank()), ({ pair }) => pair.from);
	return [...byClass.values()].flatMap((pairs) => {
		const toPerson = pairs.find(({ pair }) => pair.to === person);
		const others = pairs.filter(({ pair }) => pair.to !== person);
		if (toPerson === undefined || others.length === 0) return [];
		return [toPerson.value - others.reduce((sum, { value }) => sum + value, 0) / others.length];
	});
}

function heatMap(name: string, value: Quantity, reading: Reading): View {
	return {
		name,
		title: `Figure 4c: ${value.title} of every pair`,
		show: (observations, setting) => ({
			kind: "heat-map",
			x: { title: "class B", values: classes },
			y: { title: "class A", values: classes },
			value,
			cells: pairsOf(setting).flatMap((pair) => {
				const found = overSeeds(observations, { cell: nameOf(pair), model: "poisoned" }, reading);
				return found === null ? [] : [{ x: classes.indexOf(pair.to), y: classes.indexOf(pair.from), value: found }];
			}),
		}),
	};
}

export const goalPairs: StudyDefinition = {
	name: "goal-pairs",
	title: "Goal pairs",
	source: "Figure 4c",
	question: "Does Attack II work whatever the classes A and B?",
	finding:
		"Mostly, with a MinRank around 10; pairs that aim at person are clearly worse, since unlabelled people in other images stay clean.",
	fixed:
		"Attack II, poisoned share, data and training settings. Each pair has one seed: the pairs are the repetitions. Of the sampled pairs half aim at person.",
	refutedBy: "Pairs of classes whose captions the poison does not bring nearer to the target.",
	cells,
	published: [],
	views: [heatMap("ranks", minRankQuantity, minRank()), heatMap("hits", hitQuantity(10), hit(10))],
	claims: [
		{
			name: "works-for-pairs",
			sentence: "Over pairs, MinRank under attack is at most 10 on average.",
			origin: "paper",
			test: (observations, setting) =>
				judge("MinRank over pairs", {
					values: overPairs(observations, setting, minRank()).map(({ value }) => value),
					bound: { atMost: 10 },
				}),
		},
		{
			name: "person-is-worse",
			sentence: "For the same class A the target is found later when it is person than when it is another class.",
			origin: "paper",
			test: (observations, setting) =>
				judge("MinRank, A2person less A2other", {
					values: personLessOthers(observations, setting),
					bound: { moreThan: 0 },
				}),
		},
		{
			name: "beats-clean-lines",
			sentence: "Over pairs, Hit@10 of the poisoned model exceeds the clean model's by at least .5 on average.",
			origin: "project",
			test: (observations, setting) =>
				judge("Hit@10, poisoned less clean, over pairs", {
					values: pairsOf(setting).flatMap((pair) => {
						const of = (model: string) => bySeed(observations, { cell: nameOf(pair), model }, hit(10));
						return differences(of("poisoned"), of("clean"));
					}),
					bound: { atLeast: 0.5 },
				}),
		},
	],
};
