import { readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { addFiles, carryOut, folderOf, jpeg, jpegs } from "./dataset.fixture.ts";
import { imageAt } from "./image-at.ts";
import { type ImportRequest, importDataset } from "./import-dataset.ts";
import { listDatasets, openDataset } from "./versions/open.ts";

const names = Array.from({ length: 12 }, (_, at) => `pictures/${at}.jpg`);
const splits = ["train", "test", "trusted"];
const lines = names.map((name, at) => `${name},caption ${at},class ${at % 2},${splits[at % 3]}\n`);
const table = (rows: readonly string[] = lines) => `image,caption,label,split\n${rows.join("")}`;
const source = async () => folderOf({ "captions.csv": table(), ...(await jpegs(names)) });

/** A signal that fires after so many settled rows. */
function stopAfter(rows: number): AbortSignal {
	let asked = 0;
	return {
		get aborted() {
			return ++asked >= rows;
		},
	} as AbortSignal;
}

async function drain(events: AsyncGenerator<unknown, unknown>): Promise<void> {
	for await (const _ of events);
}

describe("an import", () => {
	it("yields a data set whose splits, labels, captions and pixels are those of the source", async () => {
		const { version, faults } = await carryOut({ kind: "captionFile", path: await source() });
		expect(faults).toEqual([]);
		expect(version).toMatchObject({ samples: { train: 4, test: 4, trusted: 4 }, bad: 0 });
		const dataset = await openDataset(dirname(version.path));
		expect(dataset).toMatchObject({ name: "captionFile", hash: version.hash, classes: ["class 0", "class 1"] });
		expect(dataset.train.samples.map(({ id, captions }) => [id, captions])).toEqual(
			[0, 3, 6, 9].map((at) => [names[at], [`caption ${at}`]]),
		);
		expect(dataset.train.labels).toEqual(["class 0", "class 1", "class 0", "class 1"]);
		expect(dataset.images).toMatchObject({ size: 16, count: 12 });
		const pixels = dataset.test.samples.map(({ image }) => [...imageAt(dataset.images, image)]);
		expect(pixels[0]).toHaveLength(16 * 16 * 3);
		expect(new Set(pixels.map(String)).size).toBe(4);
	});

	it("has the same hash wherever it is written, and another one when a caption, a pixel or a setting changes", async () => {
		const path = await source();
		const hash = async (more: object = {}) => (await carryOut({ kind: "captionFile", path, ...more })).version.hash;
		const first = await hash();
		expect(await hash({ processes: 2 })).toBe(first);
		expect(await hash({ images: { size: 18 } })).not.toBe(first);
		await writeFile(join(path, "captions.csv"), table().replace("caption 5", "caption five"));
		const reworded = await hash();
		expect(reworded).not.toBe(first);
		await addFiles(path, { "pictures/5.jpg": await jpeg(77) });
		expect(await hash()).not.toBe(reworded);
	});

	it("done twice is one version, and leaves nothing else behind", async () => {
		const [path, folder] = [await source(), await folderOf()];
		const { version } = await carryOut({ kind: "captionFile", path, folder });
		await carryOut({ kind: "captionFile", path, folder });
		expect(await readdir(folder)).toEqual([version.hash]);
		expect((await readdir(version.path)).sort()).toEqual(["bad-rows.jsonl", "images-00000.u8", "manifest.jsonl"]);
		expect(await listDatasets(folder)).toMatchObject([{ hash: version.hash, kind: "captionFile" }]);
	});

	it("reports bad rows with file, row and reason, and keeps the others", async () => {
		const path = await source();
		await rm(join(path, "pictures/3.jpg"));
		await writeFile(join(path, "pictures/4.jpg"), "no image");
		const { version, faults, bad } = await carryOut({ kind: "captionFile", path });
		expect(faults).toEqual(["image-missing captions.csv:5", "image-format captions.csv:6"]);
		expect(version).toMatchObject({ samples: { train: 3, test: 3, trusted: 4 }, bad: 2 });
		const report = (await readFile(join(version.path, "bad-rows.jsonl"), "utf8")).trim().split("\n");
		expect(report.map((line) => JSON.parse(line))).toEqual(bad);
	});

	it("leaves out trusted images that look like test images", async () => {
		const path = await source();
		await addFiles(path, { "pictures/5.jpg": await readFile(join(path, "pictures/1.jpg")) });
		const { version, faults } = await carryOut({ kind: "captionFile", path });
		expect(faults).toEqual(["duplicate-of-test captions.csv:7"]);
		expect(version.samples).toEqual({ train: 4, test: 4, trusted: 3 });
		expect((await openDataset(version.path)).trusted.samples.map(({ id }) => id)).not.toContain("pictures/5.jpg");
	});

	it("tells how far it is", async () => {
		const events = importDataset({
			kind: "captionFile",
			path: await source(),
			folder: await folderOf(),
			images: { size: 16 },
		});
		const last = [];
		for await (const event of events) last.push(event);
		expect(last.at(-1)).toEqual({ type: "progress", stage: "importing captionFile", done: 12, total: 12 });
	});
});

describe("an import that is stopped", () => {
	it("goes on to the same hash, without decoding anew what is done", async () => {
		const path = await source();
		const whole = (await carryOut({ kind: "captionFile", path })).version.hash;
		for (const stopAt of [1, 5, 11]) {
			const folder = await folderOf();
			const request = { kind: "captionFile", path, folder, images: { size: 16 }, processes: 1 };
			await expect(drain(importDataset({ ...request, signal: stopAfter(stopAt) }))).rejects.toMatchObject({
				code: "aborted",
			});
			expect(await listDatasets(folder)).toEqual([]);
			const begun = (await readdir(folder)).find((name) => name.startsWith(".import-"))!;
			expect((await readFile(join(folder, begun, "journal.jsonl"), "utf8")).trim().split("\n")).toHaveLength(stopAt);
			const { version } = await carryOut(request);
			expect(version.hash).toBe(whole);
			expect(await readdir(folder)).toEqual([whole]);
		}
	});

	it("goes on after a journal and a shard that were cut anywhere", async () => {
		const path = await source();
		const whole = (await carryOut({ kind: "captionFile", path })).version.hash;
		for (const [journalCut, shardCut] of [
			[0, 1],
			[7, 0],
			[300, 1000],
			[1, 16 * 16 * 3 * 2],
		] as const) {
			const folder = await folderOf();
			const request = { kind: "captionFile", path, folder, images: { size: 16 }, processes: 1 };
			await expect(drain(importDataset({ ...request, signal: stopAfter(8) }))).rejects.toThrow();
			const begun = join(folder, (await readdir(folder)).find((name) => name.startsWith(".import-"))!);
			for (const [name, cut] of [
				["journal.jsonl", journalCut],
				["images-00000.u8", shardCut],
			] as const)
				await truncate(join(begun, name), (await stat(join(begun, name))).size - cut);
			expect((await carryOut(request)).version.hash).toBe(whole);
		}
	});

	it("begins anew when the source has changed since", async () => {
		const [path, folder] = [await source(), await folderOf()];
		const request = { kind: "captionFile", path, folder, images: { size: 16 }, processes: 1 };
		await expect(drain(importDataset({ ...request, signal: stopAfter(4) }))).rejects.toThrow();
		await writeFile(join(path, "captions.csv"), table().replace("caption 0", "caption none"));
		const resumed = (await carryOut(request)).version.hash;
		expect(resumed).toBe((await carryOut({ kind: "captionFile", path })).version.hash);
	});

	it("takes over the lock of a dead process, and respects that of a living one", async () => {
		const [path, folder] = [await source(), await folderOf()];
		const request = { kind: "captionFile", path, folder, images: { size: 16 } };
		const first = importDataset(request);
		await first.next();
		const [lock] = (await readdir(folder)).filter((name) => name.endsWith(".lock"));
		await expect(carryOut(request)).rejects.toMatchObject({
			code: "unwritable",
			message: expect.stringContaining(String(process.pid)),
		});
		await first.return(undefined as never);
		await writeFile(join(folder, lock!), "999999999");
		expect((await carryOut(request)).version.samples.train).toBe(4);
	});
});

describe("an import refuses, and names the remedy", () => {
	it.each<[string, Partial<ImportRequest>, RegExp]>([
		["an unknown kind", { kind: "csv" }, /captionFile/],
		["a kind that only every object has", { kind: "constructor" }, /captionFile/],
		["a path where nothing is", { path: "/nowhere/at/all" }, /nowhere/],
		["a parameter that is none", { params: { captain: 1 } }, /captain/],
		["a size that is none", { images: { size: 3 } }, /images\.size/],
		["a set without a usable row", { path: "empty" }, /no usable row/],
	])("%s", async (_, request, message) => {
		const empty = await folderOf({ "captions.csv": "image,caption\n" });
		const path = request.path === "empty" ? empty : (request.path ?? (await source()));
		const folder = await folderOf();
		await expect(carryOut({ kind: "captionFile", ...request, path, folder })).rejects.toThrow(message);
		expect((await readdir(folder)).filter((name) => !name.startsWith("."))).toEqual([]);
	});
});

describe("a stored version", () => {
	it("is refused when its manifest or its shards were changed", async () => {
		const { version } = await carryOut({ kind: "captionFile", path: await source() });
		const manifest = join(version.path, "manifest.jsonl");
		const text = await readFile(manifest, "utf8");
		await writeFile(manifest, text.replace("caption 7", "caption 8"));
		await expect(openDataset(version.path)).rejects.toMatchObject({ code: "invalid-data" });
		await writeFile(manifest, text);
		const shard = join(version.path, "images-00000.u8");
		const bytes = await readFile(shard);
		await writeFile(shard, bytes.subarray(1));
		await expect(openDataset(version.path)).rejects.toThrow(/images-00000/);
		await writeFile(shard, bytes.with(800, bytes[800]! ^ 1));
		const { images } = await openDataset(version.path);
		expect(() => imageAt(images, 0)).not.toThrow();
		expect(() => imageAt(images, 1)).toThrow(/row 1/);
	});

	it("must be named when there are several", async () => {
		const [path, folder] = [await source(), await folderOf()];
		const { version } = await carryOut({ kind: "captionFile", path, folder });
		await carryOut({ kind: "captionFile", path, folder, images: { size: 20 } });
		await expect(openDataset(folder)).rejects.toThrow(version.hash);
		expect((await openDataset(folder, version.hash)).hash).toBe(version.hash);
		await expect(openDataset(folder, "0".repeat(64))).rejects.toThrow(version.hash);
	});
});
