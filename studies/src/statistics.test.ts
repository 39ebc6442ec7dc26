import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rankCorrelation, ranksOf } from "./statistics.ts";

describe("rank correlation", () => {
	test("of a textbook's list with ties", () => {
		expect(ranksOf([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1]);
		// No ties: 1 - 6 (1 + 1 + 0 + 0) / (4 x 15).
		expect(rankCorrelation([1, 2, 3, 4], [20, 10, 30, 40])).toBeCloseTo(0.8, 12);
		expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
		expect(rankCorrelation([1, 2, 3], [5, 5, 5])).toBe(0);
	});

	test("lies between -1 and 1 and takes no notice of which list comes first, or of growing maps", () => {
		const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
			minLength: 2,
		});
		fc.assert(
			fc.property(pairs, (list) => {
				const [xs, ys] = [list.map(([x]) => x), list.map(([, y]) => y)];
				const found = rankCorrelation(xs, ys);
				expect(Math.abs(found)).toBeLessThanOrEqual(1 + 1e-12);
				expect(rankCorrelation(ys, xs)).toBeCloseTo(found, 12);
				expect(
					rankCorrelation(
						xs.map((x) => x ** 3),
						ys,
					),
				).toBeCloseTo(found, 12);
			}),
		);
	});
});
