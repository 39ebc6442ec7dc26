import { describe, expect, it } from "vitest";
import {
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
	...rest,
});

const amount = [
	parameter(["from"], "CLASS", { default: '"sheep"' }),
	parameter(["amount"], "CASE", { default: "poisonRate", options: ["poisonRate", "count"] }),
	parameter(["amount", "poisonRate"], "FLOAT", { default: "0.01", minimum: 0, maximum: 1, case: "poisonRate" }),
	parameter(["amount", "count"], "INT", { default: "25", minimum: 1, case: "count" }),
	parameter(["goals"], "GOALS"),
];
const entry = { title: "", description: "", source: "" };
const catalog: Catalog = {
	attacks: [{ name: "label", ...entry, parameters: amount }],
	defenses: [{ name: "cure", ...entry, parameters: [parameter(["epochs"], "INT", { default: "3" })] }],
	training: [parameter(["freeze"], "ENUM", { default: "NONE", options: ["NONE", "TEXT"] })],
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
	it("draws the parameters of the chosen case alone", () => {
		const shown = inForce(amount, { "a.amount": "count" }, "a").map(({ path }) => path.join("."));
		expect(shown).toEqual(["from", "amount", "amount.count", "goals"]);
	});
	it("names attack and defenses as cases of their inputs", () => {
		const values = { "cure.epochs": "5", "label.goals": "sheep>aeroplane,sofa>bird" };
		expect(experimentInput(catalog, values, { attack: "label", defenses: ["cure"], seed: 7 })).toEqual({
			attack: {
				label: {
					goals: [
						{ from: "sheep", to: "aeroplane" },
						{ from: "sofa", to: "bird" },
					],
				},
			},
			defenses: [{ cure: { epochs: 5 } }],
			training: {},
			seed: 7,
		});
	});
});

describe("what the form refuses", () => {
	it("names the number, the limit and what is wanted", () => {
		const rate = amount[2]!;
		expect([faultOf(rate, "2"), faultOf(rate, "-1"), faultOf(rate, "x"), faultOf(rate, "0.5")]).toEqual([
			"2 is above the most, 1.",
			"-1 is below the least, 0.",
			'"x" is not a number.',
			undefined,
		]);
		expect(faultOf(amount[3]!, "2.5")).toBe("2.5 is not a whole number.");
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
	it("has its values where they are not the defaults", () => {
		const text = JSON.stringify({
			attack: { name: "label", params: { from: "cow", amount: { kind: "count", count: 9 } } },
			defenses: [{ name: "cure", params: { epochs: 3 } }],
			training: { freeze: "text" },
		});
		expect(valuesOfConfig(catalog, text)).toEqual({
			choice: { attack: "label", defenses: ["cure"] },
			values: { "label.from": "cow", "label.amount": "count", "label.amount.count": "9", "training.freeze": "TEXT" },
		});
	});
});
