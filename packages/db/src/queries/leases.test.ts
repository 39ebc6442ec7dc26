import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { StaleAttemptError } from "../errors.ts";
import { runs } from "../schema/index.ts";
import { freshDatabase } from "../testing.fixture.ts";
import { eventsAfter } from "./events.ts";
import { claimRun, finishAttempt, renewLease, sweepLeases } from "./leases.ts";
import { record } from "./record.ts";
import { aRun, aRunningRun, aWorker, noQueue } from "./run.fixture.ts";
import { type Enqueue, findAttempts, findRuns, type QueueJob, queueRun, requestIntent } from "./runs.ts";
import { listWorkers, queueState } from "./workers.ts";

const { db } = await freshDatabase();

/** A queue that remembers its jobs. */
function aQueue() {
	const jobs: QueueJob[] = [];
	const enqueue: Enqueue = async (_, sent) => void jobs.push(...sent);
	return { jobs, enqueue };
}

async function sweep(runId: string, enqueue: Enqueue = noQueue) {
	await db
		.update(runs)
		.set({ leaseUntil: new Date(0) })
		.where(eq(runs.id, runId));
	return (await sweepLeases(db, { enqueue })).find(({ id }) => id === runId)!;
}

async function statusesOf(runId: string) {
	const told = await eventsAfter(db, { runId, after: 0, limit: 100, kinds: ["status"] });
	return told.map(({ body }) => (body as { status: string }).status);
}

test("of many workers that claim one run, one gets it", async () => {
	const { id: runId } = await aRun(db);
	const workerIds = await Promise.all(Array.from({ length: 8 }, (_, at) => aWorker(db, `w${at}`)));
	const claims = await Promise.all(workerIds.map((workerId) => claimRun(db, { runId, epoch: 0, workerId })));
	const [winner, ...others] = claims.filter((claim) => claim !== null);
	expect(others).toEqual([]);
	expect(winner).toMatchObject({ status: "running", epoch: 1 });
	expect(await findAttempts(db, [runId])).toMatchObject([{ epoch: 1, workerId: winner?.workerId, host: "here" }]);
	expect((await listWorkers(db)).find(({ id }) => id === winner?.workerId)).toMatchObject({ runId, isAlive: true });
});

test("a job of an earlier attempt claims nothing", async () => {
	const run = await aRunningRun(db);
	await sweep(run.id);
	expect(await claimRun(db, { runId: run.id, epoch: 0, workerId: run.workerId! })).toBeNull();
	expect(await claimRun(db, { runId: run.id, epoch: 1, workerId: run.workerId! })).toMatchObject({ epoch: 2 });
});

test("a run whose lease ended waits again with a new job, and its old holder cannot renew", async () => {
	const run = await aRunningRun(db);
	const { jobs, enqueue } = aQueue();
	expect(await sweep(run.id, enqueue)).toMatchObject({ status: "queued", stalledAttempts: 1, leaseUntil: null });
	expect(jobs).toEqual([{ runId: run.id, epoch: 1, priority: 0 }]);
	await expect(renewLease(db, { runId: run.id, epoch: 1 })).rejects.toThrow(StaleAttemptError);
	expect(await findAttempts(db, [run.id])).toMatchObject([{ outcome: "lost" }]);
	expect(await statusesOf(run.id)).toEqual(["queued", "running", "queued"]);
});

test("a lease that was renewed in time is not swept", async () => {
	const run = await aRunningRun(db);
	const { leaseUntil } = await renewLease(db, { runId: run.id, epoch: 1 });
	expect(leaseUntil!.getTime()).toBeGreaterThan(Date.now() + 5000);
	expect(await sweepLeases(db, { enqueue: noQueue })).toEqual([]);
});

test("three lost attempts without progress quarantine a run, and a retry gives it three more", async () => {
	const { id: runId } = await aRun(db);
	const workerId = await aWorker(db);
	const lose = async () => {
		await claimRun(db, { runId, workerId });
		return (await sweep(runId)).status;
	};
	expect([await lose(), await lose(), await lose()]).toEqual(["queued", "queued", "quarantined"]);
	const [run] = await findRuns(db, [runId]);
	expect(run).toMatchObject({ stalledAttempts: 3, error: { code: "no-progress" } });
	expect(run?.endedAt).not.toBeNull();
	const { jobs, enqueue } = aQueue();
	const [again] = await queueRun(db, { runIds: [runId], from: ["quarantined"], enqueue });
	expect(again).toMatchObject({ status: "queued", stalledAttempts: 0, error: null, endedAt: null });
	expect(jobs).toEqual([{ runId, epoch: 3, priority: 0 }]);
});

test("a run that progresses survives any number of lost attempts", async () => {
	const { id: runId } = await aRun(db);
	const workerId = await aWorker(db);
	for (let step = 1; step <= 6; step++) {
		const { epoch } = (await claimRun(db, { runId, workerId }))!;
		await record(db, { runId, epoch, items: [{ kind: "metric-point", key: "clean/loss", step, value: 1 }] });
		expect(await sweep(runId)).toMatchObject({ status: "queued", stalledAttempts: 0 });
	}
});

test("an attempt that a supervisor reports lost follows the same rule, with its reason", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const error = { code: "out-of-memory", message: "the trainer was killed" };
	const run = await finishAttempt(db, { runId, epoch, outcome: "lost", error, enqueue: noQueue });
	expect(run).toMatchObject({ status: "queued", stalledAttempts: 1 });
	expect(await findAttempts(db, [runId])).toMatchObject([{ outcome: "lost", error }]);
});

test("an attempt ends once: of its end and a takeover, the first wins", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const finish = () => finishAttempt(db, { runId, epoch, outcome: "succeeded", enqueue: noQueue });
	const ends = await Promise.allSettled([finish(), finish(), finish()]);
	expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
	expect(await statusesOf(runId)).toEqual(["queued", "running", "succeeded"]);
});

test("a draining worker's run waits again without counting as stalled", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const { jobs, enqueue } = aQueue();
	const run = await finishAttempt(db, { runId, epoch, outcome: "paused", requeue: true, enqueue });
	expect(run).toMatchObject({ status: "queued", stalledAttempts: 0 });
	expect(jobs).toHaveLength(1);
});

test("waiting runs stop at once when asked, running ones are told, ended ones are left alone", async () => {
	const waiting = await aRun(db);
	const running = await aRunningRun(db);
	const ended = await aRunningRun(db);
	await finishAttempt(db, { runId: ended.id, epoch: 1, outcome: "failed", enqueue: noQueue });
	const changed = await requestIntent(db, { runIds: [waiting.id, running.id, ended.id], intent: "cancel" });
	expect(changed.map(({ id, status, intent }) => ({ id, status, intent }))).toEqual([
		{ id: running.id, status: "running", intent: "cancel" },
		{ id: waiting.id, status: "cancelled", intent: "run" },
	]);
	expect(await renewLease(db, { runId: running.id, epoch: 1 })).toMatchObject({ intent: "cancel" });
	expect(await sweep(running.id)).toMatchObject({ status: "cancelled" });
});

test("the queue counts what waits and what runs", async () => {
	const before = await queueState(db);
	const waiting = await aRun(db);
	const after = await queueState(db);
	expect(after).toMatchObject({ depth: before.depth + 1, running: before.running });
	expect(after.oldestQueuedAt!.getTime()).toBeLessThanOrEqual(waiting.queuedAt.getTime());
});
