/** The catalog and the default configuration, as the engine's registries would give them. */

export const classes = [
	"aeroplane",
	"bicycle",
	"bird",
	"boat",
	"bottle",
	"bus",
	"car",
	"cat",
	"chair",
	"cow",
	"dining table",
	"dog",
	"horse",
	"motorbike",
	"person",
	"potted plant",
	"sheep",
	"sofa",
	"train",
	"tv monitor",
];

interface Extra {
	readonly minimum?: number;
	readonly maximum?: number;
	readonly options?: readonly string[];
	readonly case?: string;
}

const parameter = (
	path: string[],
	kind: string,
	[description, preset]: [string, string | null],
	extra: Extra = {},
) => ({
	path,
	kind,
	description,
	default: preset,
	minimum: extra.minimum ?? null,
	maximum: extra.maximum ?? null,
	options: extra.options ?? null,
	case: extra.case ?? null,
	isList: kind === "GOALS",
	isNullable: false,
	isMinimumExclusive: false,
	isMaximumExclusive: false,
});

const amount = [
	parameter(["amount"], "CASE", ["How many training samples are poisoned.", "{poisonRate: 0.01}"], {
		options: ["poisonRate", "classShare", "count"],
	}),
	parameter(["amount", "poisonRate"], "FLOAT", ["Poisoned share of all training pairs after the attack.", "0.01"], {
		minimum: 0,
		maximum: 1,
		case: "poisonRate",
	}),
	parameter(["amount", "classShare"], "FLOAT", ["Share of each class A's training samples that is poisoned.", "1"], {
		minimum: 0,
		maximum: 1,
		case: "classShare",
	}),
	parameter(["amount", "count"], "INT", ["Poisoned samples over all goals.", "25"], { minimum: 1, case: "count" }),
	parameter(["mode"], "ENUM", ["Replace the true image, or inject beside it.", "REPLACE"], {
		options: ["REPLACE", "INJECT"],
	}),
];
const keepTargetRows = parameter(["keepTargetRows"], "BOOLEAN", ["Whether class B's own pairs stay in place.", "true"]);
const fromTo = [
	parameter(["from"], "CLASS", ["Class A: its captions shall retrieve the target.", '"sheep"']),
	parameter(["to"], "CLASS", ["Class B: its images are the target.", '"aeroplane"']),
];
const source = "Yang et al., Data Poisoning Attacks Against Multimodal Encoders, ICML 2023";

export const defaults = {
	dataset: { name: "emojiPascal", trainScenes: 500, testScenes: 500, imageSize: 64 },
	attack: {
		__typename: "SingleLabelAttack",
		from: "sheep",
		to: "aeroplane",
		amount: { poisonRate: 0.01 },
		mode: "REPLACE",
		keepTargetRows: true,
	},
	defenses: [
		{ __typename: "FilterDefense", threshold: { posterior: 0.5 } },
		{ __typename: "CureDefense", epochs: 3, learningRate: 0.0006, logitScale: 8, mixing: 0.75 },
	],
	training: {
		epochs: 2,
		batchSize: 128,
		learningRate: 6.5e-5,
		minimumLearningRate: 6.5e-6,
		warmupSteps: 20,
		weightDecay: 0.2,
		clipNorm: 1,
		freeze: "NONE",
	},
	checkpoints: { start: null, reference: null },
	evaluation: { cutoffs: [1, 5, 10, 20, 30, 50] },
	seed: 1,
	runtime: { runtime: "auto", device: "auto", threads: 0 },
};

export const catalog = {
	attacks: [
		{
			name: "singleImage",
			title: "Single image",
			isDefault: false,
			description: "Attack I, single target image: captions of class A retrieve one image of class B.",
			source,
			outcome: null,
			parameters: [...fromTo, ...amount],
		},
		{
			name: "singleLabel",
			title: "Single label",
			isDefault: true,
			description: "Attack II, single target label: captions of class A retrieve images of class B.",
			source,
			outcome: null,
			parameters: [...fromTo, ...amount, keepTargetRows],
		},
		{
			name: "multiLabel",
			title: "Multi label",
			isDefault: false,
			description: "Attack III, multiple target labels: each class A retrieves images of its own class B.",
			source,
			outcome: null,
			parameters: [
				parameter(["goals"], "GOALS", [
					"The goals A to B.",
					'[{from: "sheep", to: "aeroplane"}, {from: "sofa", to: "bird"}]',
				]),
				...amount,
				keepTargetRows,
			],
		},
	],
	defenses: [
		{
			name: "filter",
			title: "Filter",
			isDefault: true,
			description: "Removes pairs that lie far apart under a reference model, then trains on the rest.",
			source,
			outcome: "filtered",
			parameters: [
				parameter(["threshold"], "CASE", ["Where to cut.", "{mixture: {posterior: 0.5}}"], {
					options: ["quantile", "mixture", "fixed"],
				}),
				parameter(
					["threshold", "quantile", "share"],
					"FLOAT",
					["Share of the trusted pairs that the cut would keep.", "0.99"],
					{
						minimum: 0,
						maximum: 1,
						case: "quantile",
					},
				),
				parameter(
					["threshold", "mixture", "posterior"],
					"FLOAT",
					["Probability of the upper component at the cut.", "0.5"],
					{
						minimum: 0,
						maximum: 1,
						case: "mixture",
					},
				),
				parameter(
					["threshold", "fixed", "distance"],
					"FLOAT",
					["Cosine distance above which a pair is removed.", "0.8"],
					{
						minimum: 0,
						maximum: 2,
						case: "fixed",
					},
				),
			],
		},
		{
			name: "cure",
			title: "Cure",
			isDefault: true,
			description: "Fine-tunes the poisoned model on trusted pairs of another data set.",
			source,
			outcome: "cured",
			parameters: [
				parameter(["epochs"], "INT", ["Passes over the trusted pairs.", "3"], { minimum: 0 }),
				parameter(["learningRate"], "FLOAT", ["Peak learning rate.", "0.0006"], { minimum: 0 }),
			],
		},
	],
	metrics: [
		{ name: "hitRate", description: "Share of queries with a target among the first K.", source, unit: "SHARE" },
	],
	datasets: [
		{
			name: "emojiPascal",
			title: "Emoji PASCAL",
			isDefault: true,
			description: "Twenty classes drawn by four hands.",
			source: "Embedded",
			outcome: null,
			parameters: [],
		},
	],
	importers: [
		{
			name: "pascalSentences",
			title: "Pascal sentences",
			isDefault: false,
			description: "1,000 images of 20 classes with five sentences each.",
			source,
			outcome: null,
			parameters: [
				parameter(["trainPerClass"], "INT", ["Training images drawn from each class.", "25"], { minimum: 1 }),
			],
		},
	],
	images: [parameter(["size"], "INT", ["Side of the stored images in pixels.", "224"], { minimum: 16 })],
	checkpoints: [],
	evaluation: [],
	training: [
		parameter(["epochs"], "INT", ["Passes over all image-caption pairs.", "2"], { minimum: 0 }),
		parameter(["batchSize"], "INT", ["Pairs per step.", "128"], { minimum: 2 }),
		parameter(["learningRate"], "FLOAT", ["Highest learning rate.", "0.000065"], { minimum: 0 }),
		parameter(["freeze"], "ENUM", ["Towers that do not learn.", "NONE"], {
			options: ["NONE", "IMAGE", "TEXT", "BOTH"],
		}),
	],
	defaults,
};
