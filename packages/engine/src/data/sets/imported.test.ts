import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dataset } from "../../types.ts";
import { imported } from "./imported.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-imported-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(params: object, datasetFolder?: string): Promise<Dataset> {
	const events = imported.load(imported.params.parse(params), { cacheFolder: null, datasetFolder });
	let step = await events.next();
	while (!step.done) step = await events.next();
	return step.value;
}

test("a set without a folder is looked for where imports go by themselves, and the remedy is named", async () => {
	await expect(load({}, folder)).rejects.toThrow(`in ${folder}`);
	await expect(load({}, folder)).rejects.toThrow(/npm run datasets/);
});

test("a folder that is named goes first", async () => {
	const named = join(folder, "named");
	await expect(load({ folder: named }, folder)).rejects.toThrow(`in ${named}`);
});

test("without any folder the setting that is missing is named", async () => {
	await expect(load({})).rejects.toMatchObject({ code: "invalid-config", subject: "dataset.params.folder" });
});
