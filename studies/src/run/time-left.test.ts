/** The time left of jobs, of which some kinds of models take far longer than others. */
import { expect, test } from "vitest";
import { createTimeLeft } from "./time-left.ts";

const cure = JSON.stringify({ name: "cure", params: {} });

test("is unknown before the first model, then that of an average one for each that is left", () => {
	const left = createTimeLeft({ base: 2, poisoned: 3 }, 1);
	left.begin("a", 0);
	expect(left.estimate()).toBeNull();
	left.measured("a", { model: "base", defense: null }, 10);
	expect(left.estimate()).toBe(10 + 3 * 10);
});

test("counts each kind with its own mean, so that long defenses at the start promise no long end", () => {
	const left = createTimeLeft({ poisoned: 12, cure: 2 }, 2);
	for (const [unit, start] of [
		["a 1", 0],
		["a 2", 100],
	] as const) {
		left.begin(unit, start);
		left.measured(unit, { model: "poisoned", defense: null }, start + 40);
		left.measured(unit, { model: "cured", defense: cure }, start + 940);
	}
	// Ten poisoned models of 40 ms on two lanes; by the mean of all models it would be 2,350 ms.
	expect(left.estimate()).toBe(200);
});
