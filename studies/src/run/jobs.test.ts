import { describe, expect, test } from "vitest";
import type { Cell, StudyDefinition } from "../contract.ts";
import { experimentOf } from "../experiments.ts";
import { emoji } from "../observations.fixture.ts";
import { observationsOf, planJobs } from "./jobs.ts";
import { record } from "./records.fixture.ts";

const identity = { dataset: "d", start: "s", reference: "r" };
const identify = async () => identity;
const plain = experimentOf(emoji);
const filter = { name: "filter" } as const;
const cure = { name: "cure" } as const;

function study(name: string, cells: readonly (Partial<Cell> & Pick<Cell, "name">)[]): StudyDefinition {
	const whole = cells.map((cell) => ({ coordinates: { cell: cell.name }, config: plain, ...cell }));
	return { name, cells: () => whole } as unknown as StudyDefinition;
}

describe("jobs", () => {
	const first = study("first", [{ name: "a" }, { name: "b", config: { ...plain, defenses: [filter] } }]);
	const second = study("second", [
		{ name: "c", config: { ...plain, defenses: [cure], evaluation: { probes: 2 } }, curves: ["cured"], seeds: [3, 4] },
		{ name: "d", config: { ...plain, training: { freeze: "image" } } },
	]);

	test("join cells that share attack and training, with the defenses, seeds and curves of all", async () => {
		const { jobs, cells } = await planJobs([first, second], emoji, identify);
		expect(cells.map(({ key }) => jobs.findIndex((job) => job.key === key))).toEqual([0, 0, 0, 1]);
		expect(jobs[0]!.config.defenses.map(({ name }) => name)).toEqual(["filter", "cure"]);
		expect(jobs[0]!.config.seeds).toEqual([1, 2, 3, 4]);
		expect(jobs[0]!.config.evaluation.probes).toBe(2);
		expect([...jobs[0]!.curves]).toEqual(["cured"]);
	});

	test("are other ones on other data, other weights and other training", async () => {
		const key = async (of = identity, config = plain) =>
			(await planJobs([study("s", [{ name: "a", config }])], emoji, async () => of)).jobs[0]!.key;
		const keys = await Promise.all([
			key(),
			key({ ...identity, dataset: "other" }),
			key({ ...identity, start: "other" }),
			key(identity, { ...plain, training: { epochs: 1 } }),
		]);
		expect(new Set(keys).size).toBe(4);
		expect(await key(identity, { ...plain, runtime: { threads: 1 } })).toBe(keys[0]);
	});

	test("give each cell the records of its own seeds and defenses", async () => {
		const plan = await planJobs([first, second], emoji, identify);
		const [filterText] = plan.cells[1]!.defenses;
		const [cureText] = plan.cells[2]!.defenses;
		const records = [
			record(1, "poisoned"),
			record(1, "filtered", { defense: filterText! }),
			record(3, "cured", { defense: cureText! }),
			record(4, "base"),
		];
		const seen = (name: string) =>
			observationsOf(name, plan, (key) => (key === plan.jobs[0]!.key ? records : [])).map(
				({ cell, model, seed }) => `${cell} ${model} ${seed}`,
			);
		expect(seen("first")).toEqual(["a poisoned 1", "b poisoned 1", "b filtered 1"]);
		expect(seen("second")).toEqual(["c cured 3", "c base 4"]);
	});
});
