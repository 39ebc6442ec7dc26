import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gather } from "./buckets.ts";

const curve = (values: readonly number[]) => ({ steps: values.map((_, at) => at * 10), values });

describe("buckets", () => {
	test("keep one spike among a hundred thousand points", () => {
		const values = Array.from({ length: 100_000 }, (_, at) => (at === 54_321 ? 1000 : Math.sin(at)));
		const { steps, max, min, last } = gather(curve(values), 1000, "MIN_MAX_LAST");
		expect([steps.length, last.length, min?.length, max?.length]).toEqual([1000, 1000, 1000, 1000]);
		expect(max?.filter((value) => value === 1000)).toHaveLength(1);
		expect(max?.[543]).toBe(1000);
	});

	test("list non-finite points with their step, and keep them out of the extremes", () => {
		const values = [1, Number.NaN, 3, Number.POSITIVE_INFINITY, 5, Number.NEGATIVE_INFINITY];
		const buckets = gather(curve(values), 3, "MIN_MAX_LAST");
		expect(buckets.last).toEqual([null, null, null]);
		expect(buckets.min).toEqual([1, 3, 5]);
		expect(buckets.max).toEqual([1, 3, 5]);
		expect(buckets.nonFinite).toEqual([
			{ index: 0, step: 10, kind: "NAN" },
			{ index: 1, step: 30, kind: "POSITIVE_INFINITY" },
			{ index: 2, step: 50, kind: "NEGATIVE_INFINITY" },
		]);
	});

	test("a bucket of nothing finite has no extremes", () => {
		expect(gather(curve([Number.NaN, Number.NaN, 1, 2]), 2, "MIN_MAX_LAST").min).toEqual([null, 1]);
	});

	test("a curve that fits is returned point by point", () => {
		const { method, last, min } = gather(curve([3, 1, 2]), 3, "MIN_MAX_LAST");
		expect([method, last, min]).toEqual(["RAW", [3, 1, 2], null]);
		expect(gather(curve([]), 10, "MIN_MAX_LAST").steps).toEqual([]);
	});

	test("together span all points: the extremes and the last value are those of the curve", () => {
		fc.assert(
			fc.property(
				fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 300 }),
				fc.integer({ min: 1, max: 2 }),
				(values, most) => {
					const { min, max, last } = gather(curve(values), most, "MIN_MAX_LAST");
					expect(Math.min(...(min as number[]))).toBe(Math.min(...values));
					expect(Math.max(...(max as number[]))).toBe(Math.max(...values));
					expect(last.at(-1)).toBe(values.at(-1));
				},
			),
		);
	});
});
