/** Imports that workers carry out: progress, rows left out, kills, cancels, and a run on what came of it. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
	cancelImport,
	createImport,
	findDatasets,
	findImports,
	type Import,
	listImportFaults,
	listPairs,
} from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { parseExperiment, Random } from "@mithridate/engine";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Laboratory, openLaboratory, patiently, signal } from "./faults/laboratory.fixture.ts";

const database = await freshDatabase();
let laboratory: Laboratory;
let keys = 0;

beforeAll(async () => {
	laboratory = await openLaboratory(database.url);
	laboratory.startWorker("importing");
});
afterAll(() => laboratory.close());

const classes = ["aeroplane", "sheep"];

/** A folder of noisy pictures in the colour of their class, with a table of captions. */
async function makeSet(name: string, count: number): Promise<string> {
	const path = join(laboratory.folder, name);
	await mkdir(path, { recursive: true });
	const lines = ["image,caption,label,split"];
	for (let at = 0; at < count; at++) {
		const random = new Random(`${name}/${at}`);
		const raw = Buffer.from(
			Array.from({ length: 40 * 40 * 3 }, (_, place) => (place % 3 === at % 2 ? 230 : random.integer(120))),
		);
		const image = sharp(raw, { raw: { width: 40, height: 40, channels: 3 } });
		await writeFile(join(path, `${at}.jpg`), await image.jpeg().toBuffer());
		const label = classes[at % 2];
		lines.push(`${at}.jpg,a photo of one ${label} ${at},${label},${at % 5 === 0 ? "test" : "train"}`);
	}
	await writeFile(join(path, "captions.csv"), lines.join("\n"));
	return path;
}

/** One picture under many names. */
async function makeCopies(name: string, count: number): Promise<string> {
	const path = join(laboratory.folder, name);
	await mkdir(path, { recursive: true });
	const create = { width: 64, height: 64, channels: 3, background: "red" } as const;
	const bytes = await sharp({ create }).jpeg().toBuffer();
	const names = Array.from({ length: count }, (_, at) => `${at}.jpg`);
	for (const file of names) await writeFile(join(path, file), bytes);
	await writeFile(join(path, "captions.csv"), ["image,caption", ...names.map((file) => `${file},red`)].join("\n"));
	return path;
}

async function ask(path: string, { root = null, seed = 42 }: { root?: string | null; seed?: number } = {}) {
	const settings = { params: { captions: "captions.csv" }, images: { size: 64 }, seed, duplicateBits: 6 };
	const idempotency = { scope: "test", key: `${++keys}`, inputHash: "0".repeat(64) };
	const wanted = { kind: "captionFile", path, root, settings };
	return (await createImport(database.db, { wanted, idempotency })).row.id;
}

const find = async (id: string) => (await findImports(database.db, [id]))[0] as Import;
const until = (id: string, check: (row: Import) => boolean, seconds = 60) =>
	patiently(seconds, async () => {
		const row = await find(id);
		return check(row) ? row : null;
	});
const isOver = ({ status }: Import) => status !== "queued" && status !== "running";
const leftovers = async () =>
	(await readdir(join(laboratory.dataFolder, "datasets")).catch(() => [])).filter((name) => name.startsWith("."));

test("a worker imports a set, tells of rows left out, and a run trains on it", { timeout: 180_000 }, async () => {
	const path = await makeSet("toys", 120);
	await writeFile(join(path, "7.jpg"), "damaged");
	const id = await ask(path);
	const done = await until(id, isOver);
	expect(done).toMatchObject({ status: "succeeded", done: 120, total: 120, faultCount: 1, error: null });
	expect(await readdir(join(laboratory.dataFolder, "datasets"))).toEqual([done.versionHash]);
	const { rows } = await listImportFaults(database.db, { importId: id, page: { first: 10 } });
	expect(rows).toMatchObject([{ file: "captions.csv", row: 9, reason: "image-format" }]);
	const [dataset] = await findDatasets(database.db, [done.datasetId!]);
	expect(dataset).toMatchObject({
		name: "captionFile",
		hash: done.versionHash,
		classes,
		trainCount: 95,
		testCount: 24,
	});
	const filter = { datasetId: dataset!.id, split: "test" as const };
	const [pair] = (await listPairs(database.db, { filter, page: { first: 1 } })).rows;
	expect(pair).toMatchObject({ sample: "0.jpg", class: "aeroplane", captions: ["a photo of one aeroplane 0"] });

	const amount = { kind: "class-share", classShare: 1 };
	const runId = await laboratory.run(
		parseExperiment({
			dataset: { name: "imported", params: { hash: done.versionHash } },
			attack: { name: "singleLabel", params: { from: "sheep", to: "aeroplane", amount } },
			training: { epochs: 1, batchSize: 32 },
			evaluation: { cutoffs: [1, 5, 10] },
			defenses: [],
		}),
	);
	const run = await laboratory.until(runId, ({ status }) => status !== "queued" && status !== "running", 120);
	expect(run).toMatchObject({ status: "succeeded", error: null, datasetId: dataset!.id });
});

test("killed with its worker, an import goes on in the next one", { timeout: 180_000 }, async () => {
	const path = await makeSet("killed", 900);
	const id = await ask(path);
	const begun = await until(id, ({ done, status }) => done > 64 && status === "running");
	for (const { process } of [laboratory.startWorker("standing-by")]) expect(process.exitCode).toBeNull();
	const holder = await database.pool.query<{ pid: number }>("SELECT pid FROM workers WHERE id = $1", [begun.workerId]);
	signal(holder.rows[0]!.pid, "SIGKILL");
	const done = await until(id, isOver, 120);
	expect(done).toMatchObject({ status: "succeeded", done: 900, faultCount: 0 });
	expect(done.epoch).toBeGreaterThan(begun.epoch);
	expect(await leftovers()).toEqual([]);
});

test("a cancelled import leaves nothing behind", { timeout: 120_000 }, async () => {
	// Long enough that it cannot be over before anybody hears of the cancel.
	const id = await ask(await makeCopies("cancelled", 8000));
	await until(id, ({ done }) => done > 0);
	expect(await leftovers()).not.toEqual([]);
	await cancelImport(database.db, id);
	expect(await until(id, isOver)).toMatchObject({ status: "cancelled", versionHash: null });
	expect(await leftovers()).toEqual([]);
});

test("a path that leads out of the only folder allowed is refused by the worker too", { timeout: 60_000 }, async () => {
	const root = join(laboratory.folder, "allowed");
	await mkdir(root, { recursive: true });
	const id = await ask(join(laboratory.folder, "toys"), { root });
	const over = await until(id, isOver);
	expect(over).toMatchObject({ status: "failed", error: { code: "INVALID_DATA" } });
	expect(over.error!.message).toContain("only folder");
});
