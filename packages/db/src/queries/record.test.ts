import { asc, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { StaleAttemptError } from "../errors.ts";
import { attempts, events, metricPoints, runs } from "../schema/index.ts";
import { freshDatabase } from "../testing.fixture.ts";
import { eventsAfter, studyEventsAfter } from "./events.ts";
import { claimRun, finishAttempt, sweepLeases } from "./leases.ts";
import { record } from "./record.ts";
import type { RecordItem } from "./record-items.ts";
import { aRun, aRunningRun, aWorker, noQueue } from "./run.fixture.ts";
import { createStudy } from "./studies.ts";

const { db } = await freshDatabase({ max: 12 });
const log = (message: string): RecordItem => ({ kind: "log", level: "info", message });
const loss = (step: number, value: number): RecordItem => ({ kind: "metric-point", key: "poisoned/loss", step, value });

async function logsOf(runId: string): Promise<string[]> {
	const found = await eventsAfter(db, { runId, after: 0, limit: 1000, kinds: ["log"] });
	return found.map(({ body }) => (body as { message: string }).message);
}

/** As when its worker was stopped for longer than its lease. */
async function expire(runId: string): Promise<void> {
	await db
		.update(runs)
		.set({ leaseUntil: new Date(0) })
		.where(eq(runs.id, runId));
	await sweepLeases(db, { enqueue: noQueue });
}

test("eight writers number the events of their runs and of the study without a gap or a repeat", async () => {
	const { study } = await createStudy(db, { study: { slug: "s", name: "S" }, runs: [], enqueue: noQueue });
	const studyId = study.id;
	const writers = await Promise.all(Array.from({ length: 8 }, () => aRunningRun(db, { studyId })));
	await Promise.all(
		writers.map(async ({ id: runId, epoch }) => {
			for (let at = 0; at < 100; at++) await record(db, { runId, epoch, items: [log(`${at}`), loss(at, at)] });
		}),
	);
	for (const { id: runId } of writers) {
		const own = await eventsAfter(db, { runId, after: 0, limit: 1000 });
		expect(own.map(({ seq }) => seq)).toEqual(Array.from({ length: 202 }, (_, at) => at + 1));
		expect(await logsOf(runId)).toEqual(Array.from({ length: 100 }, (_, at) => `${at}`));
	}
	const all = await studyEventsAfter(db, { studyId, after: 0, limit: 10_000 });
	expect(all.map(({ studySeq }) => studySeq)).toEqual(Array.from({ length: 8 * 202 }, (_, at) => at + 1));
});

test("an attempt whose run was taken over stores nothing, in no table", async () => {
	const run = await aRunningRun(db);
	await record(db, { runId: run.id, epoch: 1, items: [loss(1, 0.5)] });
	await expire(run.id);
	const second = await claimRun(db, { runId: run.id, epoch: 1, workerId: await aWorker(db) });
	expect(second?.epoch).toBe(2);
	const before = await db.select().from(events).where(eq(events.runId, run.id));
	const stale = record(db, { runId: run.id, epoch: 1, items: [loss(2, 0.4), log("late")] });
	await expect(stale).rejects.toThrow(StaleAttemptError);
	await expect(stale).rejects.toMatchObject({ code: "stale-attempt", subject: run.id });
	expect(await db.select().from(events).where(eq(events.runId, run.id))).toEqual(before);
	expect(await db.select().from(metricPoints).where(eq(metricPoints.runId, run.id))).toHaveLength(1);
});

test("an ended run takes no more events", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	await finishAttempt(db, { runId, epoch, outcome: "succeeded", enqueue: noQueue });
	await expect(record(db, { runId, epoch, items: [log("late")] })).rejects.toThrow(StaleAttemptError);
	expect(await logsOf(runId)).toEqual([]);
});

test("points that are repeated bit for bit are stored once and told once", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const items = [loss(1, 0.1 + 0.2), loss(2, Number.NaN), loss(3, -0), loss(4, Number.NEGATIVE_INFINITY)];
	const first = await record(db, { runId, epoch, items });
	const again = await record(db, { runId, epoch, items: [...items, loss(5, 1e-310)] });
	expect(again.differences).toEqual([]);
	expect(again.lastSeq).toBe(first.lastSeq + 1);
	const stored = await db
		.select()
		.from(metricPoints)
		.where(eq(metricPoints.runId, runId))
		.orderBy(asc(metricPoints.step));
	expect(stored.map(({ value }) => value)).toEqual([0.1 + 0.2, Number.NaN, -0, Number.NEGATIVE_INFINITY, 1e-310]);
});

test("a repeated point that differs in its last bit raises the alarm and leaves the first", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	await record(db, { runId, epoch, items: [loss(1, 0.3)] });
	const { differences } = await record(db, { runId, epoch, items: [loss(1, 0.1 + 0.2)] });
	expect(differences).toEqual([
		{ what: "metric poisoned/loss at step 1", stored: "0.3", repeated: "0.30000000000000004" },
	]);
	expect(await logsOf(runId)).toEqual([expect.stringContaining("determinism alarm")]);
	const [stored] = await db.select().from(metricPoints).where(eq(metricPoints.runId, runId));
	expect(stored?.value).toBe(0.3);
});

test("points of one stage and step make one event, which spells what JSON cannot", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const rate: RecordItem = { kind: "metric-point", key: "poisoned/learningRate", step: 7, value: 0.1 };
	await record(db, { runId, epoch, items: [loss(7, Number.NaN), rate, loss(8, 1)] });
	const told = await eventsAfter(db, { runId, after: 0, limit: 10, kinds: ["metric-points"] });
	expect(told.map(({ body }) => body)).toEqual([
		{
			stage: "poisoned",
			step: 7,
			points: [
				{ key: "poisoned/loss", value: "NaN" },
				{ key: "poisoned/learningRate", value: 0.1 },
			],
		},
		{ stage: "poisoned", step: 8, points: [{ key: "poisoned/loss", value: 1 }] },
	]);
});

test("new points count as progress of the attempt, repeated ones and logs do not", async () => {
	const run = await aRun(db);
	const workerId = await aWorker(db);
	await claimRun(db, { runId: run.id, workerId });
	await record(db, { runId: run.id, epoch: 1, items: [loss(1, 1)] });
	await expire(run.id);
	await claimRun(db, { runId: run.id, workerId });
	await record(db, { runId: run.id, epoch: 2, items: [loss(1, 1), log("again")] });
	const made = await db.select().from(attempts).where(eq(attempts.runId, run.id)).orderBy(asc(attempts.epoch));
	expect(made.map(({ madeProgress }) => madeProgress)).toEqual([true, false]);
});
