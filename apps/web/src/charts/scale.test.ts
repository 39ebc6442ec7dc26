import { describe, expect, it } from "vitest";
import { extent, linear, logarithmic, logarithmicTicks, ticks, widened } from "./scale.ts";

describe("scales", () => {
	it("maps the ends of the domain to the ends of the range, and a point to its middle", () => {
		const scale = linear([10, 20], [100, 0]);
		expect([scale(10), scale(15), scale(20), linear([3, 3], [0, 8])(3)]).toEqual([100, 50, 0, 4]);
	});
	it("puts ticks on round numbers within the interval", () => {
		expect(ticks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
		expect(ticks([0.13, 0.42], 3)).toEqual([0.2, 0.3, 0.4]);
		expect(ticks([5, 5], 4)).toEqual([5]);
	});
	it("gives equal space to equal factors, and round powers to stand at", () => {
		const scale = logarithmic([1, 100], [0, 80]);
		expect([1, 10, 100].map((value) => Math.round(scale(value)))).toEqual([0, 40, 80]);
		expect(logarithmicTicks([0.0005, 0.02])).toEqual([0.0005, 0.001, 0.002, 0.005, 0.01, 0.02]);
		expect(logarithmicTicks([1, 5000])).toEqual([1, 10, 100, 1000]);
	});
	it("spans what is finite", () => {
		expect(extent([3, Number.NaN, 1, Infinity, 2])).toEqual([1, 3]);
		expect([extent([]), extent([4], 0.5)]).toEqual([
			[0, 1],
			[2, 6],
		]);
	});
	it("gives an axis of one value a length", () => {
		expect([widened([65, 65]), widened([1, 3])]).toEqual([
			[64, 66],
			[1, 3],
		]);
	});
});
