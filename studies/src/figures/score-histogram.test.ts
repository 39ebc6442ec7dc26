import { expect, test } from "vitest";
import type { Observation } from "../contract.ts";
import { scoreHistogram } from "./score-histogram.ts";

const quantity = { title: "distance", unit: "distance", attackerWants: null } as const;

function filtered(
	seed: number,
	histogram: { minimum: number; maximum: number; clean: number[]; poisoned: number[] },
): Observation {
	const filter = { threshold: seed / 10, auroc: 1, kept: 0, removed: 0, poisonLeft: 0, cleanLost: 0, histogram };
	return { cell: "a", coordinates: {}, seed, model: "filtered", step: null, steps: null, numbers: {}, filter };
}

test("scores of several seeds are pooled over bins that all share, evenly, as shares of each kind", () => {
	// 64 bins of one pair each are flat, whatever bins they are drawn in; the second seed reaches half as far.
	const flat = new Array<number>(64).fill(1);
	const none = new Array<number>(64).fill(0);
	const one = scoreHistogram(
		[filtered(1, { minimum: 0, maximum: 1, clean: flat, poisoned: none })],
		{ cell: "a", model: "filtered" },
		quantity,
	);
	for (const share of one.series[0]!.shares) expect(share).toBeCloseTo(1 / 40, 12);
	const two = scoreHistogram(
		[
			filtered(1, { minimum: 0, maximum: 1, clean: flat, poisoned: none }),
			filtered(2, { minimum: 0, maximum: 0.5, clean: flat, poisoned: [1, ...none.slice(1)] }),
		],
		{ cell: "a", model: "filtered" },
		quantity,
	);
	const [clean, poisoned] = two.series.map(({ shares }) => shares);
	// 64 pairs over 40 bins and 64 over the first 20 of them.
	expect(clean![0]).toBeCloseTo((1.6 + 3.2) / 128, 12);
	expect(clean![39]).toBeCloseTo(1.6 / 128, 12);
	expect(poisoned![0]).toBeCloseTo(1, 12);
	expect(clean!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
	expect(two.marks[0]!.x).toBeCloseTo(0.15, 12);
});

test("no scores, or all the same, give an empty figure and no error", () => {
	expect(scoreHistogram([], { cell: "a", model: "filtered" }, quantity)).toMatchObject({
		minimum: 0,
		maximum: 1,
		marks: [],
	});
});
