/** What a user asks of runs, and what their workers go through, on one machine with one or two workers. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { queueRun, requestIntent } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { Random } from "@mithridate/engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountFor, flawless } from "./accounting.fixture.ts";
import { figure, isAlive, type Laboratory, openLaboratory, patiently, signal } from "./laboratory.fixture.ts";
import { timesOver } from "./repeats.fixture.ts";
import { tinyExperiment, undisturbed } from "./tiny.fixture.ts";

const isOver = ({ status }: { status: string }) => status !== "running" && status !== "queued";

/** A laboratory of its own for each test, so that none sees what another left. */
async function laboratoryHere(): Promise<() => Laboratory> {
	const { url } = await freshDatabase();
	let laboratory: Laboratory;
	beforeAll(async () => {
		laboratory = await openLaboratory(url);
	});
	afterAll(() => laboratory.close());
	return () => laboratory;
}
const [reuse, damage, drain, cancel, failure] = [
	await laboratoryHere(),
	await laboratoryHere(),
	await laboratoryHere(),
	await laboratoryHere(),
	await laboratoryHere(),
] as const;

test("many defenses on one poisoned model train it once, two workers at it", {
	timeout: 180_000,
}, async () => {
	const here = reuse();
	for (const name of ["reuse-1", "reuse-2"]) here.startWorker(name);
	const defended = timesOver({ ci: 4, whole: 10 });
	const runs: string[] = [];
	for (let number = 1; number <= defended; number++) {
		const threshold = { kind: "mixture", posterior: number / 20 };
		const defenses = [{ name: "filter", params: { threshold } }];
		runs.push(await here.run(await tinyExperiment(here.folder, { epochs: 2, defenses })));
	}
	for (const id of runs) expect((await here.until(id, isOver, 120)).status).toBe("succeeded");
	// Whoever trains a stage tells of its loss; whoever takes its model from the store takes over the curve and is silent.
	const trained = await here.rows<{ stage: string; runs: number }>(
		`SELECT body ->> 'stage' AS stage, count(DISTINCT run_id)::int AS runs FROM events WHERE kind = 'metric-points'
		GROUP BY stage ORDER BY stage`,
	);
	const [reused] = await here.rows<{ count: number }>("SELECT count(*)::int AS count FROM run_stages WHERE reused");
	const trainings = Object.fromEntries(trained.map(({ stage, runs }) => [stage, runs]));
	figure("stage reuse", { runs: runs.length, trainings, reused: reused!.count });
	expect(trainings).toMatchObject({ clean: 1, poisoned: 1 });
	expect(reused!.count).toBeGreaterThanOrEqual(2 * (defended - 1));
});

test.concurrent("paused at a checkpoint and resumed past a damaged newest state, a run ends with the same weights", {
	timeout: 120_000,
}, async () => {
	const here = damage();
	const { database, queue } = here;
	const resume = () => queueRun(database.db, { runIds: [runId], from: ["paused"], enqueue: queue.enqueue });
	const config = await tinyExperiment(here.folder, { epochs: 12 });
	const worker = here.startWorker("pauses");
	const runId = await here.run(config);
	const expected = undisturbed(here.folder, config);
	const statesNow = () =>
		here.rows<{ step: number; sha256: string; last: number }>(
			`SELECT step, sha256, (SELECT max(step) FROM metric_points AS points JOIN stages ON points.key LIKE name || '/%' WHERE stages.key = stage_key) AS last
			FROM checkpoints JOIN checkpoint_files ON checkpoint_id = id WHERE kind = 'state' ORDER BY step DESC`,
		);
	let states = await statesNow();
	// A stage that ends meanwhile takes its states with it: then the pause comes in the next one.
	for (let pauses = 0; states.length < 2 && pauses < 8; pauses++) {
		if (pauses > 0) await resume();
		await patiently(60, async () => ((await statesNow()).length === 2 ? true : null));
		await requestIntent(database.db, { runIds: [runId], intent: "pause" });
		await here.until(runId, ({ status }) => status === "paused", 30);
		states = await statesNow();
	}
	const [newest] = states;
	const path = join(here.dataFolder, "artifacts", newest!.sha256.slice(0, 2), newest!.sha256);
	const bytes = await readFile(path);
	bytes[bytes.length >> 1]! ^= 1;
	await writeFile(path, bytes);
	await resume();
	const ended = await here.until(runId, isOver);
	const warnings = await here.rows<{ message: string }>(
		"SELECT body ->> 'message' AS message FROM events WHERE run_id = $1 AND kind = 'log' AND body ->> 'level' = 'warn'",
		runId,
	);
	const account = await accountFor(here, runId, await expected);
	figure("pause and damage", { states: states.length, pausedAtStep: newest!.step, ...account });
	expect(states).toHaveLength(2);
	expect(newest!.step).toBe(newest!.last);
	expect(ended.status).toBe("succeeded");
	expect(account).toEqual(flawless);
	expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining(newest!.sha256)]);
	signal(worker.process.pid, "SIGTERM");
	expect(await worker.exit).toEqual({ code: 0, signal: null });
});

test.concurrent("asked to end, a worker saves and gives its run back within 10 s; the next one repeats no step", {
	timeout: 120_000,
}, async () => {
	const here = drain();
	const drains = timesOver({ ci: 1, whole: 10 });
	const config = await tinyExperiment(here.folder, { epochs: 8 + 4 * drains, seed: 2 });
	const runId = await here.run(config);
	const expected = undisturbed(here.folder, config);
	const seconds: number[] = [];
	let repeated = 0;
	for (let epoch = 1; epoch <= drains; epoch++) {
		const worker = here.startWorker(`drains-${epoch}`);
		await here.trains(runId, epoch);
		await sleep(300);
		const at = performance.now();
		signal(worker.process.pid, "SIGTERM");
		expect(await worker.exit).toEqual({ code: 0, signal: null });
		seconds.push((performance.now() - at) / 1000);
		expect(isAlive(worker.trainer())).toBe(false);
		expect((await here.find(runId)).status).toBe("queued");
		const [last] = await here.rows<{ seen: number; saved: number }>(
			`SELECT max(points.step) AS seen, coalesce(max(checkpoints.step), 0) AS saved
			FROM run_stages JOIN metric_points AS points ON points.run_id = run_stages.run_id AND key LIKE name || '/loss'
			LEFT JOIN checkpoints USING (stage_key) WHERE run_stages.run_id = $1
			GROUP BY name, run_stages.created_at ORDER BY run_stages.created_at DESC LIMIT 1`,
			runId,
		);
		repeated += last!.seen - last!.saved;
	}
	here.startWorker("finishes");
	const ended = await here.until(runId, isOver);
	const account = await accountFor(here, runId, await expected);
	figure("drain", { drains, slowestSeconds: Math.max(...seconds), repeatedSteps: repeated, ...account });
	expect(ended.status).toBe("succeeded");
	expect(repeated).toBe(0);
	expect(account).toEqual(flawless);
	expect(Math.max(...seconds)).toBeLessThanOrEqual(10);
});

test("cancelled at any moment, a run has one end, no trainer and nothing to tell after it", {
	timeout: 600_000,
}, async () => {
	const here = cancel();
	const cancels = timesOver({ ci: 2, whole: 40 });
	const random = new Random("cancels");
	const worker = here.startWorker("cancelled");
	const ends: string[] = [];
	const seconds: number[] = [];
	for (let seed = 1; seed <= cancels; seed++) {
		// Every fourth is trained already, so that its end comes at about the same time as its cancel.
		const runId = await here.run(
			await tinyExperiment(here.folder, { epochs: 40, seed: seed % 4 === 0 ? 2 : 100 + seed }),
		);
		await here.until(runId, ({ status }) => status === "running");
		await sleep(random.uniform() * 5000);
		const at = performance.now();
		await requestIntent(here.database.db, { runIds: [runId], intent: "cancel" });
		ends.push((await here.until(runId, isOver, 20)).status);
		await patiently(10, async () => (isAlive(worker.trainer()) ? null : true));
		seconds.push((performance.now() - at) / 1000);
		const told = await here.rows<{ kind: string; status: string | null }>(
			"SELECT kind, body ->> 'status' AS status FROM events WHERE run_id = $1 ORDER BY seq",
			runId,
		);
		const terminal = told.filter(({ status }) => status !== null && isOver({ status }));
		expect(terminal).toEqual([told.at(-1)]);
	}
	figure("cancel", {
		cancels,
		ends: Object.fromEntries(
			Object.entries(Object.groupBy(ends, (end) => end)).map(([end, all]) => [end, all!.length]),
		),
		slowestSeconds: Math.max(...seconds),
	});
	expect(ends.every((end) => end === "cancelled" || end === "succeeded")).toBe(true);
	expect(ends).toContain("cancelled");
	expect(Math.max(...seconds)).toBeLessThanOrEqual(5);
	signal(worker.process.pid, "SIGTERM");
	await worker.exit;
});

test.concurrent("hanging, crashing at the start and running out of memory are told apart, and hurt no other run", {
	timeout: 180_000,
}, async () => {
	const here = failure();
	const worker = here.startWorker("patient", { MITHRIDATE_HANG_SECONDS: "20" });
	const hangs = await here.run(await tinyExperiment(here.folder, { epochs: 6 }));
	await here.trains(hangs, 1);
	signal(worker.trainer(), "SIGSTOP");
	const after = await here.until(hangs, isOver, 90);
	const [hung] = await here.rows<{ outcome: string; code: string }>(
		"SELECT outcome, error ->> 'code' AS code FROM attempts WHERE run_id = $1 AND epoch = 1",
		hangs,
	);
	expect(hung).toEqual({ outcome: "lost", code: "HUNG" });
	expect(after).toMatchObject({ status: "succeeded", epoch: 2 });

	const crashes = await here.run(await tinyExperiment(here.folder, { epochs: 6, seed: 5 }));
	for (let epoch = 1; epoch <= 3; epoch++) {
		await worker.says((line) => line.runId === crashes && line.epoch === epoch && line.trainer !== undefined);
		signal(worker.trainer(), "SIGKILL");
		await here.until(crashes, (run) => run.epoch > epoch || isOver(run));
	}
	const crashed = await here.find(crashes);
	expect(crashed).toMatchObject({ status: "quarantined", epoch: 3, error: { code: "no-progress" } });
	const other = await here.run(await tinyExperiment(here.folder, { epochs: 1, seed: 6 }));
	expect((await here.until(other, isOver)).status).toBe("succeeded");
	signal(worker.process.pid, "SIGTERM");
	await worker.exit;

	here.startWorker("small", { MITHRIDATE_TRAINER_MEMORY: "24" });
	const greedy = await here.run(await tinyExperiment(here.folder, { epochs: 6, seed: 7 }));
	const starved = await here.until(greedy, isOver);
	figure("failing trainers", { hung: hung!.code, crashed: crashed.status, starved: starved.error?.code });
	expect(starved).toMatchObject({ status: "failed", error: { code: "OUT_OF_MEMORY" } });
});
