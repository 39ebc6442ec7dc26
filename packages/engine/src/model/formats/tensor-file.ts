/** Tensors in files, read one at a time: a checkpoint of gigabytes never lies in memory twice. */
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { headerLength, parseHeader } from "./safetensors-header.ts";

/** A tensor that is read when it is asked for. */
export interface FileTensor {
	/** Element type by its safetensors name. */
	readonly dtype: string;
	readonly shape: readonly number[];
	/** Its bytes, little-endian and row-major, in a buffer of their own. */
	read(): Promise<Uint8Array>;
}

export type FileTensors = ReadonlyMap<string, FileTensor>;

/** An open file, or several that make one whole. */
export interface TensorFile {
	/** Name for messages. */
	readonly source: string;
	readonly tensors: FileTensors;
	close(): Promise<void>;
}

/** Opens a file for reading at given places. Throws `InvalidCheckpoint` naming it. */
export async function openFile(path: string): Promise<{ handle: FileHandle; length: number }> {
	try {
		const handle = await open(path);
		return { handle, length: (await handle.stat()).size };
	} catch (cause) {
		throw new InvalidCheckpoint("unreadable", `${path} cannot be read.`, { subject: basename(path), cause });
	}
}

/** The bytes from `start` to `end` in a buffer of their own; fewer only if the file ends before. */
export async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
	const bytes = new Uint8Array(end - start);
	// One call reads 2 GiB at most.
	const most = 2 ** 30;
	let at = 0;
	while (at < bytes.length) {
		const { bytesRead } = await handle.read(bytes, at, Math.min(most, bytes.length - at), start + at);
		if (bytesRead === 0) return bytes.slice(0, at);
		at += bytesRead;
	}
	return bytes;
}

/** Opens a safetensors file; the whole header is checked here. Throws `InvalidCheckpoint`. */
export async function openSafetensors(path: string): Promise<TensorFile> {
	const source = basename(path);
	const { handle, length } = await openFile(path);
	try {
		const header = headerLength(await readRange(handle, 0, Math.min(8, length)), length, source);
		const start = 8 + header;
		const { places } = parseHeader(await readRange(handle, 8, start), length - start, source);
		const tensors = new Map<string, FileTensor>();
		for (const [name, { dtype, shape, begin, end }] of places)
			tensors.set(name, { dtype, shape, read: () => readRange(handle, start + begin, start + end) });
		return { source, tensors, close: () => handle.close() };
	} catch (error) {
		await handle.close();
		throw error;
	}
}
