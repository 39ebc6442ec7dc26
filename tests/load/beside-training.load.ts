/** With a training run on the same cores: pages answer in time, and what four runs tell is stored as fast as they tell it. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Run, record, renewLease } from "@mithridate/db";
import { parseExperiment } from "@mithridate/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure, quantile } from "../api/api.fixture.ts";
import { runningStudy } from "../api/runs.fixture.ts";
import { type Laboratory, openLaboratory } from "../faults/laboratory.fixture.ts";
import { startProcess } from "./crowd.fixture.ts";
import { fill, LIMIT_MS, measure, pages } from "./response-times.fixture.ts";

const SIZE = { runs: 1000, points: 1_000_000 };
const WRITING = { runs: 4, perSecond: 200, seconds: 30 };
/** What a trainer gathers before it sends. */
const BATCH_MS = 200;

let laboratory: Laboratory;
let training: string;

beforeAll(async () => {
	// The embedded server as an installation has it, and a worker that takes every core.
	laboratory = await openLaboratory();
	await fill(laboratory.database, SIZE);
	laboratory.startWorker("beside", { MITHRIDATE_CHECKPOINT_EVERY: "100" });
	training = await laboratory.run(parseExperiment({ seeds: [1], training: { epochs: 1000 }, defenses: [] }));
	await laboratory.trains(training, 1);
}, 240_000);
afterAll(() => laboratory.close(), 60_000);

const steps = async () => {
	const [row] = await laboratory.rows<{ step: number }>(
		"SELECT max(step) AS step FROM metric_points WHERE run_id = $1",
		training,
	);
	return row!.step;
};

test("the busiest pages stay under 100 ms at the 99th percentile", { timeout: 240_000 }, async () => {
	const server = await startProcess(laboratory.database);
	const before = await steps();
	const measured: [page: string, times: { p50Ms: number; p99Ms: number }][] = [];
	for (const [page, query] of Object.entries(pages)) {
		const times = await measure(500, () => server.ask(query));
		figure(`response time beside training: ${page}`, { ...SIZE, ...times });
		measured.push([page, times]);
	}
	expect((await laboratory.find(training)).status).toBe("running");
	expect(await steps()).toBeGreaterThan(before);
	for (const [page, { p99Ms }] of measured) expect([page, p99Ms < LIMIT_MS]).toEqual([page, true]);
});

test("200 events a second of each of four runs are stored as they come", { timeout: 120_000 }, async () => {
	const { database } = laboratory;
	const study = await runningStudy(database, { slug: "writes", runs: WRITING.runs });
	const commitMs: number[] = [];
	const total = WRITING.perSecond * WRITING.seconds;
	const started = performance.now();
	const write = async ({ id, epoch }: Run) => {
		const each = (WRITING.perSecond * BATCH_MS) / 1000;
		let renewedAt = started;
		for (let step = 1; step <= total; step += each) {
			const due = started + ((step + each - 1) / WRITING.perSecond) * 1000;
			await sleep(Math.max(0, due - performance.now()));
			const began = performance.now();
			const items = Array.from({ length: each }, (_, at) =>
				["loss", "learningRate", "logitScale", "gradientNorm"].map((name) => ({
					kind: "metric-point" as const,
					key: `poisoned/${name}`,
					step: step + at,
					value: 1 / (step + at),
				})),
			).flat();
			await record(database.db, { runId: id, epoch, items });
			commitMs.push(performance.now() - began);
			if (began - renewedAt < 3000) continue;
			renewedAt = began;
			await renewLease(database.db, { runId: id, epoch });
		}
	};
	await Promise.all(study.runs.map(write));
	const lateMs = performance.now() - started - WRITING.seconds * 1000;
	const [stored] = await laboratory.rows<{ events: number }>(
		"SELECT count(*)::int AS events FROM events WHERE run_id = ANY($1) AND kind = 'metric-points'",
		study.runs.map(({ id }) => id),
	);
	figure("writes beside training", {
		...WRITING,
		stored: stored!.events,
		lateMs: Math.round(lateMs),
		p50Ms: Math.round(quantile(commitMs, 0.5)),
		p99Ms: Math.round(quantile(commitMs, 0.99)),
	});
	expect(stored!.events).toBe(WRITING.runs * total);
	expect(lateMs).toBeLessThan(1000);
});
