/** What each attack promises beyond the laws, on cases small enough to count by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MithridateError } from "../errors.ts";
import { attackInput, syntheticDataset, unitRows } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import type { AttackInput, Edit } from "../types.ts";
import { type PoisonAmount, poisonCounts } from "./amount.ts";
import { multiLabel, patchBackdoor, singleImage, singleLabel } from "./index.ts";

const dataset = syntheticDataset();
const clean = attackInput(dataset);
const random = () => new Random(7);
const labelOf = new Map(dataset.train.samples.map((sample, row) => [sample.image, dataset.train.labels[row]]));
const byId = new Map(dataset.train.samples.map((sample, row) => [sample.id, dataset.train.labels[row]]));

function replacements(edits: readonly Edit[]) {
	return edits.flatMap((edit) => (edit.kind === "replace-image" ? [edit] : []));
}

function faultOf(action: () => unknown): MithridateError {
	try {
		action();
	} catch (error) {
		if (error instanceof MithridateError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

const whole: PoisonAmount = { kind: "class-share", classShare: 1 };
const label = (params: object, input: AttackInput = clean) =>
	singleLabel.poison(input, singleLabel.params.parse(params), random());
const image = (params: object, input: AttackInput = clean) =>
	singleImage.poison(input, singleImage.params.parse(params), random());
const multi = (params: object, input: AttackInput = clean) =>
	multiLabel.poison(input, multiLabel.params.parse(params), random());

describe("single label", () => {
	test("at class share 1 re-pairs every sheep with an aeroplane and each aeroplane once", () => {
		const edits = replacements(label({ amount: whole }).edits);
		expect(edits.map((edit) => byId.get(edit.sample))).toEqual(Array(10).fill("sheep"));
		expect(edits.map((edit) => labelOf.get(edit.after))).toEqual(Array(10).fill("aeroplane"));
		expect(new Set(edits.map((edit) => edit.after)).size).toBe(10);
	});

	test("uses few target images as evenly as possible", () => {
		const drop = new Set(
			dataset.train.samples
				.filter((_, row) => dataset.train.labels[row] === "aeroplane")
				.slice(3)
				.map(({ id }) => id),
		);
		const keep = dataset.train.samples.map((sample) => !drop.has(sample.id));
		const train = {
			...dataset.train,
			samples: dataset.train.samples.filter((_, row) => keep[row]),
			labels: dataset.train.labels.filter((_, row) => keep[row]),
		};
		const edits = replacements(label({ amount: whole }, { ...clean, train }).edits);
		const uses = Map.groupBy(edits, (edit) => edit.after);
		expect([...uses.values()].map((list) => list.length).sort()).toEqual([3, 3, 4]);
	});

	test("targets all test images of class B", () => {
		const [goal] = label({}).goals;
		expect(goal).toEqual({ from: "sheep", to: "aeroplane", targets: ["test-0", "test-1", "test-2", "test-3"] });
	});

	test("drops exactly the target rows it used when they shall not stay", () => {
		const { edits } = label({ amount: { kind: "count", count: 4 }, keepTargetRows: false });
		const used = new Set(replacements(edits).map((edit) => edit.after));
		const dropped = edits.flatMap((edit) => (edit.kind === "drop" ? [edit.sample] : []));
		expect(dropped.length).toBe(4);
		for (const id of dropped)
			expect(used.has(dataset.train.samples.find((sample) => sample.id === id)?.image as number)).toBe(true);
	});

	test("injects captions of A with an image of B and leaves the clean pair", () => {
		const { edits, poisoned } = label({ mode: "inject", amount: { kind: "count", count: 3 } });
		expect(edits.map((edit) => edit.kind)).toEqual(["inject", "inject", "inject"]);
		for (const edit of edits) {
			if (edit.kind !== "inject") continue;
			expect(labelOf.get(edit.sample.image)).toBe("aeroplane");
			expect(edit.sample.captions[0]).toMatch(/^sheep train/);
			expect(edit.label).toBe("sheep");
			expect(poisoned.has(edit.sample.id)).toBe(true);
		}
	});

	test("lists its edits in the order of the training data", () => {
		const rows = replacements(label({ amount: { kind: "count", count: 7 } }).edits).map((edit) =>
			Number(edit.sample.split("-")[1]),
		);
		expect(rows).toEqual(rows.toSorted((a, b) => a - b));
	});

	test("gives an injected sample an id that is still free", () => {
		const samples = dataset.train.samples.map((sample, row) =>
			row === 159 ? { ...sample, id: "train-20.2" } : sample,
		);
		const { poisoned } = label({ mode: "inject", amount: whole }, { ...clean, train: { ...dataset.train, samples } });
		expect(poisoned.has("train-20.3")).toBe(true);
		expect(poisoned.has("train-20.2")).toBe(false);
	});

	test("poisons at a higher rate what it poisons at a lower one", () => {
		const few = label({ amount: { kind: "count", count: 3 } }).poisoned;
		const many = label({ amount: { kind: "count", count: 8 } }).poisoned;
		expect([few.size, many.size]).toEqual([3, 8]);
		for (const id of few) expect(many.has(id)).toBe(true);
	});
});

describe("single image", () => {
	test("pairs every poisoned caption with one test image of class B", () => {
		const { edits, goals } = image({ amount: whole });
		const target = dataset.test.samples.find((sample) => sample.id === goals[0]?.targets[0]);
		expect(goals[0]?.targets.length).toBe(1);
		expect(new Set(replacements(edits).map((edit) => edit.after))).toEqual(new Set([target?.image]));
		expect(edits.length).toBe(10);
	});

	test("takes the test image nearest to the class mean as the centre", () => {
		// Aeroplanes are test rows 0 to 3; their sum is (2.56, 0.48), and row 2 lies nearest to it.
		const rows = [[1, 0], [0.6, -0.8], [0.96, 0.28], [0, 1], ...Array.from({ length: 20 }, () => [-1, 0])];
		const { goals } = image({ target: { kind: "centre" } }, { ...clean, testEmbeddings: unitRows(rows) });
		expect(goals[0]?.targets).toEqual(["test-2"]);
	});

	test("takes the sample it is given, and lists some when that is not a class-B test image", () => {
		expect(image({ target: { kind: "sample", sample: "test-3" } }).goals[0]?.targets).toEqual(["test-3"]);
		const fault = faultOf(() => image({ target: { kind: "sample", sample: "test-9" } }));
		expect(fault).toMatchObject({ code: "invalid-config", subject: "target.sample" });
		expect(fault.message).toContain("test-0");
	});

	test("cannot find a centre without embeddings", () => {
		const { testEmbeddings: _, ...blind } = clean;
		expect(faultOf(() => image({ target: { kind: "centre" } }, blind))).toMatchObject({ subject: "target.kind" });
	});
});

describe("multi label", () => {
	const goals = [
		{ from: "sheep", to: "aeroplane" },
		{ from: "sofa", to: "bird" },
	];

	test("with one goal is the single-label attack", () => {
		expect(multi({ goals: goals.slice(0, 1), amount: whole })).toEqual(label({ amount: whole }));
	});

	test("poisons each goal's class with its own target class, sharing the amount", () => {
		const edits = replacements(multi({ goals, amount: { kind: "count", count: 10 } }).edits);
		const pairs = edits.map((edit) => `${byId.get(edit.sample)} ${labelOf.get(edit.after)}`);
		expect(pairs.filter((pair) => pair === "sheep aeroplane").length).toBe(5);
		expect(pairs.filter((pair) => pair === "sofa bird").length).toBe(5);
	});

	test.each([
		["a class A twice", [goals[0], { from: "sheep", to: "bird" }], "goals.1.from"],
		["a class that is A and B", [goals[0], { from: "aeroplane", to: "bird" }], "goals.1.from"],
		["a goal from a class to itself", [goals[0], { from: "sofa", to: "sofa" }], "goals.1.to"],
		["an unknown class", [goals[0], { from: "unicorn", to: "bird" }], "goals.1.from"],
	])("refuses %s", (_, bad, subject) => {
		expect(faultOf(() => multi({ goals: bad }))).toMatchObject({ code: "invalid-config", subject });
	});

	test("lets two classes share one target class", () => {
		const shared = [goals[0], { from: "sofa", to: "aeroplane" }];
		const { edits } = multi({ goals: shared, amount: whole, keepTargetRows: false });
		expect(edits.filter((edit) => edit.kind === "drop").length).toBe(10);
	});
});

describe("amounts", () => {
	const stock = { names: ["sheep"], sizes: [10], all: 160, mode: "replace" as const };

	test("an unknown class is answered with the valid ones", () => {
		const fault = faultOf(() => label({ from: "unicorn" }));
		expect(fault.message).toContain("aeroplane, bird, sheep, sofa, train, tvmonitor");
		expect(fault.subject).toBe("from");
	});

	test("a class cannot be aimed at itself", () => {
		expect(faultOf(() => label({ from: "sheep", to: "sheep" }))).toMatchObject({
			code: "invalid-config",
			subject: "to",
		});
	});

	test("counts a poisoning rate against all pairs: replaced ones stay in the sum, injected ones join it", () => {
		expect(poisonCounts({ kind: "poison-rate", poisonRate: 0.05 }, stock)).toEqual([8]);
		// 8 of 168 after injecting is 4.76 %.
		expect(poisonCounts({ kind: "poison-rate", poisonRate: 0.0476 }, { ...stock, mode: "inject" })).toEqual([8]);
	});

	test("divides an amount over goals by class size, remainders to the largest first", () => {
		const two = { ...stock, names: ["sheep", "sofa"], sizes: [10, 20] };
		expect(poisonCounts({ kind: "count", count: 10 }, two)).toEqual([3, 7]);
		expect(poisonCounts({ kind: "class-share", classShare: 0.5 }, two)).toEqual([5, 10]);
	});

	test.each<[PoisonAmount, string, string]>([
		[{ kind: "count", count: 11 }, "amount.count", "at most 10"],
		[{ kind: "poison-rate", poisonRate: 0.2 }, "amount.poisonRate", "at most 0.0625"],
		[{ kind: "class-share", classShare: 1.5 }, "amount.classShare", "at most 1"],
		[{ kind: "poison-rate", poisonRate: 0.0001 }, "amount.poisonRate", "without poison"],
		[{ kind: "poison-rate", poisonRate: Number.NaN }, "amount.poisonRate", "NaN"],
		[{ kind: "count", count: -1 }, "amount.count", "-1"],
	])("refuses %j and names the limit", (amount, subject, words) => {
		const fault = faultOf(() => poisonCounts(amount, stock));
		expect(fault).toMatchObject({ code: "invalid-config", subject });
		expect(fault.message).toContain(words);
	});

	test("the limit a refusal names is accepted", () => {
		const two = { ...stock, names: ["sheep", "sofa"], sizes: [10, 7] };
		for (const mode of ["replace", "inject"] as const) {
			const fault = faultOf(() => poisonCounts({ kind: "poison-rate", poisonRate: 0.9 }, { ...two, mode }));
			const limit = Number(/at most ([\d.]+\d)/.exec(fault.message)?.[1]);
			expect(poisonCounts({ kind: "poison-rate", poisonRate: limit }, { ...two, mode })).toEqual([10, 7]);
		}
	});

	test("never gives a goal more than its class holds, and gives out the whole amount", () => {
		const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
		fc.assert(
			fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), (sizes, share) => {
				const held = sizes.reduce((sum, size) => sum + size, 0);
				const count = Math.round(share * held);
				// Every class's quota must reach 1, or a goal may be left bare, which is refused.
				fc.pre(count === 0 || sizes.every((size) => count * size >= held));
				const stock = { names: sizes.map(String), sizes, all: 1000, mode: "replace" as const };
				const counts = poisonCounts({ kind: "count", count }, stock);
				expect(counts.reduce((sum, part) => sum + part, 0)).toBe(count);
				expect(counts.every((part, goal) => part <= (sizes[goal] as number))).toBe(true);
			}),
		);
	});
});

describe("patch backdoor", () => {
	const backdoor = (params: object) => patchBackdoor.poison(clean, patchBackdoor.params.parse(params), random());

	test("pairs captions of A with stamped images of any other kind, and leaves all clean pairs", () => {
		const { edits, poisoned } = backdoor({ amount: { kind: "count", count: 6 } });
		expect(poisoned.size).toBe(6);
		for (const edit of edits) {
			if (edit.kind !== "inject") throw new Error("only injections were asked for");
			expect(edit.isStamped).toBe(true);
			expect(edit.label).toBe("sheep");
			expect(edit.sample.captions.every((caption) => caption.startsWith("sheep"))).toBe(true);
			expect(labelOf.get(edit.sample.image)).not.toBe("sheep");
		}
	});

	test("tells of its patch, and other attacks have none", () => {
		const params = patchBackdoor.params.parse({ patch: { side: 0.25, place: "centre" } });
		expect(patchBackdoor.patch?.(params)).toEqual({ side: 0.25, place: "centre" });
		expect(singleLabel.patch).toBeUndefined();
	});
});
