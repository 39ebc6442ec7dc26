/** What is left to do of a job, and which units may run beside each other. */
import { describe, expect, test } from "vitest";
import type { Cell, StudyDefinition } from "../contract.ts";
import { experimentOf } from "../experiments.ts";
import { emoji } from "../observations.fixture.ts";
import { planJobs } from "./jobs.ts";
import { record } from "./records.fixture.ts";
import { createSchedule, type Unit, unitsOf } from "./units.ts";

const identify = async () => ({ dataset: "d", start: "s", reference: "r" });
const plain = experimentOf(emoji);
const defenses = [{ name: "filter" }, { name: "cure" }] as const;

function planOf(...cells: readonly Partial<Cell>[]) {
	const whole = cells.map((cell, at) => ({ name: `cell ${at}`, coordinates: {}, config: plain, ...cell }));
	return planJobs([{ name: "s", cells: () => whole } as unknown as StudyDefinition], emoji, identify);
}

describe("units of a job", () => {
	const all = (seed: number, defense: string) => [
		...["base", "clean", "poisoned"].map((model) => record(seed, model)),
		record(seed, "cured", { defense }),
	];
	const left = (units: readonly Unit[]) =>
		units.map(({ config, models }) => [config.seeds, config.defenses.map(({ name }) => name), models.slice(3)]);

	test("are its seeds, each with the defenses that have no record", async () => {
		const plan = await planOf({ config: { ...plain, defenses: [...defenses] } });
		const job = plan.jobs[0]!;
		const [filterText, cureText] = plan.cells[0]!.defenses as [string, string];
		expect(left(unitsOf(job, []))).toEqual([1, 2, 3].map((seed) => [[seed], ["filter", "cure"], ["filter", "cure"]]));
		const cured = [1, 2, 3].flatMap((seed) => all(seed, cureText));
		expect(left(unitsOf(job, cured))).toEqual([1, 2, 3].map((seed) => [[seed], ["filter"], ["filter"]]));
		const filtered = [1, 2].map((seed) => record(seed, "filtered", { defense: filterText }));
		expect(left(unitsOf(job, [...cured, ...filtered]))).toEqual([[[3], ["filter"], ["filter"]]]);
		expect(unitsOf(job, [...cured, ...filtered, record(3, "filtered", { defense: filterText })])).toEqual([]);
	});

	test("train again what was not measured within its training", async () => {
		const cell = { config: { ...plain, evaluation: { probes: 1 } }, curves: ["poisoned"], seeds: [1] };
		const [job] = (await planOf(cell)).jobs;
		const records = ["base", "clean", "poisoned"].map((model) => record(1, model));
		expect(unitsOf(job!, records)).toMatchObject([{ unmeasured: ["poisoned"] }]);
		expect(unitsOf(job!, [...records, record(1, "poisoned", { step: 5, steps: 10 })])).toEqual([]);
	});
});

describe("a schedule", () => {
	test("lets the first unit train a clean model alone, and the others beside each other once it is known", async () => {
		const { jobs } = await planOf(
			{ config: plain, seeds: [1, 2] },
			{ config: { ...plain, attack: { name: "singleImage" } }, seeds: [1, 2] },
			{ config: { ...plain, training: { freeze: "image" } }, seeds: [1] },
		);
		const units = jobs.flatMap((job) => unitsOf(job, []));
		expect(units).toHaveLength(5);
		const schedule = createSchedule(units);
		const first = schedule.next()!;
		expect(first).toBe(units[0]);
		expect(schedule.next()).toBe(units[1]);
		// Another training has another clean model.
		expect(schedule.next()).toBe(units[4]);
		expect(schedule.next()).toBeNull();
		schedule.finish(first);
		expect(schedule.next()).toBe(units[2]);
		expect(schedule.next()).toBeNull();
		schedule.finish(units[1]!);
		expect(schedule.next()).toBe(units[3]);
		expect(schedule.next()).toBeNull();
	});

	test("lets a unit that measures within the clean training go before others that need the model", async () => {
		const longer = { ...plain, training: { epochs: 3 } };
		const other: NonNullable<Cell["config"]["attack"]> = { name: "singleImage" };
		const plan = await planOf(
			{ config: { ...longer, attack: other }, seeds: [1] },
			{ config: { ...longer, evaluation: { probes: 1 } }, curves: ["clean"], seeds: [1] },
		);
		const [plainOne, measuring] = plan.jobs.flatMap((job) => unitsOf(job, [])) as [Unit, Unit];
		const schedule = createSchedule([plainOne, measuring]);
		expect(schedule.next()).toBe(measuring);
		expect(schedule.next()).toBeNull();
		schedule.finish(measuring);
		expect(schedule.next()).toBe(plainOne);
	});
});
