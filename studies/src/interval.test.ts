import { describe, expect, test } from "vitest";
import { interval, tQuantile } from "./interval.ts";

describe("95 % interval", () => {
	// Printed tables of Student's t, two-sided 5 %.
	test.each([
		[1, 12.7062],
		[2, 4.30265],
		[4, 2.77645],
		[9, 2.26216],
		[30, 2.04227],
		[1000, 1.96234],
	])("uses t = %f degrees of freedom -> %f", (freedom, expected) => {
		expect(tQuantile(freedom)).toBeCloseTo(expected, 4);
	});

	test("of five values agrees with the textbook formula", () => {
		const { mean, deviation, low, high, n } = interval([2, 4, 4, 5, 10]);
		expect([mean, n]).toEqual([5, 5]);
		expect(deviation).toBeCloseTo(3, 12);
		// 5 -+ 2.776445 x 3 / sqrt(5)
		expect(low).toBeCloseTo(1.27501, 4);
		expect(high).toBeCloseTo(8.72499, 4);
	});

	test("of one value has no width to tell", () => {
		expect(interval([0.5])).toEqual({ mean: 0.5, deviation: null, low: null, high: null, n: 1 });
	});
});
