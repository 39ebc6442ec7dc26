/** The test images under a model: embedded once, then kept in memory and in a file that carries its own checksum. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Embeddings, Encoder } from "@mithridate/engine";

const HASH_BYTES = 32;

/** What embeddings are kept by. */
export interface EmbeddedKey {
	readonly modelHash: string;
	readonly datasetHash: string;
}

const sum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/**
 * The embeddings in the cache folder, or made and put there. A damaged file counts as none.
 * @param rows Image rows, in the order of the embeddings.
 */
export async function embeddedImages(
	encoder: Encoder,
	rows: readonly number[],
	{ cacheFolder, key }: { cacheFolder: string; key: EmbeddedKey },
): Promise<Embeddings> {
	const folder = join(cacheFolder, "gallery");
	const path = join(folder, `${key.modelHash}-${key.datasetHash}.f32`);
	const kept = await readEmbeddings(path, rows.length);
	if (kept !== null) return kept;
	const work = encoder.embedImages(rows);
	let step = await work.next();
	while (!step.done) step = await work.next();
	const made = step.value;
	const bytes = new Uint8Array(made.values.buffer, made.values.byteOffset, made.values.byteLength);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	await writeFile(`${path}.${process.pid}`, Buffer.concat([sum(bytes), bytes]), { mode: 0o600 });
	await rename(`${path}.${process.pid}`, path);
	return made;
}

async function readEmbeddings(path: string, count: number): Promise<Embeddings | null> {
	const stored = await readFile(path).catch(() => null);
	if (stored === null || count === 0) return null;
	// A copy, since numbers must begin at a multiple of their size.
	const bytes = Uint8Array.from(stored.subarray(HASH_BYTES));
	if (!sum(bytes).equals(stored.subarray(0, HASH_BYTES))) return null;
	const width = bytes.byteLength / 4 / count;
	return Number.isInteger(width) ? { count, width, values: new Float32Array(bytes.buffer) } : null;
}
