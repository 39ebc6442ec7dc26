import { describe, expect, it } from "vitest";
import { layOut, layoutAxes, withMissing } from "./matrix.ts";

const axes = [
	{ name: "attack", values: ["label", "image"] },
	{ name: "rate", values: ["0.01", "0.02"] },
	{ name: "freeze", values: ["none", "text"] },
	{ name: "goal", values: ["sheep"] },
	{ name: "seed", values: ["1", "2"] },
];
const cell = (attack: string, rate: string, freeze: string) => ({
	name: `${attack} ${rate} ${freeze}`,
	coordinates: [
		{ axis: "attack", value: attack },
		{ axis: "rate", value: rate },
		{ axis: "freeze", value: freeze },
		{ axis: "goal", value: "sheep" },
	],
});
const cells = [cell("label", "0.01", "none"), cell("label", "0.01", "text"), cell("image", "0.02", "none")];

describe("the matrix of a study", () => {
	it("is laid out by axes that tell cells apart", () => {
		expect(layoutAxes(axes, cells).map(({ name }) => name)).toEqual(["attack", "rate", "freeze"]);
	});
	it("has each cell at its place, and none where the study has none", () => {
		const matrix = layOut(cells, { down: axes[0], across: axes[1], fixed: new Map([["freeze", "none"]]) });
		expect(matrix.at("label", "0.01")?.name).toBe("label 0.01 none");
		expect(matrix.at("label", "0.02")).toBeUndefined();
	});
	it("shows the other cells when another value of the third axis is chosen", () => {
		const matrix = layOut(cells, { down: axes[0], across: axes[1], fixed: new Map([["freeze", "text"]]) });
		expect([matrix.at("label", "0.01")?.name, matrix.at("image", "0.02")]).toEqual(["label 0.01 text", undefined]);
	});
	it("has a place for cells that have no run yet, and says what each cell lacks", () => {
		const sweep = cells.map((one) => ({ ...one, name: null }));
		const place = [...cell("image", "0.01", "none").coordinates];
		const missing = [
			{ name: null, coordinates: [...sweep[1]!.coordinates].reverse(), seeds: [2] },
			{ name: null, coordinates: place, seeds: [1, 2] },
		];
		const all = withMissing(sweep, missing);
		expect(all.map(({ lacks }) => lacks)).toEqual([[], [2], [], [1, 2]]);
		const matrix = layOut(all, { down: axes[0], across: axes[1], fixed: new Map([["freeze", "none"]]) });
		expect(matrix.at("image", "0.01")?.lacks).toEqual([1, 2]);
	});
	it("knows the cells of a defined study by name, whatever their places", () => {
		const all = withMissing(cells, [
			{ name: cells[0]!.name, coordinates: [], seeds: [3] },
			{ name: "other", coordinates: cells[0]!.coordinates, seeds: [4] },
		]);
		expect(all.map(({ name, lacks }) => [name, lacks])).toEqual([
			[cells[0]!.name, [3]],
			[cells[1]!.name, []],
			[cells[2]!.name, []],
			["other", [4]],
		]);
	});
	it("is a single cell without axes", () => {
		expect(
			layOut([{ coordinates: [], name: "only" }], { down: undefined, across: undefined, fixed: new Map() }).at("", "")
				?.name,
		).toBe("only");
	});
});
