/** `kill -9` of trainer, supervisor or both at random moments of one run: the result is the one nobody disturbed. */
import { setTimeout as sleep } from "node:timers/promises";
import { freshDatabase } from "@mithridate/db/testing";
import { Random } from "@mithridate/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountFor, flawless } from "./accounting.fixture.ts";
import { figure, type Laboratory, openLaboratory, signal, type Worker } from "./laboratory.fixture.ts";
import { timesOver } from "./repeats.fixture.ts";
import { tinyExperiment, undisturbed } from "./tiny.fixture.ts";

const kills = timesOver({ ci: 3, whole: 20 });
const { url } = await freshDatabase();
let laboratory: Laboratory;

beforeAll(async () => {
	laboratory = await openLaboratory(url);
});
afterAll(() => laboratory.close());

test(`killed ${kills} times, a run ends with the same weights and every metric point once`, {
	timeout: kills * 60_000,
}, async () => {
	const config = await tinyExperiment(laboratory.folder, { epochs: 4 + 3 * kills });
	const expected = await undisturbed(laboratory.folder, config);
	const random = new Random("twenty kills");
	const start = (number: number) => laboratory.startWorker(`worker-${number}`);
	const workers = new Map<string, Worker>();
	for (const number of [1, 2]) workers.set(`worker-${number}`, start(number));
	const runId = await laboratory.run(config);
	const reclaimSeconds: number[] = [];

	let killed = 0;
	for (; killed < kills; killed++) {
		const epoch = killed + 1;
		await laboratory.trains(runId, epoch);
		await sleep(random.uniform() * 1500);
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
	const account = await accountFor(laboratory, runId, expected);
	const slowest = Math.max(...reclaimSeconds);
	figure("kill", {
		kills: killed,
		attempts: ended.epoch,
		points: expected.points.size,
		...account,
		slowestReclaimSeconds: slowest,
	});
	expect(ended.status).toBe("succeeded");
	expect(killed).toBe(kills);
	expect(account).toEqual(flawless);
	expect(slowest).toBeLessThanOrEqual(30);
});
