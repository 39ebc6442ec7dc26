import { describe, expect, it } from "vitest";
import { selectedTo, toggled } from "./selection.ts";

const rows = Array.from({ length: 20 }, (_, at) => String(20 - at));

describe("a selection", () => {
	it("takes away what is in it, and lets the first go when a ninth comes", () => {
		expect(toggled(["3", "4"], "3")).toEqual(["4"]);
		expect(toggled(["1", "2", "3", "4", "5", "6", "7", "8"], "9")).toEqual(["2", "3", "4", "5", "6", "7", "8", "9"]);
	});

	it("goes from the run selected last to another, down and up, without those between twice", () => {
		expect(selectedTo(["20", "18"], "15", rows)).toEqual(["20", "18", "17", "16", "15"]);
		expect(selectedTo(["16", "15"], "18", rows)).toEqual(["16", "15", "17", "18"]);
	});

	it("ends with the eighth run on the way, and is as it was without a place to go to", () => {
		expect(selectedTo(["20"], "2", rows)).toEqual(["20", "19", "18", "17", "16", "15", "14", "13"]);
		expect(selectedTo(["20"], "99", rows)).toEqual(["20"]);
		expect(selectedTo([], "5", rows)).toEqual(["5"]);
	});
});
