/** Runs a tiny experiment through the engine: records, stages taken over, measurements within training, a stop. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directoryStages, type MithridateError } from "@mithridate/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CellConfig, StudyDefinition } from "../contract.ts";
import { emoji } from "../observations.fixture.ts";
import { createIdentify } from "./identify.ts";
import { type Plan, planJobs } from "./jobs.ts";
import { openJournal } from "./journal.ts";
import { type Lane, runJobs, runUnit, type StudyEvent } from "./local.ts";
import { record } from "./records.fixture.ts";

const cacheFolder = join(import.meta.dirname, "../../../.cache");
let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-study-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const config: CellConfig = {
	dataset: { name: "emojiPascal", params: { trainPerClass: 4, filler: 40, testPerClass: 3, trusted: 64 } },
	attack: { name: "singleLabel", params: { amount: { kind: "poison-rate", poisonRate: 0.02 } } },
	training: { epochs: 1, batchSize: 32 },
	defenses: [{ name: "filter" }],
	evaluation: { cutoffs: [1, 5, 10] },
};

function planOf(config: CellConfig, curves: readonly string[] = []): Promise<Plan> {
	const cells = () => [{ name: "tiny", coordinates: {}, config, curves, seeds: [1] }];
	return planJobs([{ name: "tiny", cells } as unknown as StudyDefinition], emoji, createIdentify({ cacheFolder }));
}

/** A lane in this process. */
function laneHere(signal?: AbortSignal): Lane {
	const stages = directoryStages(join(folder, "stages"));
	return (unit) => runUnit(unit, { stages, cacheFolder, signal, now: () => 0, peakMemoryBytes: () => 0 });
}

async function run({ jobs }: Plan, ...lanes: readonly Lane[]): Promise<StudyEvent[]> {
	const events: StudyEvent[] = [];
	const places = { journals: join(folder, "journals"), lanes: lanes.length > 0 ? lanes : [laneHere()] };
	for await (const event of runJobs(jobs, places)) events.push(event);
	return events;
}

const steps = (events: readonly StudyEvent[]) =>
	events.flatMap((event) =>
		event.type === "experiment" && event.event.type === "train-step" ? [event.event.stage] : [],
	);
const records = async ({ jobs }: Plan) => (await openJournal(join(folder, "journals"), jobs[0]!.key)).records;

describe("running jobs in process", { timeout: 180_000 }, () => {
	test("records every model once, a filter's with its report, and nothing again", async () => {
		const plan = await planOf(config);
		const events = await run(plan);
		expect(events[0]).toEqual({
			type: "plan",
			jobs: 1,
			models: 4,
			kinds: { base: 1, clean: 1, poisoned: 1, filter: 1 },
		});
		const made = await records(plan);
		expect(made.map(({ model }) => model)).toEqual(["base", "clean", "poisoned", "filtered"]);
		expect(made[3]).toMatchObject({ defense: expect.stringContaining("filter"), filter: { kept: expect.any(Number) } });
		const { histogram, kept, removed } = made[3]!.filter!;
		const counted = [...histogram.clean, ...histogram.poisoned].reduce((sum, count) => sum + count, 0);
		expect(counted).toBe(kept + removed);
		expect(made[2]!.poisonShare).toBeCloseTo(0.02, 2);
		expect(made[2]!.numbers["text-to-image/attack/hit@10"]).toBeTypeOf("number");
		expect(await run(plan)).toEqual([{ type: "plan", jobs: 0, models: 0, kinds: {} }]);
	});

	test("trains only what a new defense needs", async () => {
		const plan = await planOf({ ...config, defenses: [{ name: "filter" }, { name: "cure", params: { epochs: 1 } }] });
		expect(new Set(steps(await run(plan)))).toEqual(new Set(["cured"]));
		expect((await records(plan)).at(-1)).toMatchObject({ model: "cured" });
	});

	test("trains again where measurements within training are wanted, and comes out the same", async () => {
		const before = await records(await planOf(config));
		const plan = await planOf({ ...config, evaluation: { ...config.evaluation, probes: 2 } }, ["poisoned"]);
		expect(new Set(steps(await run(plan)))).toEqual(new Set(["poisoned"]));
		const made = await records(plan);
		expect(made.filter(({ step }) => step !== null).map(({ model }) => model)).toEqual(["poisoned", "poisoned"]);
		const after = (all: typeof made) => all.find(({ model, step }) => model === "poisoned" && step === null)?.numbers;
		expect(after(made)).toEqual(after(before));
		expect(await run(plan)).toHaveLength(1);
	});

	test("measures within the trainings that are asked for, and within no others", async () => {
		const evaluation = { ...config.evaluation, probes: 1 };
		const plan = await planOf({ ...config, evaluation, training: { ...config.training, learningRate: 2e-4 } }, [
			"filtered",
		]);
		await run(plan);
		const within = (await records(plan)).filter(({ step }) => step !== null);
		expect(within.map(({ model }) => model)).toEqual(["filtered"]);
	});

	test("stops with a typed error, and the same call goes on", async () => {
		const plan = await planOf({ ...config, training: { epochs: 1, batchSize: 32, learningRate: 1e-4 } });
		const stop = new AbortController();
		stop.abort("interrupted");
		await expect(run(plan, laneHere(stop.signal))).rejects.toMatchObject({
			code: "aborted",
		} satisfies Partial<MithridateError>);
		await run(plan);
		expect(await records(plan)).toHaveLength(4);
	});

	test("runs seeds beside each other, and closes the other lanes when one fails", async () => {
		const cells = () => [{ name: "tiny", coordinates: {}, config, seeds: [5, 6, 7] }];
		const plan = await planJobs(
			[{ name: "tiny", cells } as unknown as StudyDefinition],
			emoji,
			createIdentify({ cacheFolder }),
		);
		let atOnce = 0;
		let most = 0;
		let closed = 0;
		const lane = (fail: boolean): Lane =>
			async function* watched({ config: { seeds } }) {
				most = Math.max(most, ++atOnce);
				try {
					for (let step = 0; step < 3; step++) {
						await new Promise(setImmediate);
						if (fail && step === 2) throw new Error("the lane broke");
						yield { type: "record", record: record(seeds[0]!, ["base", "clean", "poisoned"][step]!) };
					}
				} finally {
					atOnce--;
					closed++;
				}
			};
		await expect(run(plan, lane(false), lane(true))).rejects.toThrow("the lane broke");
		expect([most, atOnce, closed >= 2]).toEqual([2, 0, true]);
		const made = await records(plan);
		expect(made.length).toBeGreaterThan(2);
		const rest = await run(plan, lane(false), lane(false));
		expect(rest.filter(({ type }) => type === "unit-start").length).toBeGreaterThan(0);
	});
});
