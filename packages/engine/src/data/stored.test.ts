import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { readStored, storedPath, writeStored } from "./stored.ts";

const schema = z.object({ rows: z.array(z.string()) });
const stored = { header: { rows: ["first", "second\nline"] }, bytes: Uint8Array.of(10, 0, 255, 10) };
let folder: string;
let path: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-stored-"));
	path = storedPath(join(folder, "deep"), "toy", "0123");
});
afterEach(() => rm(folder, { recursive: true }));

describe("stored files", () => {
	it("come back as they were written, and nothing else is left behind", async () => {
		await writeStored(path, stored);
		const lookup = await readStored(path, schema);
		expect(lookup.state === "found" && { ...lookup.stored, bytes: [...lookup.stored.bytes] }).toEqual({
			header: stored.header,
			bytes: [...stored.bytes],
		});
		expect(await readdir(join(folder, "deep"))).toEqual(["toy-0123.bin"]);
	});

	it("are absent when they were never written", async () => {
		expect(await readStored(path, schema)).toEqual({ state: "absent" });
	});

	it.each<[string, (file: Buffer) => Uint8Array]>([
		["a byte flipped", (file) => file.with(file.length - 2, 1)],
		["the end cut off", (file) => file.subarray(0, -1)],
		["the beginning cut off", (file) => file.subarray(1)],
		["nothing in them", () => new Uint8Array()],
	])("are damaged with %s", async (_, damage) => {
		await writeStored(path, stored);
		await writeFile(path, damage(await readFile(path)));
		expect(await readStored(path, schema)).toEqual({ state: "damaged" });
	});

	it("are damaged when the header has another form", async () => {
		await writeStored(path, { ...stored, header: { other: 1 } });
		expect(await readStored(path, schema)).toEqual({ state: "damaged" });
	});

	it("say where they could not be written", async () => {
		await writeFile(join(folder, "deep"), "a file where a folder should be");
		await expect(writeStored(path, stored)).rejects.toMatchObject({ code: "unwritable", subject: path });
	});
});
