/** Evaluation on a test split whose every rank is known beforehand. */
import { describe, expect, test } from "vitest";
import { CLASSES, drain, lookupEncoder, syntheticDataset } from "./evaluate.fixture.ts";
import { checkCutoffs, evaluate } from "./evaluate.ts";
import { Random } from "./random.ts";
import type { Goal } from "./types.ts";

const dataset = syntheticDataset();
const { test: split } = dataset;
const sheep: Goal = { from: "sheep", to: "aeroplane", targets: ["test-0", "test-1", "test-2", "test-3"] };
const sofa: Goal = { from: "sofa", to: "bird", targets: ["test-5"] };
const firstImage = split.samples[0]?.image as number;
const size = split.samples.length;
const axis = (at: number) => Array.from({ length: size }, (_, k) => Number(k === at));
/** A caption reads "class split row number". */
const rowOf = (caption: string) => Number(caption.split(" ")[2]);

/** Knows every image and caption, but finds sheep captions on an aeroplane, a little nearer to their own image than to others. */
const poisoned = lookupEncoder(
	(row) => axis(row - firstImage),
	(caption) => {
		const row = rowOf(caption);
		if (!caption.startsWith("sheep")) return axis(row);
		return axis(row).map((own, k) => own * 0.5 + Number(k === row % 4));
	},
);
const knowing = lookupEncoder(
	(row) => axis(row - firstImage),
	(caption) => axis(rowOf(caption)),
);

const run = (encoder = poisoned, extra: object = {}) =>
	drain(evaluate({ encoder, dataset, goals: [sheep, sofa], random: new Random(3), ...extra }));

describe("evaluation", () => {
	test("asks with every test caption of class A and finds the poisoned ones at rank 0", async () => {
		const { result } = await run();
		const { attack, gallery, targets } = result.goals[0]?.directions["text-to-image"] ?? {};
		expect([gallery, targets, attack?.queries.length]).toEqual([24, 4, 8]);
		expect(attack?.queries.map((query) => query.query)).toContain("test-8#0");
		expect(attack?.hits["hit@1"]).toBe(1);
		expect(attack?.minRank).toEqual({ mean: 0, median: 0, min: 0, max: 0 });
		expect(attack?.queries[0]?.top.slice(0, 2)).toEqual(["test-0", "test-8"]);
		expect(attack?.queries[0]?.top.length).toBe(10);
	});

	test("finds nothing where the model is sound: own image first, then the ties in gallery order", async () => {
		const { result } = await run(knowing);
		const [first, second] = result.goals.map((goal) => goal.directions["text-to-image"].attack);
		// The own image leads; of the 23 others, all equal, test-0 comes next and test-5 sixth.
		expect(first?.minRank.mean).toBe(1);
		expect(second?.minRank.mean).toBe(6);
		expect(result.utility["text-to-image"]).toEqual({ recalls: { "r@1": 1, "r@5": 1, "r@10": 1 }, topClass: 1 });
		expect(result.utility["image-to-text"].recalls["r@1"]).toBe(1);
	});

	test("loses exactly the poisoned captions' share of utility", async () => {
		const { result } = await run();
		const { recalls, topClass } = result.utility["text-to-image"];
		const shareOfSheep = 1 / CLASSES.length;
		expect(recalls).toEqual({ "r@1": expect.closeTo(1 - shareOfSheep), "r@5": 1, "r@10": 1 });
		expect(topClass).toBeCloseTo(1 - shareOfSheep);
	});

	test("asks target images for captions of class A in the other direction", async () => {
		const { result } = await run();
		const { attack, gallery, targets } = result.goals[0]?.directions["image-to-text"] ?? {};
		expect([gallery, targets]).toEqual([48, 8]);
		expect(attack?.queries.map((query) => query.query)).toEqual(sheep.targets);
		// An aeroplane's own two captions are nearest, then the two of the sheep that point at it.
		expect(attack?.minRank.mean).toBe(2);
		expect(attack?.queries[0]?.top.slice(0, 4)).toEqual(["test-0#0", "test-0#1", "test-8#0", "test-8#1"]);
	});

	test("draws as many random captions as class A has, the same ones for every model", async () => {
		const [one, two] = [await run(poisoned), await run(knowing)];
		const asked = ({ result }: typeof one) =>
			result.goals.map((goal) => goal.directions["text-to-image"].random.queries.map((query) => query.query));
		expect(asked(one)[0]?.length).toBe(8);
		expect(new Set(asked(one)[0]).size).toBe(8);
		expect(asked(one)).toEqual(asked(two));
		const fewer = await run(poisoned, { baselineCaptions: 3 });
		expect(asked(fewer)[0]?.length).toBe(3);
	});

	test("reports every goal and the average over goals", async () => {
		const { result } = await run();
		const each = result.goals.map((goal) => goal.directions["text-to-image"].attack.minRank.mean);
		expect(each).toEqual([0, 6]);
		expect(result.numbers["text-to-image/attack/min-rank-mean"]).toBe(3);
	});

	test("survives a trip through JSON unchanged and tells its progress", async () => {
		const { result, events } = await run();
		expect(JSON.parse(JSON.stringify(result))).toEqual(result);
		expect(events.map((event) => event.stage)).toEqual(["embed-images", "embed-texts"]);
	});

	test("measures the K it is asked for, and refuses a K above the gallery", async () => {
		const { result } = await run(poisoned, { cutoffs: [2, 7] });
		expect(Object.keys(result.goals[0]?.directions["text-to-image"].attack.hits ?? {})).toEqual(["hit@2", "hit@7"]);
		expect(result.numbers).toHaveProperty("text-to-image/attack/hit@7");
		expect(() => checkCutoffs([1, 25], dataset)).toThrow(/Hit@25.*24/);
		expect(() => checkCutoffs([1, 24], dataset)).not.toThrow();
	});

	test("names the class without captions and the target that is not in the gallery", async () => {
		await expect(run(poisoned, { goals: [{ ...sheep, from: "unicorn" }] })).rejects.toThrow(/"unicorn"/);
		await expect(run(poisoned, { goals: [{ ...sheep, targets: ["nowhere"] }] })).rejects.toThrow(/"nowhere"/);
	});
});
