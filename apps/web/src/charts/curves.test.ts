import { describe, expect, it } from "vitest";
import { append, emptySeries, type Series } from "../live/series.ts";
import { align, draw, ends, firstFrom, nearest, smooth, splice } from "./curves.ts";

function seriesOf(values: readonly (number | null)[], every = 1): Series {
	return values.reduce<Series>(
		(series, value, index) =>
			append(series, { step: (index + 1) * every, value, nonFinite: value === null ? "NAN" : null, seq: index + 1 }),
		emptySeries("loss"),
	);
}
const whole = (series: Series) => series.last.subarray(0, series.length);

describe("finding steps", () => {
	it("finds the first step from a place on, also before the first and behind the last", () => {
		const { steps, length } = seriesOf([1, 2, 3], 10);
		expect([0, 10, 11, 31].map((step) => firstFrom(steps, length, step))).toEqual([0, 0, 1, 3]);
	});
	it("takes the nearer of two neighbours", () => {
		expect([-5, 14, 16, 99].map((step) => nearest(seriesOf([1, 2, 3], 10), step))).toEqual([0, 0, 1, 2]);
		expect(nearest(emptySeries("none"), 3)).toBe(-1);
	});
});

describe("smoothing", () => {
	it("starts at the first value and leaves a constant as it is", () => {
		expect([...smooth(Float64Array.of(7, 7, 7), 3, 0.9)].map((value) => value.toFixed(9))).toEqual(
			Array(3).fill("7.000000000"),
		);
	});
	it("passes over values that are not finite and keeps them as gaps", () => {
		expect([...smooth(Float64Array.of(1, Number.NaN, 1), 3, 0.5)]).toEqual([1, Number.NaN, 1]);
	});
	it("changes nothing with weight 0", () => {
		expect([...smooth(Float64Array.of(3, 1, 2), 3, 0)]).toEqual([3, 1, 2]);
	});
});

describe("drawing", () => {
	it("draws every point while there is room", () => {
		const series = seriesOf([1, 2, 3, 4]);
		const drawn = draw(series, [0, 9], { limit: 10, line: whole(series) });
		expect([drawn.steps, drawn.bucketed]).toEqual([[1, 2, 3, 4], false]);
	});
	it("takes one point more on either side, so that a line enters and leaves the view", () => {
		const series = seriesOf([1, 2, 3, 4, 5, 6]);
		expect(draw(series, [2.5, 4.5], { limit: 10, line: whole(series) }).steps).toEqual([2, 3, 4, 5]);
	});
	it("keeps a single spike of a hundred thousand points within the band", () => {
		const length = 100_000;
		const steps = Float64Array.from({ length }, (_, index) => index);
		const last = new Float64Array(length).fill(1);
		last[54_321] = 99;
		const series: Series = { ...emptySeries("loss"), length, steps, last, min: last, max: last };
		const drawn = draw(series, [0, length], { limit: 2000, line: last });
		expect(drawn.steps.length).toBeLessThanOrEqual(1000);
		expect([Math.max(...drawn.max), Math.min(...drawn.min), drawn.bucketed]).toEqual([99, 1, true]);
		expect(drawn.steps.at(-1)).toBe(length - 1);
	});
	it("gives each column its places on the common steps", () => {
		const { steps, indices } = align([{ steps: [1, 3] }, { steps: [2, 3] }]);
		expect([steps, indices.map((one) => [...one])]).toEqual([
			[1, 2, 3],
			[
				[0, -1, 1],
				[-1, 0, 1],
			],
		]);
	});
});

describe("a closer look", () => {
	it("replaces the coarse points within its steps and keeps those around it", () => {
		const coarse = seriesOf([10, 20, 30, 40], 10);
		const fine: Series = { ...seriesOf([1, 2, 3]), steps: Float64Array.of(15, 20, 25) };
		const joined = splice(coarse, fine);
		expect([...joined.steps.subarray(0, joined.length)]).toEqual([10, 15, 20, 25, 30, 40]);
		expect([...joined.last.subarray(0, joined.length)]).toEqual([10, 1, 2, 3, 30, 40]);
	});
});

describe("a summary", () => {
	it("tells the first and last value that is a number", () => {
		expect(ends(seriesOf([null, 4, 3, 2, null]))).toEqual({ first: 4, last: 2 });
		expect(ends(seriesOf([null]))).toBeNull();
	});
});
