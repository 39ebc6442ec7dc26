/** Opens imported versions: the manifest in memory, the images where they are. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { MithridateError } from "../../errors.ts";
import type { Dataset, FileImages, Sample, Split } from "../../types.ts";
import { type SplitName, splitNames } from "../importers/importer.ts";
import { readLines } from "../lines.ts";
import { Header, imageBytes, imagesPerShard, manifestFile, SampleLine, shardFile, versionName } from "./format.ts";
import { pixelsHash } from "./work.ts";

export interface StoredVersion extends Header {
	readonly hash: string;
	readonly path: string;
}

function damaged(path: string, what: string): MithridateError {
	return new MithridateError("invalid-data", `${path} is damaged: ${what}. Import the data set again.`, {
		subject: path,
	});
}

/** The versions in a folder, or the one that the folder itself is. */
export async function listDatasets(folder: string): Promise<StoredVersion[]> {
	if (versionName.test(basename(folder))) return [await readVersion(folder)];
	const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
		if (cause.code === "ENOENT") return [];
		throw new MithridateError("invalid-data", `Cannot read ${folder}: ${cause.message}`, { subject: folder, cause });
	});
	const versions = names.filter((name) => versionName.test(name)).sort();
	return Promise.all(versions.map((name) => readVersion(join(folder, name))));
}

async function readVersion(path: string): Promise<StoredVersion> {
	for await (const { bytes } of readLines(join(path, manifestFile)))
		return { ...parseLine(Header, bytes!, path), hash: basename(path), path };
	throw damaged(path, "its manifest is empty");
}

/**
 * Opens the version `hash` in `folder`; without a hash, the only one there. The manifest is checked against the hash at
 * once, each image against the manifest when it is first read.
 */
export async function openDataset(folder: string, hash: string | null = null): Promise<Dataset> {
	const path = await findVersion(folder, hash);
	const digest = createHash("sha256");
	const samples = { train: [], test: [], trusted: [] } as Record<SplitName, Sample[]>;
	const labels = { train: [], test: [], trusted: [] } as Record<SplitName, (string | null)[]>;
	const pixels = new Map<number, string>();
	let header: Header | null = null;
	for await (const { bytes, ended } of readLines(join(path, manifestFile))) {
		digest.update(bytes!).update(ended ? "\n" : "");
		if (header === null) {
			header = parseLine(Header, bytes!, path);
			continue;
		}
		const [id, split, label, image, captions, pixelHash] = parseLine(SampleLine, bytes!, path);
		samples[split].push({ id, image, captions });
		labels[split].push(label);
		pixels.set(image, pixelHash);
	}
	if (header === null || digest.digest("hex") !== basename(path))
		throw damaged(path, `${manifestFile} does not have the hash it is named by`);
	const [train, test, trusted] = splitNames.map(
		(name): Split => ({ name, samples: samples[name], labels: labels[name] }),
	) as [Split, Split, Split];
	const images = await openImages(path, header, pixels);
	return { name: header.kind, hash: basename(path), classes: header.classes, images, train, test, trusted };
}

async function findVersion(folder: string, hash: string | null): Promise<string> {
	const versions = await listDatasets(folder);
	const found = versions.filter((version) => hash === null || version.hash === hash);
	if (found.length === 1) return found[0]!.path;
	const known = versions.map((version) => `${version.hash} (${version.kind})`).join(", ") || "none";
	throw new MithridateError(
		"invalid-data",
		hash === null && versions.length > 1
			? `${folder} holds ${versions.length} data sets; name one of them: ${known}.`
			: `There is no data set ${hash ?? ""} in ${folder}; there are: ${known}. Import one with npm run datasets.`,
		{ subject: dirname(folder) === folder ? "folder" : folder },
	);
}

function parseLine<Output>(
	schema: { safeParse(input: unknown): { success: true; data: Output } | { success: false } },
	bytes: Buffer,
	path: string,
): Output {
	try {
		const parsed = schema.safeParse(JSON.parse(bytes.toString("utf8")));
		if (parsed.success) return parsed.data;
	} catch {
		// Told below, as any other line that is none.
	}
	throw damaged(path, `${manifestFile} has a line of another form`);
}

/**
 * Images by positioned reads: there is no maintained memory map for Node that needs no compiler, and behind the page
 * cache a read costs one copy of the bytes.
 */
async function openImages(path: string, header: Header, hashes: ReadonlyMap<number, string>): Promise<FileImages> {
	const { rows, images } = header;
	const bytes = imageBytes(images);
	const perShard = imagesPerShard(images);
	const shards: number[] = [];
	for (let shard = 0; shard * perShard < rows; shard++) {
		const file = shardFile(path, shard);
		const expected = Math.min(perShard, rows - shard * perShard) * bytes;
		const held = await stat(file).catch(() => null);
		if (held?.size !== expected) throw damaged(file, `it holds ${held?.size ?? 0} bytes, not ${expected}`);
		shards.push(-1);
	}
	const checked = new Uint8Array(rows);
	const buffer = new Uint8Array(bytes);
	return {
		size: images.size,
		count: rows,
		read(row) {
			const shard = Math.floor(row / perShard);
			if (shards[shard] === -1) {
				const fd = openSync(shardFile(path, shard), "r");
				shards[shard] = fd;
				opened.register(buffer, fd);
			}
			const got = readSync(shards[shard]!, buffer, 0, bytes, (row % perShard) * bytes);
			if (got !== bytes) throw damaged(shardFile(path, shard), `row ${row} cannot be read whole`);
			if (checked[row] === 0) {
				const expected = hashes.get(row);
				if (expected !== undefined && pixelsHash(buffer) !== expected)
					throw damaged(shardFile(path, shard), `row ${row} does not have the pixels of the manifest`);
				checked[row] = 1;
			}
			return buffer;
		},
	};
}

/** Shard files are closed once the store that reads them is gone. */
const opened = new FinalizationRegistry<number>((fd) => closeSync(fd));
