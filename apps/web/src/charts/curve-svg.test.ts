import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { append, emptySeries } from "../live/series.ts";
import { curvesToSvg } from "./curve-svg.ts";
import { createView } from "./view.ts";

const seriesOf = (values: readonly number[]) =>
	values.reduce(
		(series, value, step) => append(series, { step, value, nonFinite: null, seq: step + 1 }),
		emptySeries("poisoned/loss"),
	);

/** Heights of the line's points, and the labels of the axis of values. */
function draw(values: readonly number[], address: string) {
	const view = createView(new URLSearchParams(address));
	const svg = curvesToSvg("Loss", [{ model: "poisoned", series: seriesOf(values) }], view);
	const path = /<path d="([^"]*)"/.exec(svg)![1]!;
	return {
		path,
		heights: [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y)),
		labels: [...svg.matchAll(/text-anchor="end"[^>]*>([^<]*)</g)].map(([, text]) => text),
	};
}

describe("curves as a file", () => {
	beforeEach(() => {
		vi.stubGlobal("document", { documentElement: {} });
		vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => "#000" }));
	});
	afterEach(() => void vi.unstubAllGlobals());

	it("stand on the axis that the page has: equal factors are equally far apart on the logarithmic one", () => {
		const values = [1000, 100, 10, 1];
		const gaps = (heights: readonly number[]) => heights.slice(1).map((y, at) => y - heights[at]!);
		const [a, b, c] = gaps(draw(values, "log=1").heights);
		expect(b).toBeCloseTo(a!, 0);
		expect(c).toBeCloseTo(a!, 0);
		const [wide, , narrow] = gaps(draw(values, "").heights);
		// 900 against 9, in tenths of a pixel.
		expect(Math.round(wide! / narrow! / 10)).toBe(10);
	});

	it("label powers of ten on the logarithmic axis", () => {
		expect(draw([1000, 100, 10, 1], "log=1").labels).toEqual(["1", "10", "100", "1,000"]);
	});

	it("leave a gap where a logarithm has no place for a value, and no word that is not a number", () => {
		const { path, heights } = draw([10, 0, -3, 100], "log=1");
		expect(heights).toHaveLength(2);
		expect(path.match(/M/g)).toHaveLength(2);
		expect(path).not.toMatch(/NaN|Infinity/);
	});

	it("fall back to the linear axis where nothing is positive", () => {
		expect(draw([-1, -2], "log=1").heights).toHaveLength(2);
	});
});
