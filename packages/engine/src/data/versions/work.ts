/** The folder of an unfinished import: shards and a journal that grow together, so that after any interruption it goes on. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, mkdir, open, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ImageSettings } from "../images/decode.ts";
import { type BadRow, splitNames } from "../importers/importer.ts";
import { readLines } from "../lines.ts";
import { imageBytes, imagesPerShard, shardFile } from "./format.ts";

/** Beside the shards: one line for each item, written after its pixels. */
export const journalFile = "journal.jsonl";

/** Items between two points that a power cut cannot take back. */
const syncEvery = 64;

const Bad = z.object({
	type: z.literal("bad-row"),
	file: z.string(),
	row: z.int(),
	column: z.string().optional(),
	reason: z.string(),
	detail: z.string(),
});

/** What became of one item of the importer. `key` and the image's `length` tell whether the source is still the same. */
const Entry = z.union([
	z.object({
		key: z.string(),
		length: z.int().nullable(),
		bad: Bad.transform(({ column, ...bad }): BadRow => ({ ...bad, ...(column !== undefined && { column }) })),
	}),
	z.object({
		key: z.string(),
		length: z.int().nullable(),
		file: z.string(),
		row: z.int(),
		id: z.string(),
		split: z.enum(splitNames),
		label: z.string().nullable(),
		captions: z.array(z.string()),
		pixels: z.string(),
		look: z.string(),
	}),
]);
export type Entry = z.output<typeof Entry>;

export interface Work {
	readonly folder: string;
	/** What is done already, in order. */
	readonly done: readonly Pick<Entry, "key" | "length">[];
	/** Adds an item; with pixels when it is a sample. */
	add(entry: Entry, pixels?: Uint8Array): Promise<void>;
	/** Everything added so far, in order. */
	entries(): AsyncGenerator<Entry, void>;
	/** Writes and syncs what is buffered. */
	flush(): Promise<void>;
	/** Flushes, then lets go of the files; may be called twice. */
	close(): Promise<void>;
}

/** SHA-256 of an image's pixels. */
export function pixelsHash(pixels: Uint8Array): string {
	return createHash("sha256").update(pixels).digest("hex");
}

/** Opens the work at `folder`, or begins it. What lies beyond the last complete journal line is cut off. */
export async function openWork(folder: string, settings: ImageSettings): Promise<Work> {
	await mkdir(folder, { recursive: true });
	const journalPath = join(folder, journalFile);
	const bytes = imageBytes(settings);
	const perShard = imagesPerShard(settings);
	const found = await readJournal(journalPath, await storedRows(folder, settings));
	let rows = found.rows;
	await cutTo(folder, rows, settings);
	const journal = await open(journalPath, "a");
	await journal.truncate(found.bytes);
	let shard: { readonly at: number; readonly handle: FileHandle } | null = null;
	let lines: string[] = [];
	const images: Uint8Array[] = [];
	let closed = false;

	const writeImages = async () => {
		while (images.length > 0) {
			const at = Math.floor(rows / perShard);
			if (shard?.at !== at) {
				await shard?.handle.close();
				shard = { at, handle: await open(shardFile(folder, at), "a") };
			}
			const fitting = images.splice(0, perShard - (rows % perShard));
			await shard.handle.writeFile(fitting.length === 1 ? fitting[0]! : Buffer.concat(fitting));
			await shard.handle.datasync();
			rows += fitting.length;
		}
	};
	const flush = async () => {
		if (lines.length === 0) return;
		await writeImages();
		await journal.writeFile(lines.join(""));
		await journal.datasync();
		lines = [];
	};
	return {
		folder,
		done: found.done,
		async add(entry, pixels) {
			if (pixels && pixels.length !== bytes)
				throw new RangeError(`an image of ${pixels.length} bytes in a store of ${bytes}`);
			if (pixels) images.push(pixels);
			lines.push(`${JSON.stringify(entry)}\n`);
			if (lines.length >= syncEvery) await flush();
		},
		entries: () => readEntries(journalPath),
		flush,
		async close() {
			if (closed) return;
			closed = true;
			try {
				await flush();
			} finally {
				await journal.close();
				await shard?.handle.close();
			}
		},
	};
}

/** Throws away what was begun. */
export async function discardWork(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
}

/** Whole images in the shards, up to the first shard that is not full. */
async function storedRows(folder: string, settings: ImageSettings): Promise<number> {
	for (let shard = 0; ; shard++) {
		const held = await stat(shardFile(folder, shard)).then(
			({ size }) => Math.floor(size / imageBytes(settings)),
			() => 0,
		);
		if (held < imagesPerShard(settings)) return shard * imagesPerShard(settings) + held;
	}
}

/** The journal's entries that are whole and whose pixels are stored. */
async function readJournal(path: string, mostRows: number) {
	const done: Pick<Entry, "key" | "length">[] = [];
	let rows = 0;
	let bytes = 0;
	if (!existsSync(path)) return { done, rows, bytes };
	for await (const line of readLines(path)) {
		const entry = line.ended ? parseEntry(line.bytes!) : null;
		if (entry === null) break;
		const isSample = !("bad" in entry);
		if (isSample && rows === mostRows) break;
		if (isSample) rows++;
		done.push({ key: entry.key, length: entry.length });
		bytes += line.bytes!.length + 1;
	}
	return { done, rows, bytes };
}

function parseEntry(line: Buffer): Entry | null {
	try {
		return Entry.parse(JSON.parse(line.toString("utf8")));
	} catch {
		return null;
	}
}

async function* readEntries(path: string): AsyncGenerator<Entry, void> {
	for await (const { bytes } of readLines(path)) yield Entry.parse(JSON.parse(bytes!.toString("utf8")));
}

/** Cuts the shards down to `rows` images. */
async function cutTo(folder: string, rows: number, settings: ImageSettings): Promise<void> {
	const perShard = imagesPerShard(settings);
	const last = Math.floor(rows / perShard);
	for (let shard = last; ; shard++) {
		const path = shardFile(folder, shard);
		if (!(await stat(path).catch(() => null))) return;
		const kept = shard === last ? rows % perShard : 0;
		if (kept === 0) await rm(path);
		else await truncate(path, kept * imageBytes(settings));
	}
}
