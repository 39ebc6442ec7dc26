import { describe, expect, it } from "vitest";
import { doseAxis, doseLines, goalCells, panelsBy, viewsOf } from "./panels.ts";
import type { StudyCell } from "./study-query.ts";

const outcome = (model: string, mean: number, n = 3) => ({
	model,
	metric: "hitAt10",
	mean,
	low: mean - 0.1,
	high: mean + 0.1,
	n,
});
const cell = (coordinates: Readonly<Record<string, string>>, outcomes: readonly ReturnType<typeof outcome>[]) =>
	({
		coordinates: Object.entries(coordinates).map(([axis, value]) => ({ axis, value })),
		outcomes,
		runs: [{ number: 7 }],
		status: "SUCCEEDED",
	}) as unknown as StudyCell;

const axes = [
	{ name: "attack", values: ["label", "image"] },
	{ name: "poisonRate", values: ["0.02", "0.01"] },
	{ name: "seed", values: ["1", "2", "3"] },
];
const cells = [
	cell({ attack: "label", poisonRate: "0.02" }, [outcome("poisoned", 0.9), outcome("clean", 0.1)]),
	cell({ attack: "label", poisonRate: "0.01" }, [outcome("poisoned", 0.6), outcome("clean", 0.1, 0)]),
	cell({ attack: "image", poisonRate: "0.01" }, []),
];

describe("a study's pictures", () => {
	it("finds the dose among the axes, and never takes the seed for one", () => {
		expect(doseAxis(axes)?.name).toBe("poisonRate");
		expect(doseAxis([{ name: "seed", values: ["1", "2"] }])).toBeUndefined();
	});
	it("draws a line per model over ascending doses, without cells that have no result", () => {
		const [clean, poisoned] = doseLines(cells, axes[1]!, "hitAt10");
		expect([clean?.model, clean?.points.map(({ x }) => x)]).toEqual(["clean", [0.02]]);
		expect(poisoned?.points.map(({ x, y }) => [x, y])).toEqual([
			[0.01, 0.6],
			[0.02, 0.9],
		]);
	});
	it("makes a panel of its own for each value of the other axes", () => {
		expect([...panelsBy(cells, axes, "poisonRate")].map(([name, members]) => [name, members.length])).toEqual([
			["label", 2],
			["image", 1],
		]);
	});
	it("puts goals into squares, class A down and class B across", () => {
		const goals = [
			cell({ goal: "sheep → car" }, [outcome("poisoned", 0.8)]),
			cell({ goal: "cat → dog" }, [outcome("poisoned", 0, 0)]),
		];
		expect(goalCells(goals, "poisoned")).toEqual([
			{ row: "sheep", column: "car", value: 0.8, href: "/run?n=7" },
			{ row: "cat", column: "dog", value: null, href: "/run?n=7" },
		]);
	});
	it("offers only views that its axes make sense of", () => {
		expect(viewsOf({ axes, cells, definitionName: null })).toEqual(["matrix", "dose", "board", "utility"]);
		expect(viewsOf({ axes, cells, definitionName: "attack-two" })[0]).toBe("paper");
		expect(
			viewsOf({ axes: [{ name: "goal", values: ["a → b", "b → a", "a → c"] }], cells: [], definitionName: null }),
		).toEqual(["matrix", "goals"]);
	});
});
