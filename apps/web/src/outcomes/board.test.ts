import { describe, expect, it } from "vitest";
import { type BoardRun, boardOf, type Outcome } from "./board.ts";
import { estimate } from "./statistics.ts";

const outcome = (model: string, hitAt10: number): Outcome => ({
	model,
	hitAt1: 0,
	hitAt5: 0,
	hitAt10,
	minRank: 0,
	imageRetrievalAt10: 1,
	textRetrievalAt10: 1,
	seconds: 3,
});
const run = (seed: number, poisoned: number, cured: number, variant = ""): BoardRun => ({
	seed,
	variant,
	outcomes: [outcome("cured", cured), outcome("poisoned", poisoned)],
});

describe("an interval over seeds", () => {
	it("agrees with the textbook's formula", () => {
		// 5 -+ 2.776 x 3 / sqrt(5)
		const found = estimate([2, 4, 4, 5, 10]);
		expect(found?.mean).toBe(5);
		expect(found?.low).toBeCloseTo(1.2755, 3);
		expect(found?.high).toBeCloseTo(8.7245, 3);
	});
	it("has no width for one value, and nothing for none", () => {
		expect([estimate([2]), estimate([])]).toEqual([{ mean: 2, low: null, high: null, n: 1 }, null]);
	});
	it("goes on smoothly beyond the table", () => {
		const reach = (n: number) => {
			const found = estimate(Array.from({ length: n }, (_, index) => index % 2));
			return ((found?.high ?? 0) - (found?.mean ?? 0)) / Math.sqrt(0.25 / (n - 1));
		};
		// Student's t with 60 degrees of freedom is 2.000.
		expect(reach(61)).toBeCloseTo(2, 2);
	});
});

describe("the board", () => {
	it("measures a defense against the poisoned model of its own run", () => {
		const [poisoned, cured] = boardOf([run(1, 0.9, 0.1), run(2, 0.7, 0.1)]);
		expect([poisoned?.model, poisoned?.change("hitAt10")]).toEqual(["poisoned", null]);
		expect(cured?.change("hitAt10")?.mean).toBeCloseTo(-0.7);
		expect([cured?.change("hitAt10")?.n, cured?.value("hitAt10")?.mean]).toEqual([2, 0.1]);
	});
	it("keeps the variants of a defense apart, and counts the attacked model once per seed", () => {
		const columns = boardOf([run(1, 0.9, 0.1, "mild"), run(1, 0.9, 0.3, "strict"), run(2, 0.7, 0.3, "strict")]);
		expect(columns.map(({ model, variant, n }) => [model, variant, n])).toEqual([
			["poisoned", "", 2],
			["cured", "mild", 1],
			["cured", "strict", 2],
		]);
	});
});
