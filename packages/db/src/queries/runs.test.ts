import { count, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import * as schema from "../schema/index.ts";
import { freshDatabase } from "../testing.fixture.ts";
import { hashOf } from "./config-hash.ts";
import type { Key, PageRequest } from "./pages.ts";
import { record } from "./record.ts";
import { aRun, aRunningRun, noQueue, sampleConfig } from "./run.fixture.ts";
import { archiveRuns, countRuns, deleteRuns, listRuns, type RunOrder, restoreRuns, runGroups } from "./run-lists.ts";
import { createRun, type NewRun } from "./runs.ts";
import { createStudy, studyCounts } from "./studies.ts";

const { db } = await freshDatabase();
const newRun: NewRun = { name: "one", config: sampleConfig(), goalsLabel: "sheep → aeroplane" };

test("a request that is sent again, even at the same time, starts one run", async () => {
	const idempotency = { scope: "token startRun", key: "k1", inputHash: hashOf(newRun) };
	let sent = 0;
	const enqueue = async () => void sent++;
	const answers = await Promise.all(
		Array.from({ length: 5 }, () => createRun(db, { run: newRun, enqueue, idempotency })),
	);
	expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
	expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
	expect(sent).toBe(1);
	const other = createRun(db, { run: newRun, enqueue, idempotency: { ...idempotency, inputHash: hashOf("other") } });
	await expect(other).rejects.toMatchObject({ code: "idempotency-conflict", subject: "k1" });
	const elsewhere = await createRun(db, {
		run: newRun,
		enqueue,
		idempotency: { ...idempotency, scope: "another token" },
	});
	expect(elsewhere.replayed).toBe(false);
});

test("a run whose job cannot be sent is not stored", async () => {
	const before = await countRuns(db);
	const broken = async () => {
		throw new Error("no queue");
	};
	await expect(createRun(db, { run: newRun, enqueue: broken })).rejects.toThrow("no queue");
	expect(await countRuns(db)).toBe(before);
});

test("a run has exactly one seed", async () => {
	const config = { ...sampleConfig(), seeds: [1, 2] };
	await expect(aRun(db, { config })).rejects.toMatchObject({ code: "invalid-input", subject: "seeds" });
});

test("runs that differ in their seed alone are one group", async () => {
	const { study } = await createStudy(db, {
		study: { slug: "groups", name: "Groups" },
		runs: [3, 1, 2].map((seed) => ({ ...newRun, config: sampleConfig(seed, "multiLabel") })),
		enqueue: noQueue,
	});
	const runs = await listRuns(db, { filter: { studyId: study.id }, page: { first: 10 } });
	const bySeed = runs.rows.toSorted((a, b) => a.seed - b.seed);
	expect(new Set(bySeed.map(({ configHash }) => configHash)).size).toBe(3);
	const groups = await runGroups(db, { filter: { studyId: study.id }, page: { first: 10 } });
	expect(groups.rows).toEqual([{ groupHash: bySeed[0]!.groupHash, runIds: bySeed.map(({ id }) => id) }]);
	expect(await studyCounts(db, [study.id])).toEqual([{ studyId: study.id, status: "queued", count: 3 }]);
});

test("a study's slug is taken once, and what failed leaves no runs", async () => {
	const make = () => createStudy(db, { study: { slug: "twice", name: "T" }, runs: [newRun], enqueue: noQueue });
	await make();
	const before = await countRuns(db);
	await expect(make()).rejects.toMatchObject({ code: "conflict", subject: "twice" });
	expect(await countRuns(db)).toBe(before);
});

const orders: RunOrder[] = (["number", "createdAt", "endedAt", "poisonedHitAt10"] as const).flatMap((field) =>
	(["asc", "desc"] as const).map((direction) => ({ field, direction })),
);

test.each(orders)("pages by $field $direction give every run once, forwards and backwards", async (order) => {
	const { study } = await createStudy(db, {
		study: { slug: `pages-${order.field}-${order.direction}`, name: "Pages" },
		runs: Array.from({ length: 11 }, () => newRun),
		enqueue: noQueue,
	});
	const filter = { studyId: study.id };
	const { rows: all } = await listRuns(db, { filter, page: { first: 100 } });
	// Repeated values and missing ones: the id decides.
	for (const [at, { id }] of all.entries())
		await db
			.update(schema.runs)
			.set(
				at % 3 === 0
					? { poisonedHitAt10: null }
					: { poisonedHitAt10: (at % 2) / 4, endedAt: new Date(1000 * (at % 4)) },
			)
			.where(eq(schema.runs.id, id));
	const whole = await listRuns(db, { filter, order, page: { first: 100 } });
	expect(whole.rows).toHaveLength(11);
	const keyOf = (run: (typeof all)[number]): Key => ({ value: run[order.field], id: run.id });
	const walk = async (next: (key: Key | undefined) => PageRequest, end: (rows: typeof all) => Key) => {
		const seen: string[][] = [];
		for (let key: Key | undefined; ; ) {
			const page = await listRuns(db, { filter, order, page: next(key) });
			seen.push(page.rows.map(({ id }) => id));
			if (!("last" in next(key) ? page.hasPreviousPage : page.hasNextPage)) return seen;
			key = end(page.rows);
		}
	};
	const ids = whole.rows.map(({ id }) => id);
	const forwards = await walk(
		(after) => ({ first: 3, after }),
		(rows) => keyOf(rows.at(-1)!),
	);
	expect(forwards.flat()).toEqual(ids);
	const backwards = await walk(
		(before) => ({ last: 3, before }),
		(rows) => keyOf(rows[0]!),
	);
	expect(backwards.reverse().flat()).toEqual(ids);
});

test("filters find by part of a text as it stands, by tag and by defense", async () => {
	const run = await aRun(db, { name: "100 % sheep_1", tags: ["mine"] });
	const found = async (filter: object) =>
		(await listRuns(db, { filter, page: { first: 50 } })).rows.map(({ id }) => id);
	expect(await found({ text: "0 % SHEEP_" })).toEqual([run.id]);
	expect(await found({ text: "0_%" })).toEqual([]);
	expect(await found({ tag: "mine", defense: ["cure", "other"] })).toEqual([run.id]);
	expect(await found({ tag: "mine", defense: ["other"] })).toEqual([]);
});

test("archiving hides ended runs and is undone by restoring", async () => {
	const waiting = await aRun(db);
	const ended = await aRun(db);
	await db.update(schema.runs).set({ status: "failed" }).where(eq(schema.runs.id, ended.id));
	const archived = await archiveRuns(db, [waiting.id, ended.id]);
	expect(archived.map(({ id }) => id)).toEqual([ended.id]);
	expect(await countRuns(db, { isArchived: true })).toBe(1);
	expect((await restoreRuns(db, [ended.id]))[0]?.archivedAt).toBeNull();
});

test("deleting a run takes all it recorded with it, and no run that is running", async () => {
	const { study } = await createStudy(db, { study: { slug: "del", name: "D" }, runs: [], enqueue: noQueue });
	const run = await aRunningRun(db, { studyId: study.id });
	const key = hashOf("a stage");
	await record(db, {
		runId: run.id,
		epoch: 1,
		items: [
			{ kind: "metric-point", key: "clean/loss", step: 1, value: 1 },
			{ kind: "stage", name: "clean", key, reused: false },
			{ kind: "system-sample", at: new Date(), cpuShare: 1, residentBytes: 5 },
		],
	});
	expect(await deleteRuns(db, [run.id])).toEqual([]);
	await db.update(schema.runs).set({ status: "failed", leaseUntil: null }).where(eq(schema.runs.id, run.id));
	expect(await deleteRuns(db, [run.id])).toEqual([run.id]);
	for (const table of [schema.events, schema.metricPoints, schema.attempts, schema.runStages, schema.systemSamples]) {
		const [left] = await db.select({ count: count() }).from(table).where(eq(table.runId, run.id));
		expect(left?.count).toBe(0);
	}
	const [stage] = await db.select().from(schema.stages).where(eq(schema.stages.key, key));
	expect(stage).toMatchObject({ name: "clean", madeByRun: null });
});
