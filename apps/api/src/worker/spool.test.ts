import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSpool, readFrames } from "./spool.ts";

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-spool-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const records = [
	{ step: 1, value: Number.NaN },
	{ step: 2, at: new Date(0) },
	{ step: 3, numbers: new Float32Array(3) },
];

test("hands out what was put in, in order, and is empty after that", async () => {
	const spool = createSpool(join(folder, "spool"), 10_000);
	for (const record of records) expect(await spool.append(record)).toBe(true);
	const seen: unknown[] = [];
	await spool.replay(async (record) => void seen.push(record));
	expect(seen).toEqual(records);
	expect(spool.size).toBe(0);
	expect(await readdir(folder)).toEqual([]);
});

test("goes on behind the last record that was used when a replay breaks off, with what came meanwhile", async () => {
	const spool = createSpool(join(folder, "spool"), 10_000);
	for (const record of records) await spool.append(record);
	const seen: unknown[] = [];
	const breakingOff = spool.replay(async (record) => {
		if (seen.length === 1) throw new Error("away again");
		seen.push(record);
	});
	await expect(breakingOff).rejects.toThrow("away again");
	await spool.append("later");
	await spool.replay(async (record) => void seen.push(record));
	expect(seen).toEqual([...records, "later"]);
});

test("refuses what would pass its bound", async () => {
	const spool = createSpool(join(folder, "spool"), 100);
	expect(await spool.append("x".repeat(50))).toBe(true);
	expect(await spool.append("x".repeat(50))).toBe(false);
	await spool.setAside();
});

test("sets aside what it holds, and nothing when it holds nothing", async () => {
	const spool = createSpool(join(folder, "spool"), 10_000);
	expect(await spool.setAside()).toBeNull();
	await spool.append(records[0]);
	const aside = await spool.setAside();
	expect(readFrames(await readFile(aside as string))).toEqual([records[0]]);
});

test("a torn or damaged frame ends what is read of a file, and nothing behind it is believed", async () => {
	const spool = createSpool(join(folder, "spool"), 10_000);
	for (const record of records) await spool.append(record);
	const path = (await spool.setAside()) as string;
	const whole = await readFile(path);
	expect(readFrames(whole.subarray(0, whole.length - 1))).toEqual(records.slice(0, 2));
	const flipped = Buffer.from(whole);
	flipped[10]! ^= 1;
	await writeFile(path, flipped);
	await appendFile(path, whole);
	expect(readFrames(await readFile(path))).toEqual([]);
});
