/** Imports through the API: asking, being refused, following and stopping. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@mithridate/client";
import { claimImport, ensureDataset, finishImport, type Import, recordImport, registerWorker } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { afterAll, describe, expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";
import { ask, keySource, uuidOf } from "./subjects.fixture.ts";

const database = await freshDatabase();
const { db } = database;
const root = realpathSync(mkdtempSync(join(tmpdir(), "mithridate-imports-")));
const [allowed, secret] = [join(root, "allowed"), join(root, "secret")];
for (const folder of [allowed, secret, join(allowed, "coco")]) mkdirSync(folder, { recursive: true });
writeFileSync(join(secret, "captions.csv"), "image,caption\n");
symlinkSync(secret, join(allowed, "link"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const api = await startApi(database, { facts: { importRoot: null } });
const confined = await startApi(database, { facts: { importRoot: allowed } });
const closed = await startApi(database);
const key = keySource();

const IMPORT = `mutation($input: ImportDatasetInput!) { importDataset(input: $input) {
	clientMutationId replayed
	import { id importer title path status settings { name value } progress { done total } faultCount versionHash dataset { id } }
	errors { __typename ... on UserError { code message path } }
} }`;
const CANCEL =
	"mutation($id: ID!) { cancelDatasetImport(input: { importId: $id }) { import { status isCancelled } errors { ... on UserError { code path } } } }";

const input = (more: object = {}) => ({
	idempotencyKey: key(),
	path: join(allowed, "coco"),
	importer: { coco: { year: "_2017" } },
	...more,
});

async function begin(): Promise<{ id: string; row: Import }> {
	const { data } = await ask(api, IMPORT, { input: input() });
	const worker = await registerWorker(db, { name: "w", host: "here", pid: 1, version: "0", threads: 2 });
	for (;;) {
		const row = (await claimImport(db, { workerId: worker.id }))!;
		if (row.id === uuidOf(data.importDataset.import.id)) return { id: data.importDataset.import.id, row };
	}
}

const attemptOf = ({ id, epoch }: Import) => ({ importId: id, epoch });

async function succeed(row: Import): Promise<string> {
	const versionHash = row.id.replaceAll("-", "").repeat(2);
	const dataset = await ensureDataset(db, {
		name: "coco",
		hash: versionHash,
		settings: { name: "imported", params: { hash: versionHash, captions: "original" } },
		classes: ["boat"],
		imageSize: 32,
		trainCount: 3,
		testCount: 2,
		trustedCount: 0,
		images: null,
		pairs: [],
	});
	const faults = [{ file: "a.json", row: 4, column: null, reason: "field", detail: "missing" }];
	const end = { outcome: "succeeded", versionHash, datasetId: dataset.id, faults, faultCount: 1 } as const;
	await finishImport(db, { ...attemptOf(row), ...end });
	return versionHash;
}

describe("asking for an import", () => {
	test("fills in the importer's defaults and waits for a worker", async () => {
		const { data } = await ask(api, IMPORT, { input: input({ clientMutationId: "mine", images: { size: 64 } }) });
		expect(data.importDataset).toMatchObject({ clientMutationId: "mine", replayed: false, errors: [] });
		const made = data.importDataset.import;
		expect(made).toMatchObject({
			importer: "coco",
			title: "Coco",
			path: join(allowed, "coco"),
			status: "QUEUED",
			progress: { done: 0, total: null },
			faultCount: 0,
			versionHash: null,
			dataset: null,
		});
		const settings = new Map(made.settings.map(({ name, value }: { name: string; value: string }) => [name, value]));
		expect(settings.get("year")).toBe('"2017"');
		expect(settings.get("testPerClass")).toBe("50");
		expect(settings.get("seed")).toBe("42");
		expect(JSON.parse(settings.get("images") as string)).toMatchObject({ size: 64, fit: "crop" });
	});

	test("twice under one key is one import", async () => {
		const twice = input();
		const first = await ask(api, IMPORT, { input: twice });
		const second = await ask(api, IMPORT, { input: twice });
		expect(second.data.importDataset.replayed).toBe(true);
		expect(second.data.importDataset.import.id).toBe(first.data.importDataset.import.id);
		const other = await ask(api, IMPORT, { input: { ...twice, seed: 1 } });
		expect(other.data.importDataset.errors).toMatchObject([{ code: "CONFLICT", path: ["idempotencyKey"] }]);
	});

	test.each<[object, string]>([
		[{ path: "relative/path" }, "path"],
		[{ path: join(root, "nowhere") }, "path"],
		[{ path: `${root}\0` }, "path"],

		[{ seed: -1 }, "seed"],
		[{ duplicateBits: 33 }, "duplicateBits"],
		[{ images: { size: 8 } }, "images.size"],
		[{ importer: { coco: { testPerClass: 0 } } }, "importer.coco.testPerClass"],
		[{ importer: { flickr30k: { testShare: 2 } } }, "importer.flickr30k.testShare"],
		[{ idempotencyKey: " " }, "idempotencyKey"],
		[{ clientMutationId: "x".repeat(201) }, "clientMutationId"],
	])("with %j is refused at its place", async (bad, path) => {
		const { data } = await ask(api, IMPORT, { input: input(bad) });
		expect(data.importDataset.import).toBeNull();
		expect(data.importDataset.errors.map((error: { path: string[] }) => error.path.join("."))).toEqual([path]);
	});

	test("with a path that no system has is refused at its place", async () => {
		const { data } = await ask(api, IMPORT, { input: input({ path: `/${"x".repeat(5000)}` }) });
		expect(data.importDataset.errors).toMatchObject([{ path: ["path"], message: expect.stringContaining("4096") }]);
	});

	test.each([{ importer: {} }, { importer: { coco: {}, parquet: {} } }, { importer: { tiff: {} } }])(
		"with %j is refused by GraphQL itself",
		async (bad) => {
			const { errors } = await ask(api, IMPORT, { input: input(bad) });
			expect(errors?.[0]?.extensions.code).toBe("BAD_USER_INPUT");
		},
	);
});

describe("where imports may come from", () => {
	const ways = [
		secret,
		join(secret, "captions.csv"),
		`${allowed}/../secret`,
		`${allowed}/coco/../../secret`,
		join(allowed, "link"),
		join(allowed, "link", "captions.csv"),
		`${allowed}-beside`,
		"/",
		"/etc/passwd",
		"/proc/self/environ",
		"/dev/stdin",
		join(allowed, "nowhere"),
		`${allowed}/coco\0/../../secret`,
		"allowed/coco",
		"file:///etc/passwd",
		`${allowed}/%2e%2e/secret`,
		`${allowed}/..%2fsecret`,
		`${allowed}/....//secret`,
		`${allowed}\\..\\secret`,
	];

	test.each(ways)("%j is refused by a server with an import folder", async (path) => {
		const { data } = await ask(confined, IMPORT, { input: input({ path }) });
		expect(data.importDataset).toMatchObject({ import: null, errors: [{ code: "VALIDATION", path: ["path"] }] });
	});

	test("a path that is there and one that is not look alike outside of it", async () => {
		const messages = await Promise.all(
			[secret, join(root, "nowhere")].map(async (path) => {
				const { data } = await ask(confined, IMPORT, { input: input({ path }) });
				return data.importDataset.errors[0].message;
			}),
		);
		expect(messages[0]).toBe(messages[1]);
	});

	test("what lies in it is taken, and the worker is told to stay there", async () => {
		const { data } = await ask(confined, IMPORT, { input: input() });
		expect(data.importDataset.errors).toEqual([]);
		const { rows } = await database.pool.query("SELECT root FROM imports WHERE id = $1", [
			uuidOf(data.importDataset.import.id),
		]);
		expect(rows).toEqual([{ root: allowed }]);
	});

	test("nothing is taken by a server that has none", async () => {
		const { data } = await ask(closed, IMPORT, { input: input() });
		expect(data.importDataset.errors).toMatchObject([{ code: "VALIDATION", path: ["path"] }]);
		expect(data.importDataset.errors[0].message).toContain("--import-folder");
	});
});

describe("an import that goes on", () => {
	const client = connect({ url: `http://localhost:${api.port}`, token: api.token });

	test("is followed to its end, which a late follower is told too", async () => {
		const { id, row } = await begin();
		const states: string[] = [];
		const following = (async () => {
			for await (const { status, progress, faultCount } of client.watchImport(id))
				states.push(`${status} ${progress.done}/${progress.total} ${faultCount}`);
		})();
		await expect.poll(() => states).toEqual(["RUNNING 0/null 0"]);
		const { workers } = (await ask(api, "{ workers { import { id } } }")).data;
		expect(workers).toContainEqual({ import: { id } });
		const news = { done: 5, total: 9, faults: [], faultCount: 2 };
		await recordImport(db, { ...attemptOf(row), ...news });
		await expect.poll(() => states.at(-1)).toBe("RUNNING 5/9 2");
		const hash = await succeed(row);
		await following;
		expect(states.at(-1)).toBe("SUCCEEDED 5/9 1");
		for await (const late of client.watchImport(id))
			expect(late).toMatchObject({ status: "SUCCEEDED", versionHash: hash });
		const faults: unknown[] = [];
		for await (const fault of client.importFaults(id)) faults.push(fault);
		expect(faults).toEqual([{ file: "a.json", row: 4, column: null, reason: "field", detail: "missing" }]);
		expect(api.services.hub.size().subscribers).toBe(0);
	});

	test("is among the imports, found again by its id, and its set is offered by the name experiments use", async () => {
		const { id, row } = await begin();
		const hash = await succeed(row);
		const { data } = await ask(
			api,
			`query($id: ID!) {
				datasetImports(first: 1) { nodes { id } totalCount }
				node(id: $id) { ... on DatasetImport { status dataset { hash versionHash classes } } }
				datasetImport(id: $id) { faults(first: 1) { totalCount nodes { reason } } }
			}`,
			{ id },
		);
		expect(data.datasetImports.nodes).toEqual([{ id }]);
		expect(data.node).toEqual({ status: "SUCCEEDED", dataset: { hash, versionHash: hash, classes: ["boat"] } });
		expect(data.datasetImport.faults).toEqual({ totalCount: 1, nodes: [{ reason: "field" }] });
	});

	test.each([
		[{ hash: "b".repeat(64), captions: "plain" }, "b".repeat(64)],
		[{ hash: null, captions: "original" }, "own"],
		[{ hash: null, captions: "plain" }, null],
		[{ folder: "data/elsewhere", hash: "b".repeat(64) }, null],
	])("that runs were given as %j is offered as %s", async (params, expected) => {
		const hash = key().replace(/\D/g, "").padStart(64, "c");
		const counts = { trainCount: 1, testCount: 1, trustedCount: 0 };
		const settings = { name: "imported", params };
		const set = { name: "coco", hash, settings, classes: [], imageSize: 32, ...counts, images: null, pairs: [] };
		await ensureDataset(db, set);
		const { data } = await ask(api, "query($hash: Sha256!) { dataset(hash: $hash) { versionHash } }", { hash });
		expect(data.dataset.versionHash).toBe(expected === "own" ? hash : expected);
	});

	test("is stopped: a waiting one at once, a running one when its worker hears of it", async () => {
		const waiting = (await ask(api, IMPORT, { input: input() })).data.importDataset.import.id;
		const stopped = await ask(api, CANCEL, { id: waiting });
		expect(stopped.data.cancelDatasetImport).toEqual({
			import: { status: "CANCELLED", isCancelled: true },
			errors: [],
		});
		const { id } = await begin();
		const { data } = await ask(api, CANCEL, { id });
		expect(data.cancelDatasetImport.import).toEqual({ status: "RUNNING", isCancelled: true });
	});

	test("that is none is said to be none", async () => {
		const none = Buffer.concat([Buffer.from([1, 10]), Buffer.alloc(16)]).toString("base64url");
		expect((await ask(api, CANCEL, { id: none })).data.cancelDatasetImport.errors).toMatchObject([
			{ code: "NOT_FOUND" },
		]);
		expect((await ask(api, CANCEL, { id: "nonsense" })).data.cancelDatasetImport.errors).toMatchObject([
			{ code: "VALIDATION", path: ["importId"] },
		]);
		await expect(client.watchImport(none).next()).rejects.toMatchObject({ code: "NOT_FOUND" });
	});
});

test("the catalog describes every importer for forms", async () => {
	const { data } = await ask(
		api,
		"{ catalog { importers { name title description parameters { path kind options default } } images { path } } }",
	);
	const { importers, images } = data.catalog;
	expect(importers.map(({ name }: { name: string }) => name)).toContain("webDataset");
	const coco = importers.find(({ name }: { name: string }) => name === "coco");
	expect(coco.parameters).toContainEqual({
		path: ["year"],
		kind: "ENUM",
		options: ["_2014", "_2017"],
		default: "_2014",
	});
	expect(images.map(({ path }: { path: string[] }) => path[0])).toEqual(["size", "fit", "resample"]);
});
