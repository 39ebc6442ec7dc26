import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { StaleAttemptError } from "../errors.ts";
import { imports } from "../schema/index.ts";
import { freshDatabase } from "../testing.fixture.ts";
import { ensureDataset } from "./datasets.ts";
import {
	cancelImport,
	claimImport,
	createImport,
	finishImport,
	type Import,
	type ImportFault,
	listImportFaults,
	recordImport,
} from "./imports.ts";
import { aWorker } from "./run.fixture.ts";

const { db } = await freshDatabase();
const settings = { params: {}, images: {}, seed: 42, duplicateBits: 6 };
let keys = 0;

async function anImport(): Promise<Import> {
	const idempotency = { scope: "test", key: `${++keys}`, inputHash: "0".repeat(64) };
	return (await createImport(db, { wanted: { kind: "coco", path: "/coco", root: null, settings }, idempotency })).row;
}

/** Everything that waits is claimed, so that the import at hand is next. */
async function aRunningImport(): Promise<Import> {
	const { id } = await anImport();
	const workerId = await aWorker(db, "importer");
	for (;;) {
		const claimed = await claimImport(db, { workerId });
		if (claimed?.id === id) return claimed;
	}
}

const attemptOf = ({ id, epoch }: Import) => ({ importId: id, epoch });
const fault = (row: number): ImportFault => ({ file: "a.csv", row, column: null, reason: "columns", detail: "two" });
const expire = ({ id }: Import) =>
	db
		.update(imports)
		.set({ leaseUntil: new Date(0) })
		.where(eq(imports.id, id));
const pageOf = async ({ id }: Import) =>
	(await listImportFaults(db, { importId: id, page: { first: 10 } })).rows.map(({ row }) => row);
const crash = { code: "IMPORTER_CRASHED", message: "It fell." };

test("the same request twice is one import", async () => {
	const idempotency = { scope: "test", key: "twice", inputHash: "1".repeat(64) };
	const wanted = { kind: "coco", path: "/coco", root: null, settings };
	const first = await createImport(db, { wanted, idempotency });
	const second = await createImport(db, { wanted, idempotency });
	expect([first.replayed, second.replayed]).toEqual([false, true]);
	expect(second.row.id).toBe(first.row.id);
	await cancelImport(db, first.row.id);
});

test("of many workers that claim, each import goes to one of them", async () => {
	const wanted = [(await anImport()).id, (await anImport()).id];
	const workers = await Promise.all(Array.from({ length: 6 }, (_, at) => aWorker(db, `w${at}`)));
	const claims = await Promise.all(workers.map((workerId) => claimImport(db, { workerId })));
	expect(claims.flatMap((claim) => claim?.id ?? []).sort()).toEqual(wanted.sort());
});

test("progress and rows left out are told of once each, and every change raises the revision", async () => {
	const running = await aRunningImport();
	const attempt = attemptOf(running);
	await recordImport(db, { ...attempt, done: 5, total: 9, faults: [fault(3)], faultCount: 1 });
	await recordImport(db, { ...attempt, done: 5, total: 9, faults: [], faultCount: 0 });
	await recordImport(db, { ...attempt, done: 9, total: 9, faults: [fault(8)], faultCount: 4 });
	const [row] = await db.select().from(imports).where(eq(imports.id, running.id));
	expect(row).toMatchObject({ done: 9, total: 9, faultCount: 5, revision: running.revision + 2 });
	expect(await pageOf(running)).toEqual([3, 8]);
});

test("names of strangers' files are stored although no database stores their letters", async () => {
	const running = await aRunningImport();
	const odd = { ...fault(1), file: "a\0b", detail: "half \ud800 of one" };
	await recordImport(db, { ...attemptOf(running), done: 1, total: 1, faults: [odd], faultCount: 1 });
	const { rows } = await listImportFaults(db, { importId: running.id, page: { first: 1 } });
	expect(rows[0]).toMatchObject({ file: "a\ufffdb", detail: "half \ufffd of one" });
});

test("an import whose worker is gone is claimed anew, and the old attempt can write nothing more", async () => {
	const lost = await aRunningImport();
	const workerId = await aWorker(db, "other");
	expect(await claimImport(db, { workerId })).toBeNull();
	await expire(lost);
	const again = await claimImport(db, { workerId });
	expect(again).toMatchObject({ id: lost.id, epoch: lost.epoch + 1, stalledAttempts: 1 });
	const stale = { ...attemptOf(lost), done: 1, total: 1, faults: [], faultCount: 0 };
	await expect(recordImport(db, stale)).rejects.toThrow(StaleAttemptError);
	await expect(finishImport(db, { ...attemptOf(lost), outcome: "cancelled" })).rejects.toThrow(StaleAttemptError);
});

test("three attempts lost without progress end it; one that gets on may be lost as often as it likes", async () => {
	const workerId = await aWorker(db, "unlucky");
	let row = await aRunningImport();
	for (const done of [1, 2, 3, 4]) {
		await recordImport(db, { ...attemptOf(row), done, total: 9, faults: [], faultCount: 0 });
		await finishImport(db, { ...attemptOf(row), outcome: "lost", error: crash });
		row = (await claimImport(db, { workerId }))!;
	}
	for (const status of ["queued", "failed"]) {
		row = await finishImport(db, { ...attemptOf(row), outcome: "lost", error: crash });
		expect(row.status).toBe(status);
		if (status === "queued") row = (await claimImport(db, { workerId }))!;
	}
	expect(row.error).toMatchObject({ code: crash.code, message: expect.stringContaining(crash.message) });
});

test("what succeeded names its version, and holds the rows left out by all attempts", async () => {
	const running = await aRunningImport();
	await recordImport(db, { ...attemptOf(running), done: 1, total: 2, faults: [fault(2)], faultCount: 1 });
	const hash = "a".repeat(64);
	const counts = { trainCount: 0, testCount: 0, trustedCount: 0 };
	const dataset = { name: "coco", hash, settings: {}, classes: [], imageSize: 32, ...counts, images: null, pairs: [] };
	const { id: datasetId } = await ensureDataset(db, dataset);
	const faults = [fault(1), fault(2)];
	const end = { outcome: "succeeded", versionHash: hash, datasetId, faults, faultCount: 2 } as const;
	const done = await finishImport(db, { ...attemptOf(running), ...end });
	expect(done).toMatchObject({ status: "succeeded", versionHash: hash, faultCount: 2, leaseUntil: null });
	expect(await pageOf(running)).toEqual([1, 2]);
});

test("a waiting import is cancelled at once, a running one when its worker hears of it", async () => {
	expect(await cancelImport(db, (await anImport()).id)).toMatchObject({ status: "cancelled" });
	const running = await aRunningImport();
	expect(await cancelImport(db, running.id)).toMatchObject({ status: "running", isCancelled: true });
	const news = { ...attemptOf(running), done: 0, total: 0, faults: [], faultCount: 0 };
	expect(await recordImport(db, news)).toMatchObject({ isCancelled: true });
	const over = await finishImport(db, { ...attemptOf(running), outcome: "queued" });
	expect(over.status).toBe("cancelled");
	expect(await cancelImport(db, running.id)).toEqual(over);
	expect(await cancelImport(db, "00000000-0000-7000-8000-000000000000")).toBeNull();
});

test("one that was to be cancelled and whose worker is gone is ended by the next that looks", async () => {
	const running = await aRunningImport();
	await cancelImport(db, running.id);
	await expire(running);
	expect(await claimImport(db, { workerId: await aWorker(db, "next") })).toBeNull();
	const [row] = await db.select().from(imports).where(eq(imports.id, running.id));
	expect(row).toMatchObject({ status: "cancelled", leaseUntil: null });
});
