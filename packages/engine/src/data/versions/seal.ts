/** Turns finished work into a version: manifest and report are written, synced, and the folder takes its hash as its name. */
import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MithridateError } from "../../errors.ts";
import { looksLike } from "../images/look.ts";
import type { BadRow } from "../importers/importer.ts";
import { type Header, manifestFile, reportFile, type SampleLine } from "./format.ts";
import { discardWork, type Entry, journalFile, type Work } from "./work.ts";

/** Lines held before they are written. */
const linesPerWrite = 1024;

export interface SealedVersion {
	readonly hash: string;
	readonly path: string;
	readonly samples: Header["samples"];
	/** Rows left out. */
	readonly bad: number;
}

type Settings = Pick<Header, "kind" | "params" | "seed" | "images"> & {
	/** Trusted images within so many bits of a test image's look are duplicates of it. */
	readonly duplicateBits: number;
};

/** Seals `work` under `folder`. The same entries give the same hash, however often the import was interrupted. */
export async function* sealWork(work: Work, folder: string, settings: Settings): AsyncGenerator<BadRow, SealedVersion> {
	await work.flush();
	const { duplicateBits, ...origin } = settings;
	const { header, isDuplicate } = await survey(work, origin, duplicateBits);
	if (header.samples.train + header.samples.test + header.samples.trusted === 0) throw nothingLeft(origin.kind);
	const manifest = await LineWriter.open(join(work.folder, manifestFile));
	const report = await LineWriter.open(join(work.folder, reportFile));
	const hash = createHash("sha256");
	const write = async (value: unknown) => {
		const line = `${JSON.stringify(value)}\n`;
		hash.update(line);
		await manifest.write(line);
	};
	await write(header);
	let image = 0;
	let bad = 0;
	for await (const entry of work.entries()) {
		if (!("bad" in entry) && !isDuplicate(entry)) {
			const { id, split, label, captions, pixels, look } = entry;
			await write([id, split, label, image, captions, pixels, look] satisfies SampleLine);
		} else {
			const row = "bad" in entry ? entry.bad : duplicate(entry);
			if (!("bad" in entry)) yield row;
			await report.write(`${JSON.stringify(row)}\n`);
			bad++;
		}
		if (!("bad" in entry)) image++;
	}
	await Promise.all([manifest.close(), report.close()]);
	const sealed = { hash: hash.digest("hex"), samples: header.samples, bad };
	const path = await moveInto(folder, work, sealed.hash);
	await rm(join(path, journalFile), { force: true });
	return { ...sealed, path };
}

/** A first pass over the entries: classes, counts, and which trusted images are duplicates of test images. */
async function survey(work: Work, origin: Omit<Settings, "duplicateBits">, duplicateBits: number) {
	const classes = new Set<string>();
	const samples = { train: 0, test: 0, trusted: 0 };
	const testLooks: string[] = [];
	const trustedLooks = new Set<string>();
	let rows = 0;
	for await (const entry of work.entries()) {
		if ("bad" in entry) continue;
		rows++;
		samples[entry.split]++;
		if (entry.label !== null && entry.split !== "trusted") classes.add(entry.label);
		if (entry.split === "test") testLooks.push(entry.look);
		if (entry.split === "trusted") trustedLooks.add(entry.look);
	}
	const isNear = looksLike(testLooks, duplicateBits);
	const near = new Set([...trustedLooks].filter(isNear));
	const isDuplicate = (entry: Exclude<Entry, { bad: BadRow }>) => entry.split === "trusted" && near.has(entry.look);
	if (near.size > 0)
		for await (const entry of work.entries()) if (!("bad" in entry) && isDuplicate(entry)) samples.trusted--;
	const header: Header = { format: 1, ...origin, classes: [...classes].sort(), rows, samples };
	return { header, isDuplicate };
}

function duplicate({ file, row, id }: Exclude<Entry, { bad: BadRow }>): BadRow {
	const detail = `the image of "${id}" looks like an image of the test split`;
	return { type: "bad-row", file, row, reason: "duplicate-of-test", detail };
}

/** Renames the work's folder; a version that is there already is the same one, and stays. */
async function moveInto(folder: string, work: Work, hash: string): Promise<string> {
	const target = join(folder, hash);
	await work.close();
	await syncFolder(work.folder);
	if (await stat(target).catch(() => null)) await discardWork(work.folder);
	else await rename(work.folder, target);
	await syncFolder(folder);
	return target;
}

/** Makes renames and new files of a folder durable. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
	if (process.platform === "win32") return;
	const handle = await open(folder, "r");
	await handle.sync();
	await handle.close();
}

class LineWriter {
	#lines: string[] = [];
	readonly #handle: FileHandle;

	private constructor(handle: FileHandle) {
		this.#handle = handle;
	}

	static async open(path: string): Promise<LineWriter> {
		return new LineWriter(await open(path, "w"));
	}

	async write(line: string): Promise<void> {
		this.#lines.push(line);
		if (this.#lines.length >= linesPerWrite) await this.#flush();
	}

	async #flush(): Promise<void> {
		await this.#handle.writeFile(this.#lines.join(""));
		this.#lines = [];
	}

	async close(): Promise<void> {
		await this.#flush();
		await this.#handle.sync();
		await this.#handle.close();
	}
}

function nothingLeft(kind: string): MithridateError {
	const message = `The ${kind} import found no usable row; the reports above name each and why. Check the path and the parameters.`;
	return new MithridateError("invalid-data", message, { subject: kind });
}
