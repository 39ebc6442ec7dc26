/** A worker frozen past its lease, whose run another one takes over: when it thaws, nothing it writes is accepted. */
import { setTimeout as sleep } from "node:timers/promises";
import { freshDatabase } from "@mithridate/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountFor, flawless } from "./accounting.fixture.ts";
import { figure, isAlive, type Laboratory, openLaboratory, patiently, signal } from "./laboratory.fixture.ts";
import { timesOver } from "./repeats.fixture.ts";
import { tinyExperiment, undisturbed } from "./tiny.fixture.ts";

const freezes = timesOver({ ci: 1, whole: 10 });
const { url } = await freshDatabase();
let laboratory: Laboratory;

beforeAll(async () => {
	laboratory = await openLaboratory(url);
});
afterAll(() => laboratory.close());

test(`frozen past its lease ${freezes} times, a worker writes nothing stale and stops itself within 5 s`, {
	timeout: freezes * 90_000,
}, async () => {
	const { rows } = laboratory;
	const workers = new Map(["hare", "tortoise"].map((name) => [name, laboratory.startWorker(name)]));
	const config = await tinyExperiment(laboratory.folder, { epochs: 6 + 5 * freezes });
	const runId = await laboratory.run(config);
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
	const account = await accountFor(laboratory, runId, await undisturbed(laboratory.folder, config));
	const figures = { slowestStopSeconds: Math.max(...stopSeconds), slowestReclaimSeconds: Math.max(...reclaimSeconds) };
	figure("freeze", { freezes, attempts: ended.epoch, staleWrites: stale, ...account, ...figures });
	expect(ended.status).toBe("succeeded");
	expect(ended.epoch).toBe(freezes + 1);
	expect(stale).toBe(0);
	expect(account).toEqual(flawless);
	expect(figures.slowestStopSeconds).toBeLessThanOrEqual(5);
	expect(figures.slowestReclaimSeconds).toBeLessThanOrEqual(30);
});
