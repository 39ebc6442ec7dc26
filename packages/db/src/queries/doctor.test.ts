import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeEach, expect, test } from "vitest";
import { diskArtifacts } from "../artifacts/disk.ts";
import * as schema from "../schema/index.ts";
import { freshDatabase } from "../testing.fixture.ts";
import { hashOf } from "./config-hash.ts";
import { collectGarbage, diagnose, type Finding, repair } from "./doctor.ts";
import { finishAttempt } from "./leases.ts";
import { record } from "./record.ts";
import type { StoredFile } from "./record-items.ts";
import { aRunningRun, noQueue } from "./run.fixture.ts";
import { commitCheckpoint, newestCheckpoint } from "./stages.ts";

const { db } = await freshDatabase();
const folder = mkdtempSync(join(tmpdir(), "mithridate-doctor-"));
const store = diskArtifacts(join(folder, "artifacts"));
afterAll(() => rmSync(folder, { recursive: true }));

const stageKey = hashOf("poisoned");
let attempt: { runId: string; epoch: number };

async function file(text: string): Promise<StoredFile> {
	return {
		name: "state",
		mediaType: "text/plain",
		...(await store.put(Buffer.from(text), { mediaType: "text/plain" })),
	};
}

async function findings(): Promise<Finding[]> {
	const found: Finding[] = [];
	for await (const finding of diagnose(db, store, { graceSeconds: 0 })) found.push(finding);
	return found;
}

const commit = async (kind: "state" | "model", step: number, text: string) =>
	commitCheckpoint(db, { ...attempt, stageKey, stage: "poisoned", kind, step, files: [await file(text)] });

beforeEach(async () => {
	const { id, epoch } = await aRunningRun(db);
	attempt = { runId: id, epoch };
	await commit("state", 10, "ten");
	await commit("state", 20, "twenty");
	return async () => {
		await db.delete(schema.runs);
		await db.delete(schema.stages);
		await collectGarbage(db, store, { graceSeconds: 0 });
	};
});

test("a sound tree gives no findings", async () => {
	await record(db, { ...attempt, items: [{ kind: "log", level: "info", message: "hello" }] });
	await finishAttempt(db, { ...attempt, outcome: "succeeded", enqueue: noQueue });
	expect(await findings()).toEqual([]);
});

test("a damaged newest checkpoint is found, and after repair the one before it is used", async () => {
	const newest = await newestCheckpoint(db, { stageKey, kind: "state" });
	expect(newest).toMatchObject({ step: 20, files: [{ name: "state", bytes: 6 }] });
	const { sha256 } = newest!.files[0]!;
	writeFileSync(store.path(sha256), "twisty");
	const found = await findings();
	expect(found).toMatchObject([{ kind: "artifact-damaged", subject: sha256 }]);
	expect(await repair(db, store, found)).toEqual(found);
	expect(await newestCheckpoint(db, { stageKey, kind: "state" })).toMatchObject({ step: 10 });
	await commit("state", 20, "twenty");
	expect(await newestCheckpoint(db, { stageKey, kind: "state" })).toMatchObject({ step: 20 });
	expect(await findings()).toEqual([]);
});

test("of the states of a stage the newest two stay, and none once its model is there", async () => {
	await commit("state", 30, "thirty");
	const states = async () => {
		const rows = await db.select().from(schema.checkpoints).where(eq(schema.checkpoints.kind, "state"));
		return rows.map(({ step }) => step);
	};
	expect(await states()).toEqual([20, 30]);
	expect(await collectGarbage(db, store)).toBe(0);
	expect(await collectGarbage(db, store, { graceSeconds: 0 })).toBe(1);
	await commit("model", 40, "model");
	expect(await states()).toEqual([]);
	const [stage] = await db.select().from(schema.stages).where(eq(schema.stages.key, stageKey));
	expect(stage).toMatchObject({ status: "finished", madeByRun: attempt.runId });
});

test("a stale attempt commits no checkpoint", async () => {
	attempt = { ...attempt, epoch: attempt.epoch - 1 };
	await expect(commit("state", 50, "fifty")).rejects.toMatchObject({ code: "stale-attempt" });
	expect(await newestCheckpoint(db, { stageKey, kind: "state" })).toMatchObject({ step: 20 });
});

const { runs, events, attempts, checkpointFiles, datasets, artifacts } = schema;
const faults: [string, Finding["kind"], () => Promise<unknown>][] = [
	["a file that is gone", "artifact-missing", async () => store.delete((await file("ten")).sha256)],
	["a file without a row", "artifact-unknown", () => file("stranger")],
	[
		"a row that nothing refers to",
		"artifact-unused",
		async () => db.insert(artifacts).values({ ...(await file("lonely")), createdAt: new Date(0) }),
	],
	[
		"a gap in a run's events",
		"event-gap",
		() => db.delete(events).where(and(eq(events.runId, attempt.runId), eq(events.seq, 2))),
	],
	[
		"events missing at the end",
		"event-gap",
		() => db.update(runs).set({ lastSeq: 99 }).where(eq(runs.id, attempt.runId)),
	],
	[
		"a lease that nobody takes back",
		"lease-ended",
		() =>
			db
				.update(runs)
				.set({ leaseUntil: new Date(0) })
				.where(eq(runs.id, attempt.runId)),
	],
	["a run without its attempt", "dangling-row", () => db.delete(attempts).where(eq(attempts.runId, attempt.runId))],
	[
		"an attempt that never ended",
		"dangling-row",
		() => db.update(runs).set({ status: "failed", leaseUntil: null }).where(eq(runs.id, attempt.runId)),
	],
	[
		"a finished stage without a model",
		"dangling-row",
		() => db.update(schema.stages).set({ status: "finished" }).where(eq(schema.stages.key, stageKey)),
	],
	[
		"a checkpoint without files",
		"dangling-row",
		async () => {
			const newest = await newestCheckpoint(db, { stageKey, kind: "state" });
			await db.delete(checkpointFiles).where(eq(checkpointFiles.checkpointId, newest!.id));
			await collectGarbage(db, store, { graceSeconds: 0 });
		},
	],
	[
		"a data set without its pairs",
		"dangling-row",
		() => {
			const counts = { trainCount: 1, testCount: 0, trustedCount: 0 };
			const half = { name: "half", hash: hashOf("half"), settings: {}, classes: [], imageSize: 8, ...counts };
			return db.insert(datasets).values(half);
		},
	],
];

test.each(faults)("%s is found, and nothing else", async (_, kind, seed) => {
	await seed();
	expect((await findings()).map((finding) => finding.kind)).toEqual([kind]);
	await db.delete(datasets);
});
