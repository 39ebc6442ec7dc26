/** The laws of importers: every entry of the registry obeys them. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Random } from "../../random.ts";
import { carryOut, folderOf } from "../dataset.fixture.ts";
import { imageAt } from "../image-at.ts";
import { openDataset } from "../versions/open.ts";
import type { Importer, ImportItem } from "./importer.ts";
import * as registry from "./index.ts";
import { layouts } from "./layouts.fixture.ts";

const entries = Object.entries(registry) as unknown as [string, Importer][];

async function readAll(importer: Importer, path: string, params: unknown, seed = 1): Promise<ImportItem[]> {
	const items: ImportItem[] = [];
	for await (const item of importer.read(path, importer.params.parse(params ?? {}), { random: new Random(seed) }))
		items.push(item);
	return items;
}

describe.each(entries)("importer %s", (kind, importer) => {
	test("has a valid example, defaults for everything, and says what it is", () => {
		expect(importer.params.safeParse(importer.example).success).toBe(true);
		expect(importer.params.safeParse({}).success).toBe(true);
		expect(importer.params.safeParse({ unknown: 1 }).success).toBe(false);
		expect(importer.description).toMatch(/\.$/);
		expect(importer.source).not.toBe("");
	});

	test("describes every parameter", () => {
		const schema = z.toJSONSchema(importer.params, { io: "input" }) as {
			properties?: Record<string, { description?: string }>;
		};
		const bare = Object.entries(schema.properties ?? {}).filter(([, field]) => !field.description);
		expect(bare).toEqual([]);
	});

	test("reads its owner's layout whole, the same way each time, each sample with captions and an image of its own", async () => {
		const { path, params, samples } = await layouts[kind]!();
		const { version, faults } = await carryOut({ kind, path, params });
		expect(faults).toEqual([]);
		expect(version.samples).toEqual(samples);
		const again = await carryOut({ kind, path, params, processes: 2 });
		expect(again.version.hash).toBe(version.hash);
		const { images, train, test: gallery, trusted } = await openDataset(dirname(version.path));
		const all = [train, gallery, trusted].flatMap(({ samples }) => samples);
		expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
		for (const { captions } of all) expect(captions.length).toBeGreaterThan(0);
		expect(new Set(all.map(({ image }) => String(imageAt(images, image)))).size).toBe(all.length);
	});

	test("tells of a damaged image by its row, and keeps the others", async () => {
		const { path, params, samples } = await layouts[kind]!();
		const rows = (await readAll(importer, path, params)).filter((item) => item.type === "row");
		const before = samples.train + samples.test + samples.trusted;
		await damageOne(path);
		const { version, bad } = await carryOut({ kind, path, params });
		expect(bad.map(({ reason }) => reason)).toEqual(["image-damaged"]);
		expect(rows.some(({ file, row }) => file === bad[0]!.file && row === bad[0]!.row)).toBe(true);
		expect(version.samples.train + version.samples.test + version.samples.trusted).toBe(before - 1);
	});

	test("refuses a folder with nothing in it, by name", async () => {
		const path = await folderOf({ "readme.md": "nothing here" });
		await expect(carryOut({ kind, path, params: (await layouts[kind]!()).params })).rejects.toMatchObject({
			name: "MithridateError",
			code: "invalid-data",
			message: expect.stringContaining(path),
		});
	});
});

test("there is a layout for every importer, and no other", () => {
	expect(Object.keys(layouts).sort()).toEqual(entries.map(([kind]) => kind).sort());
});

/** Overwrites the middle of the first JPEG below a folder, inside an archive too. */
async function damageOne(path: string): Promise<void> {
	const names = (await readdir(path, { recursive: true })).sort();
	const file = names.find((name) => /[.](jpg|tar|parquet)$/.test(name))!;
	const bytes = await readFile(join(path, file));
	const start = bytes.indexOf(Buffer.from("ffd8ff", "hex"));
	const frame = bytes.indexOf(Buffer.from("ffc0", "hex"), start);
	// The frame header: a picture of no width.
	bytes.writeUInt16BE(0, frame + 7);
	await writeFile(join(path, file), bytes);
}
