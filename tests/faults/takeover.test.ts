/**
 * Workers that are killed or frozen in the middle of a run: others take it over, and the result is the one nobody
 * disturbed. Most of it is waiting for leases to end, so both go on at the same time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { freshDatabase } from "@mithridate/db/testing";
import { Random } from "@mithridate/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountFor, flawless } from "./accounting.fixture.ts";
import {
	figure,
	isAlive,
	type Laboratory,
	openLaboratory,
	patiently,
	signal,
	type Worker,
} from "./laboratory.fixture.ts";
import { timesOver } from "./repeats.fixture.ts";
import { tinyExperiment, undisturbed } from "./tiny.fixture.ts";

const kills = timesOver({ ci: 3, whole: 20 });
const freezes = timesOver({ ci: 1, whole: 10 });
const databases = [await freshDatabase(), await freshDatabase()] as const;
let laboratories: readonly [Laboratory, Laboratory];

beforeAll(async () => {
	laboratories = [await openLaboratory(databases[0].url), await openLaboratory(databases[1].url)];
});
afterAll(async () => {
	for (const laboratory of laboratories) await laboratory.close();
});

test.concurrent(`killed ${kills} times, a run ends with the same weights and every metric point once`, {
	timeout: kills * 60_000,
}, async () => {
	const [laboratory] = laboratories;
	const config = await tinyExperiment(laboratory.folder, { epochs: 4 + 3 * kills });
	const random = new Random("twenty kills");
	const start = (number: number) => laboratory.startWorker(`worker-${number}`);
	const workers = new Map<string, Worker>();
	for (const number of [1, 2]) workers.set(`worker-${number}`, start(number));
	const runId = await laboratory.run(config);
	const expected = undisturbed(laboratory.folder, config);
	const reclaimSeconds: number[] = [];

	let killed = 0;
	for (; killed < kills; killed++) {
		const epoch = killed + 1;
		await laboratory.trains(runId, epoch);
		// Within the time that is left on a machine many times as fast as this run was sized for.
		await sleep(random.uniform() * 600);
		const [attempt] = await laboratory.rows<{ worker: string; outcome: string | null }>(
			"SELECT worker, outcome FROM attempts WHERE run_id = $1 AND epoch = $2",
			runId,
			epoch,
		);
		if (attempt!.outcome !== null) break;
		const victim = workers.get(attempt!.worker)!;
		const whom = killed % 3;
		if (whom !== 1) signal(victim.process.pid, "SIGKILL");
		if (whom !== 2) signal(victim.trainer(), "SIGKILL");
		const at = performance.now();
		if (whom !== 1) {
			const number = workers.size + 1;
			workers.set(`worker-${number}`, start(number));
		}
		await laboratory.until(runId, (run) => run.epoch > epoch && run.status === "running", 40);
		if (whom !== 1) reclaimSeconds.push((performance.now() - at) / 1000);
	}
	const ended = await laboratory.until(runId, ({ status }) => status !== "running" && status !== "queued", 90);
	const account = await accountFor(laboratory, runId, await expected);
	const slowest = Math.max(...reclaimSeconds);
	figure("kill", {
		kills: killed,
		attempts: ended.epoch,
		points: (await expected).points.size,
		...account,
		slowestReclaimSeconds: slowest,
	});
	expect(ended.status).toBe("succeeded");
	expect(killed).toBe(kills);
	expect(account).toEqual(flawless);
	expect(slowest).toBeLessThanOrEqual(30);
});

test.concurrent(`frozen past its lease ${freezes} times, a worker writes nothing stale and stops itself within 5 s`, {
	timeout: freezes * 90_000,
}, async () => {
	const [, laboratory] = laboratories;
	const { rows } = laboratory;
	const workers = new Map(["hare", "tortoise"].map((name) => [name, laboratory.startWorker(name)]));
	const config = await tinyExperiment(laboratory.folder, { epochs: 6 + 5 * freezes });
	const runId = await laboratory.run(config);
	const expected = undisturbed(laboratory.folder, config);
	const stopSeconds: number[] = [];
	const reclaimSeconds: number[] = [];

	for (let epoch = 1; epoch <= freezes; epoch++) {
		await laboratory.trains(runId, epoch);
		const [attempt] = await rows<{ worker: string }>(
			"SELECT worker FROM attempts WHERE run_id = $1 AND epoch = $2 AND outcome IS NULL",
			runId,
			epoch,
		);
		const frozen = workers.get(attempt!.worker)!;
		const trainer = frozen.trainer();
		signal(frozen.process.pid, "SIGSTOP");
		const at = performance.now();
		// What the trainer still says waits in the channel, to be written at the thaw.
		await sleep(400);
		signal(trainer, "SIGSTOP");
		await laboratory.until(runId, (run) => run.epoch > epoch && run.status === "running", 40);
		reclaimSeconds.push((performance.now() - at) / 1000);
		await laboratory.trains(runId, epoch + 1);

		const thaw = performance.now();
		signal(trainer, "SIGCONT");
		signal(frozen.process.pid, "SIGCONT");
		await frozen.says((line) => line.epoch === epoch && line.msg.includes("this one stopped"), 15).catch(() => {});
		await patiently(15, async () => (isAlive(trainer) ? null : true));
		stopSeconds.push((performance.now() - thaw) / 1000);
	}
	const ended = await laboratory.until(runId, ({ status }) => status !== "running" && status !== "queued", 90);
	// In the order of their numbers, events of an older attempt never follow those of a newer one.
	const [{ stale }] = (await rows<{ stale: number }>(
		`SELECT count(*)::int AS stale FROM (SELECT epoch, lag(epoch) OVER (ORDER BY seq) AS before FROM events WHERE run_id = $1) AS told
		WHERE epoch < before`,
		runId,
	)) as [{ stale: number }];
	const account = await accountFor(laboratory, runId, await expected);
	const figures = { slowestStopSeconds: Math.max(...stopSeconds), slowestReclaimSeconds: Math.max(...reclaimSeconds) };
	figure("freeze", { freezes, attempts: ended.epoch, staleWrites: stale, ...account, ...figures });
	expect(ended.status).toBe("succeeded");
	expect(ended.epoch).toBe(freezes + 1);
	expect(stale).toBe(0);
	expect(account).toEqual(flawless);
	expect(figures.slowestStopSeconds).toBeLessThanOrEqual(5);
	expect(figures.slowestReclaimSeconds).toBeLessThanOrEqual(30);
});
