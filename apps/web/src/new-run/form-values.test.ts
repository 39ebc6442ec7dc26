import { describe, expect, it } from "vitest";
import {
	defaultText,
	experimentInput,
	faultOf,
	inForce,
	parseGoals,
	parseSeeds,
	sectionInput,
	valuesOfConfig,
} from "./form-values.ts";
import type { Catalog, Parameter } from "./queries.ts";

const parameter = (path: string[], kind: Parameter["kind"], rest: Partial<Parameter> = {}): Parameter => ({
	path,
	kind,
	description: "",
	default: null,
	minimum: null,
	maximum: null,
	options: null,
	case: null,
	isList: false,
	isNullable: false,
	isMinimumExclusive: false,
	isMaximumExclusive: false,
	...rest,
});

const amount = [
	parameter(["from"], "CLASS", { default: '"sheep"' }),
	parameter(["amount"], "CASE", { default: "{poisonRate: 0.01}", options: ["poisonRate", "count"] }),
	parameter(["amount", "poisonRate"], "FLOAT", { default: "0.01", minimum: 0, maximum: 1, case: "poisonRate" }),
	parameter(["amount", "count"], "INT", { default: "25", minimum: 1, case: "count" }),
	parameter(["goals"], "GOALS"),
];
const entry = { title: "", isDefault: true, description: "", source: "" };
const catalog: Catalog = {
	attacks: [{ name: "label", ...entry, parameters: amount }],
	defenses: [{ name: "cure", ...entry, parameters: [parameter(["epochs"], "INT", { default: "3" })] }],
	datasets: [
		{ name: "made", isDefault: true, parameters: [parameter(["filler"], "INT", { default: "2000", minimum: 0 })] },
		{
			name: "imported",
			isDefault: false,
			parameters: [
				parameter(["folder"], "STRING"),
				parameter(["hash"], "STRING"),
				parameter(["captions"], "ENUM", { default: "ORIGINAL", options: ["ORIGINAL", "PLAIN"] }),
			],
		},
	],
	checkpoints: [parameter(["start"], "STRING", { isNullable: true })],
	training: [parameter(["freeze"], "ENUM", { default: "NONE", options: ["NONE", "TEXT"] })],
	evaluation: [parameter(["probes"], "INT", { default: "0", minimum: 0 })],
};

describe("the input that the form makes", () => {
	it("holds only what was changed", () => {
		expect(sectionInput(amount, {}, "a")).toEqual({});
		expect(sectionInput(amount, { "a.from": "cow", "a.amount.poisonRate": "0.02" }, "a")).toEqual({
			from: "cow",
			amount: { poisonRate: 0.02 },
		});
	});
	it("gives a newly chosen case with its default, and nothing of the case that was left", () => {
		expect(sectionInput(amount, { "a.amount": "count", "a.amount.poisonRate": "0.5" }, "a")).toEqual({
			amount: { count: 25 },
		});
	});
	it("chooses a case that has no settings by its name alone", () => {
		const target = [
			parameter(["target"], "CASE", { default: "{random: true}", options: ["random", "centre", "sample"] }),
			parameter(["target", "random"], "BOOLEAN", { case: "random" }),
			parameter(["target", "centre"], "BOOLEAN", { case: "centre" }),
			parameter(["target", "sample"], "STRING", { case: "sample" }),
		];
		expect(sectionInput(target, {}, "a")).toEqual({});
		expect(sectionInput(target, { "a.target": "centre" }, "a")).toEqual({ target: { centre: true } });
		expect(sectionInput(target, { "a.target": "sample", "a.target.sample": "test-3" }, "a")).toEqual({
			target: { sample: "test-3" },
		});
	});
	it("sends null for a number that may be left out, and was", () => {
		const clip = parameter(["clipNorm"], "FLOAT", { default: "1", isNullable: true });
		expect(sectionInput([clip], { "t.clipNorm": "" }, "t")).toEqual({ clipNorm: null });
	});
	it("draws the parameters of the chosen case alone", () => {
		const shown = inForce(amount, { "a.amount": "count" }, "a").map(({ path }) => path.join("."));
		expect(shown).toEqual(["from", "amount", "amount.count", "goals"]);
	});
	it("names attack and defenses as cases of their inputs", () => {
		const values = { "cure.epochs": "5", "label.goals": "sheep>aeroplane,sofa>bird", "evaluation.probes": "4" };
		expect(experimentInput(catalog, values, { dataset: "", attack: "label", defenses: ["cure"], seed: 7 })).toEqual({
			attack: {
				label: {
					goals: [
						{ from: "sheep", to: "aeroplane" },
						{ from: "sofa", to: "bird" },
					],
				},
			},
			defenses: [{ cure: { epochs: 5 } }],
			checkpoints: {},
			training: {},
			evaluation: { probes: 4 },
			seed: 7,
		});
	});
});

describe("what the form refuses", () => {
	it("names the number, the limit and what is wanted", () => {
		const rate = amount[2]!;
		expect([faultOf(rate, "2"), faultOf(rate, "-1"), faultOf(rate, "x"), faultOf(rate, "0.5")]).toEqual([
			"2 is too large; give at most 1.",
			"-1 is too small; give at least 0.",
			'"x" is not a number.',
			undefined,
		]);
		expect(faultOf(amount[3]!, "2.5")).toBe("2.5 is not a whole number.");
	});
	it("holds to limits that are exclusive, and to each number of a list", () => {
		const betas = parameter(["betas"], "FLOAT", {
			default: "[0.9, 0.98]",
			isList: true,
			maximum: 1,
			isMaximumExclusive: true,
		});
		expect([faultOf(betas, "0.9, 0.5"), faultOf(betas, "0.9, 1")]).toEqual([
			undefined,
			"1 is too large; give less than 1.",
		]);
		expect(sectionInput([betas], { "t.betas": "0.8, 0.9" }, "t")).toEqual({ betas: [0.8, 0.9] });
		expect(defaultText(betas)).toBe("0.9, 0.98");
	});
	it("takes seeds that are whole, not negative and different", () => {
		expect(["1, 2 5", "", "1,1", "-1", "a"].map(parseSeeds)).toEqual([[1, 2, 5], null, null, null, null]);
	});
});

describe("goals", () => {
	it("are read from a default's literal and from the address alike", () => {
		const wanted = [{ from: "sheep", to: "aeroplane" }];
		expect([parseGoals('[{from: "sheep", to: "aeroplane"}]'), parseGoals("sheep>aeroplane")]).toEqual([wanted, wanted]);
	});
});

describe("a run made from another", () => {
	it("finds settings that lie in a case of their own", () => {
		const threshold = [
			parameter(["threshold"], "CASE", { default: "{mixture: {posterior: 0.5}}", options: ["mixture", "fixed"] }),
			parameter(["threshold", "fixed", "distance"], "FLOAT", { default: "0.8", case: "fixed" }),
		];
		const filtered: Catalog = { ...catalog, defenses: [{ name: "filter", ...entry, parameters: threshold }] };
		const text = JSON.stringify({
			dataset: { name: "emojiPascal", params: {} },
			attack: { name: "label", params: {} },
			defenses: [{ name: "filter", params: { threshold: { kind: "fixed", distance: 0.7 } } }],
			training: {},
		});
		const { values } = valuesOfConfig(filtered, text);
		expect(values).toEqual({ "filter.threshold": "fixed", "filter.threshold.fixed.distance": "0.7" });
		expect(sectionInput(threshold, values, "filter")).toEqual({ threshold: { fixed: { distance: 0.7 } } });
	});
	it("names an imported set by its hash, and no other set", () => {
		const choice = { attack: "label", defenses: [], seed: 1 };
		const hash = "b".repeat(64);
		expect(experimentInput(catalog, {}, { ...choice, dataset: hash })).toMatchObject({
			dataset: { imported: { hash } },
		});
		expect(experimentInput(catalog, {}, { ...choice, dataset: "" })).not.toHaveProperty("dataset");
		const text = JSON.stringify({
			dataset: { name: "made", params: { filler: 2000 } },
			attack: { name: "label", params: {} },
			defenses: [],
			checkpoints: { start: null },
			training: {},
			evaluation: {},
		});
		expect(valuesOfConfig(catalog, text).choice.dataset).toBe("");
	});
	it("takes names with spaces out of a list", () => {
		const leaveOut = parameter(["leaveOut"], "STRING", { isList: true, default: '["toaster"]' });
		expect(sectionInput([leaveOut], { "coco.leaveOut": "toaster, hair drier" }, "coco")).toEqual({
			leaveOut: ["toaster", "hair drier"],
		});
	});
	it("has its values where they are not the defaults", () => {
		const text = JSON.stringify({
			dataset: { name: "imported", params: { folder: null, hash: "a".repeat(64), captions: "plain" } },
			attack: { name: "label", params: { from: "cow", amount: { kind: "count", count: 9 } } },
			defenses: [{ name: "cure", params: { epochs: 3 } }],
			checkpoints: { start: "clip" },
			training: { freeze: "text" },
			evaluation: { probes: 2 },
		});
		expect(valuesOfConfig(catalog, text)).toEqual({
			choice: { dataset: "a".repeat(64), attack: "label", defenses: ["cure"] },
			values: {
				"imported.captions": "PLAIN",
				"checkpoints.start": "clip",
				"label.from": "cow",
				"label.amount": "count",
				"label.amount.count": "9",
				"training.freeze": "TEXT",
				"evaluation.probes": "2",
			},
		});
	});
	it("makes the data set and starts from the checkpoint of the run that it is made from", () => {
		const text = JSON.stringify({
			dataset: { name: "made", params: { filler: 500 } },
			attack: { name: "label", params: {} },
			defenses: [],
			checkpoints: { start: "clip" },
			training: {},
			evaluation: {},
		});
		const { choice, values } = valuesOfConfig(catalog, text);
		expect(experimentInput(catalog, values, { ...choice, seed: 1 })).toMatchObject({
			dataset: { made: { filler: 500 } },
			checkpoints: { start: "clip" },
		});
	});
});
