import { describe, expect, test } from "vitest";
import { coarser, cumulate, mixtureCount, operatingPoint, operatingPoints } from "./operating-point.ts";

// Four bins of width 0.25 over [0, 1]: clean pairs lie close, poisoned ones far apart.
const histogram = { minimum: 0, maximum: 1, clean: [60, 30, 10, 0], poisoned: [0, 0, 2, 8] };
const cumulative = cumulate(histogram);

describe("an operating point", () => {
	test("counts what lies above the threshold as removed", () => {
		expect(operatingPoint(cumulative, 0.5)).toEqual({
			threshold: 0.5,
			kept: 90,
			removed: 20,
			poisonLeft: 0,
			cleanLost: 10,
			truePositiveRate: 1,
			falsePositiveRate: 0.1,
			precision: 0.5,
		});
	});

	test("spreads the samples of a bin evenly", () => {
		expect(operatingPoint(cumulative, 0.125)).toMatchObject({ kept: 30, cleanLost: 70 });
	});

	test("keeps all beyond the largest distance and none below the smallest", () => {
		expect(operatingPoint(cumulative, 7)).toMatchObject({ kept: 110, removed: 0, precision: null });
		expect(operatingPoint(cumulative, -1)).toMatchObject({ kept: 0, removed: 110, truePositiveRate: 1 });
	});

	test("has no rates without poisoned samples", () => {
		const harmless = cumulate({ ...histogram, poisoned: [0, 0, 0, 0] });
		expect(operatingPoint(harmless, 0.5)).toMatchObject({
			truePositiveRate: null,
			falsePositiveRate: 0.1,
			precision: 0,
		});
	});
});

describe("the curve of all thresholds", () => {
	test("runs from removing everything to removing nothing", () => {
		const points = operatingPoints(cumulative);
		expect(points).toHaveLength(5);
		expect(points[0]).toMatchObject({ kept: 0 });
		expect(points[4]).toMatchObject({ removed: 0 });
	});

	test("has the area that the ranks of the samples give", () => {
		// 8 poisoned above all clean; 2 share a bin with 10 clean (half of those pairs) and lie above 90.
		const byHand = (8 * 100 + 2 * (90 + 10 / 2)) / (10 * 100);
		const points = operatingPoints(cumulative);
		const area = points.reduce((sum, { truePositiveRate: y, falsePositiveRate: x }, at) => {
			const before = points[at - 1];
			return before ? sum + ((before.falsePositiveRate! - x!) * (before.truePositiveRate! + y!)) / 2 : sum;
		}, 0);
		expect(area).toBeCloseTo(byHand, 12);
	});

	test("has no rates of a kind that is missing", () => {
		const [point] = operatingPoints(cumulate({ ...histogram, poisoned: [0, 0, 0, 0] }));
		expect(point!.truePositiveRate).toBeNull();
	});
});

test("coarser bins hold the same samples", () => {
	expect(coarser([1, 2, 3, 4, 5], 2)).toEqual([6, 9]);
	expect(coarser([1, 2, 3], 10)).toEqual([1, 2, 3]);
});

test("a mixture's expected counts add up to the samples it was fitted to", () => {
	const components = [
		{ weight: 0.9, mean: 0.3, deviation: 0.05 },
		{ weight: 0.1, mean: 0.7, deviation: 0.1 },
	];
	const width = 0.01;
	let sum = 0;
	for (let at = -1; at < 2; at += width) sum += mixtureCount(components, { at, width, total: 1000 });
	expect(sum).toBeCloseTo(1000, 6);
});
