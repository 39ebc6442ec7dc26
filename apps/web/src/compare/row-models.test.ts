import { describe, expect, it } from "vitest";
import { chooseRowModel, parseRowModels, sameCaption } from "./row-models.ts";

describe("the models of the compared runs", () => {
	it("are read from an address, and what is no choice is passed over", () => {
		expect([...parseRowModels(["12.cured", "x.filtered", "13", "14.", "15.my.model"])]).toEqual([
			[12, "cured"],
			[15, "my.model"],
		]);
	});
	it("are kept in the order of the runs, without runs that are compared no more", () => {
		expect(chooseRowModel(["9.clean", "3.cured"], { runs: [5, 3, 7], number: 5, model: "filtered" })).toEqual([
			"5.filtered",
			"3.cured",
		]);
	});
});

describe("the same caption of another run", () => {
	const captions = [
		{ query: "test-1#0", text: "A sheep." },
		{ query: "test-2#0", text: "A sheep." },
		{ query: "test-3#0", text: null },
	];
	it("is the one with the same words, by its name where several have them", () => {
		expect(sameCaption(captions, { query: "test-2#0", text: "A sheep." })?.query).toBe("test-2#0");
		expect(sameCaption(captions, { query: "other-7#1", text: "A sheep." })?.query).toBe("test-1#0");
	});
	it("is not another caption that happens to have its name", () => {
		expect(sameCaption(captions, { query: "test-1#0", text: "A cow." })).toBeUndefined();
	});
	it("is the one of the same name where no words are known", () => {
		expect(sameCaption(captions, { query: "test-3#0", text: null })?.query).toBe("test-3#0");
	});
});
