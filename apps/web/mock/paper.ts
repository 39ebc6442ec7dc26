/** An invented study of the paper: every kind of figure, some of it not measured yet, and a verdict of each outcome. */
const interval = (mean: number, reach = 0.02) => ({
	mean,
	deviation: reach,
	low: mean - reach,
	high: mean + reach,
	n: 3,
});
const share = (title: string) => ({ title, unit: "SHARE", attackerWants: "HIGH" });
const measured = (mean: number | null, published?: number) => ({
	measured: mean === null ? null : interval(mean),
	published: published === undefined ? [] : [{ dataset: "COCO", value: published }],
});
const models = ["clean", "poisoned", "filtered", "cured"];
const series = (at: number) =>
	models.map((name, row) => ({
		name,
		title: name,
		values: [measured(row === 1 ? 0.9 - at : 0.05), measured(row === 3 ? null : 0.8)],
	}));

const figures = [
	[
		"table",
		"Table 4",
		{
			__typename: "TableFigure",
			columns: [
				{ name: "hit@10", ...share("Hit@10") },
				{ name: "minRank", title: "MinRank", unit: "RANK", attackerWants: "LOW" },
			],
			rows: models.map((name, at) => ({
				name,
				title: name,
				values: [
					measured(at === 3 ? null : [0.02, 0.93, 0.06][at]!, [0.016, 0.984, 0.024, 0.02][at]),
					measured([51, 1.4, 48, 50][at]!),
				],
			})),
		},
	],
	[
		"rates",
		"Hit@10 over the poison rate",
		{
			__typename: "LinesFigure",
			x: { title: "poison rate", unit: "SHARE", attackerWants: null },
			y: share("Hit@10"),
			series: ["both", "image", "text"].map((name, at) => ({
				name,
				title: `${name} learns`,
				points: [0.001, 0.005, 0.01, 0.02].map((x, step) => ({ x, y: interval(0.2 * (step + 1) - 0.06 * at, 0.04) })),
			})),
		},
	],
	[
		"bars",
		"Three encoders",
		{ __typename: "BarsFigure", y: share("Hit@10"), groups: ["ViT", "ResNet"], series: series(0.1) },
	],
	[
		"pairs",
		"All pairs",
		{
			__typename: "HeatMapFigure",
			x: { title: "to", values: ["bird", "boat", "car"] },
			y: { title: "from", values: ["bird", "boat", "car"] },
			value: share("Hit@10"),
			cells: [
				{ x: 1, y: 0, value: interval(0.9) },
				{ x: 0, y: 1, value: interval(0.4) },
				{ x: 2, y: 1, value: interval(0.7) },
			],
		},
	],
	[
		"shift",
		"Shift against Hit@10",
		{
			__typename: "ScatterFigure",
			x: { title: "shift", unit: "DISTANCE", attackerWants: null },
			y: share("Hit@10"),
			points: ["clean", "poisoned", "cured"].map((group, at) => ({
				title: group,
				group,
				x: interval(0.1 * at),
				y: interval([0.03, 0.9, 0.1][at]!),
			})),
		},
	],
	[
		"scores",
		"Distances",
		{
			__typename: "HistogramFigure",
			x: { title: "cosine distance", unit: "DISTANCE", attackerWants: null },
			minimum: 0,
			maximum: 2,
			series: ["clean", "poisoned"].map((name, at) => ({
				name,
				title: `${name} pairs`,
				shares: Array.from({ length: 40 }, (_, bin) => Math.exp(-(((bin - 14 - 10 * at) / 3) ** 2)) / 5),
			})),
			marks: [{ title: "threshold", x: 0.98 }],
		},
	],
] as const;

export const views = () => figures.map(([name, title, figure]) => ({ name, title, figure }));

export const verdicts = () =>
	(["SUPPORTED", "UNDECIDED", "REFUTED"] as const).map((outcome, at) => ({
		claim: {
			name: outcome,
			sentence: "The poisoned model beats the clean one by at least .7 in Hit@10.",
			origin: at === 0 ? "PAPER" : "PROJECT",
		},
		outcome,
		quantity: "Hit@10, poisoned less clean",
		effect: interval([0.9, 0.7, 0.2][at]!, 0.05),
		bound: { atLeast: 0.7, moreThan: null, atMost: null },
		evidence: [{ title: "Hit@10, poisoned", value: interval(0.93) }],
	}));

export const definition = {
	name: "attack-two",
	title: "Attack II",
	source: "Table 4",
	question: "Do captions of one class find pictures of another?",
	finding: "Nearly all of them do, at the price of a few hundred pairs.",
	fixed: "Data, training and seeds.",
	refutedBy: "A poisoned model that is no better at the goal than the clean one.",
	claims: [],
	views: [],
	estimate: () => ({ cellCount: 4, runCount: 12, seconds: 840, basis: "The last 3 runs on this machine." }),
};
