import { describe, expect, it } from "vitest";
import { apart } from "./xy-chart.tsx";

describe("labels at the ends of lines", () => {
	it("stay where they are while there is room", () => {
		expect(apart([20, 60, 100], [10, 200])).toEqual([20, 60, 100]);
	});
	it("move down until none covers another", () => {
		expect(apart([20, 22, 23], [10, 200])).toEqual([20, 33, 46]);
	});
	it("are pushed up again where they would leave the chart", () => {
		expect(apart([190, 195, 199], [10, 200])).toEqual([174, 187, 200]);
	});
});
