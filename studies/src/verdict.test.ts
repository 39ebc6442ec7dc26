import { describe, expect, test } from "vitest";
import { allOf, judge } from "./verdict.ts";

const verdict = (values: readonly number[], bound: Parameters<typeof judge>[1]["bound"]) =>
	judge("effect", { values, bound });

describe("a verdict", () => {
	// Mean 5, interval 1.27501 to 8.72499 (interval.test.ts).
	const values = [2, 4, 4, 5, 10];
	test.each([
		[{ atLeast: 1.27 }, "supported"],
		[{ atLeast: 1.28 }, "undecided"],
		[{ atLeast: 8.72 }, "undecided"],
		[{ atLeast: 8.73 }, "refuted"],
		[{ atMost: 8.73 }, "supported"],
		[{ atMost: 8.72 }, "undecided"],
		[{ atMost: 1.27 }, "refuted"],
		[{ atLeast: 1, atMost: 9 }, "supported"],
		[{ atLeast: 1, atMost: 8 }, "undecided"],
	] as const)("holds the whole interval against %o: %s", (bound, outcome) => {
		expect(verdict(values, bound).outcome).toBe(outcome);
	});

	test("does not call no difference more than zero", () => {
		expect(verdict([0, 0, 0], { moreThan: 0 }).outcome).toBe("refuted");
		expect(verdict([0, 0, 0], { atLeast: 0 }).outcome).toBe("supported");
	});

	test("decides nothing on one repetition or none", () => {
		expect(verdict([100], { atLeast: 0 })).toMatchObject({ outcome: "undecided", effect: { mean: 100, n: 1 } });
		expect(verdict([], { atLeast: 0 })).toMatchObject({ outcome: "undecided", effect: null });
	});

	test("of several parts is the worst one's, with the numbers of all", () => {
		const good = judge("a", { values: [1, 1], bound: { atLeast: 0 } });
		const open = judge("b", { values: [-1, 3], bound: { atLeast: 0 } });
		const bad = judge("c", { values: [-1, -1], bound: { atLeast: 0 } });
		expect(allOf([good, good]).outcome).toBe("supported");
		expect(allOf([good, open])).toMatchObject({ outcome: "undecided", quantity: "b" });
		expect(allOf([open, bad, good])).toMatchObject({ outcome: "refuted", quantity: "c" });
		expect(allOf([open, bad, good]).evidence.map(({ title }) => title)).toEqual(["b", "a"]);
	});
});
