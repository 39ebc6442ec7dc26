/** What tests of imports share: temporary folders, pictures in files, an import carried through. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { picture } from "./images/bad-images.fixture.ts";
import { type ImportRequest, importDataset } from "./import-dataset.ts";
import type { BadRow } from "./importers/importer.ts";
import type { SealedVersion } from "./versions/seal.ts";

const folders: string[] = [];
afterEach(async () => {
	for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that is removed after the test, with the given files in it. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "mithridate-import-"));
	folders.push(folder);
	await addFiles(folder, files);
	return folder;
}

export async function addFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
	for (const [name, content] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), content);
	}
}

/** The JPEG file of a small picture. */
export async function jpeg(seed: number): Promise<Uint8Array> {
	return picture(seed, { width: 40, height: 32 }).jpeg().toBuffer();
}

/** Different pictures under their names; those from another `first` are others. */
export async function jpegs(names: readonly string[], first = 0): Promise<Record<string, Uint8Array>> {
	return Object.fromEntries(await Promise.all(names.map(async (name, at) => [name, await jpeg(first + at)] as const)));
}

export interface Imported {
	readonly version: SealedVersion;
	readonly bad: readonly BadRow[];
	/** Bad rows as `reason file:row`. */
	readonly faults: readonly string[];
}

/** Carries an import through with small images. */
export async function carryOut(request: Omit<ImportRequest, "folder"> & { folder?: string }): Promise<Imported> {
	const folder = request.folder ?? (await folderOf());
	const events = importDataset({ images: { size: 16 }, processes: 1, ...request, folder });
	const bad: BadRow[] = [];
	for (;;) {
		const { done, value } = await events.next();
		if (done) return { version: value, bad, faults: bad.map(({ reason, file, row }) => `${reason} ${file}:${row}`) };
		if (value.type === "bad-row") bad.push(value);
	}
}
