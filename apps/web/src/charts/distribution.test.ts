import { describe, expect, it } from "vitest";
import { cumulative } from "./distribution.ts";
import { merge } from "./histogram.tsx";

describe("distributions", () => {
	it("rises at each value by the share of values that are equal to it", () => {
		expect(cumulative([3, 0, 3, 7], 0, 10)).toEqual([
			{ x: 0, y: 0 },
			{ x: 0, y: 0.25 },
			{ x: 3, y: 0.75 },
			{ x: 7, y: 1 },
			{ x: 10, y: 1 },
		]);
	});
	it("stops below one where values lie beyond the axis", () => {
		expect(cumulative([1, 99], 0, 10).at(-1)).toEqual({ x: 10, y: 0.5 });
	});
	it("loses no count when bins are merged", () => {
		expect(merge([1, 2, 3, 4, 5, 6, 7], 3)).toEqual([6, 9, 13]);
	});
});
