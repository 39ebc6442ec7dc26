import { describe, expect, it } from "vitest";
import { atStep, probeSteps } from "./probes.ts";

const probes = [
	{ model: "base", step: null },
	{ model: "clean", step: 20 },
	{ model: "clean", step: 10 },
	{ model: "clean", step: null },
	{ model: "poisoned", step: 15 },
];
const shown = (step: number | null, last?: number) =>
	[...atStep(probes, step, (model) => (model === "clean" ? last : undefined))].map(([, one]) => one?.step);

describe("the measurements of a run at a step", () => {
	it("are the newest ones without a step: the final one, or the last probe of a model in training", () => {
		expect(shown(null)).toEqual([null, null, 15]);
	});
	it("are those not later than the step, and none before a model's first", () => {
		expect(shown(12)).toEqual([null, 10, undefined]);
	});
	it("are final once a model's training is over, however long the others train", () => {
		expect([shown(25)[1], shown(25, 24)[1]]).toEqual([20, null]);
	});
	it("give a slider each step once", () => {
		expect(probeSteps(probes)).toEqual([10, 15, 20]);
	});
});
