/** Images and texts under a model: embedded once, then kept in memory and in a file that carries its own checksum. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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
	const path = join(cacheFolder, "gallery", `${key.modelHash}-${key.datasetHash}.f32`);
	const kept = await readEmbeddings(path, rows.length);
	if (kept !== null) return kept;
	const made = await finish(encoder.embedImages(rows));
	await keep(path, made);
	return made;
}

/** Some images and texts under a model, from the cache folder or made and put there. */
export async function embeddedPoints(
	encoder: () => Promise<Encoder>,
	points: { readonly rows: readonly number[]; readonly texts: readonly string[] },
	{ cacheFolder, key }: { cacheFolder: string; key: EmbeddedKey },
): Promise<{ readonly images: Embeddings; readonly texts: Embeddings }> {
	const count = points.rows.length + points.texts.length;
	const name = createHash("sha256")
		.update(JSON.stringify([key.datasetHash, points.rows, points.texts]))
		.digest("hex");
	const path = join(cacheFolder, "gallery", `${key.modelHash}-${name}.f32`);
	const kept = await readEmbeddings(path, count);
	if (kept !== null) return parted(kept, points.rows.length);
	const ready = await encoder();
	const images = await finish(ready.embedImages([...points.rows.keys()]));
	const texts = await finish(ready.embedTexts(points.texts));
	const values = joined(images.values, texts.values);
	await keep(path, { count, width: images.width, values });
	return { images, texts };
}

/** The first rows, and the rest. */
function parted({ count, width, values }: Embeddings, at: number) {
	return {
		images: { count: at, width, values: values.subarray(0, at * width) },
		texts: { count: count - at, width, values: values.subarray(at * width) },
	};
}

async function finish(work: ReturnType<Encoder["embedTexts"]>): Promise<Embeddings> {
	let step = await work.next();
	while (!step.done) step = await work.next();
	return step.value;
}

async function keep(path: string, { values }: Embeddings): Promise<void> {
	const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	await mkdir(dirname(path), { recursive: true, mode: 0o700 });
	await writeFile(`${path}.${process.pid}`, Buffer.concat([sum(bytes), bytes]), { mode: 0o600 });
	await rename(`${path}.${process.pid}`, path);
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

function joined(a: Float32Array, b: Float32Array): Float32Array {
	const both = new Float32Array(a.length + b.length);
	both.set(a);
	both.set(b, a.length);
	return both;
}
