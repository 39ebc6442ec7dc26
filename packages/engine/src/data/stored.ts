/** Files of generated data: a header and bytes under a checksum, written whole or not at all, and never trusted unread. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { MithridateError } from "../errors.ts";

/** A readable header beside a block of bytes. */
export interface Stored<Header> {
	readonly header: Header;
	readonly bytes: Uint8Array;
}

/** How looking for a stored file ended. */
export type Lookup<Header> =
	| { readonly state: "found"; readonly stored: Stored<Header> }
	| { readonly state: "absent" }
	| { readonly state: "damaged" };

/** Where the file named `key` of a given kind lies. */
export function storedPath(folder: string, kind: string, key: string): string {
	return join(folder, `${kind}-${key.slice(0, 32)}.bin`);
}

/** First line: SHA-256 of all that follows. Second line: the header as JSON. Then the bytes. */
export async function readStored<Schema extends z.ZodType>(
	path: string,
	schema: Schema,
): Promise<Lookup<z.output<Schema>>> {
	let file: Buffer;
	try {
		file = await readFile(path);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code === "ENOENT") return { state: "absent" };
		throw new MithridateError("invalid-data", `Cannot read ${path}.`, { subject: path, cause });
	}
	const checksumEnd = file.indexOf(10);
	const headerEnd = file.indexOf(10, checksumEnd + 1);
	if (checksumEnd !== 64 || headerEnd < 0) return { state: "damaged" };
	const checksum = file.toString("latin1", 0, checksumEnd);
	if (createHash("sha256").update(file.subarray(65)).digest("hex") !== checksum) return { state: "damaged" };
	const header = schema.safeParse(JSON.parse(file.toString("utf8", 65, headerEnd)));
	if (!header.success) return { state: "damaged" };
	return { state: "found", stored: { header: header.data, bytes: file.subarray(headerEnd + 1) } };
}

/** Writes to a temporary neighbour, then renames, so that a reader sees the old file or the new one and nothing between. */
export async function writeStored(path: string, stored: Stored<unknown>): Promise<void> {
	const header = Buffer.from(`${JSON.stringify(stored.header)}\n`);
	const checksum = createHash("sha256").update(header).update(stored.bytes).digest("hex");
	try {
		await mkdir(dirname(path), { recursive: true });
		await writeWhole(path, [Buffer.from(`${checksum}\n`), header, stored.bytes]);
	} catch (cause) {
		const message = `Cannot write generated data to ${path}. Choose another cacheFolder, or null to keep nothing.`;
		throw new MithridateError("unwritable", message, { subject: path, cause });
	}
}

async function writeWhole(path: string, parts: readonly Uint8Array[]): Promise<void> {
	const temporary = `${path}.${randomUUID()}.part`;
	const handle = await open(temporary, "wx");
	try {
		for (const part of parts) await handle.writeFile(part);
		await handle.sync();
		await handle.close();
		await rename(temporary, path);
	} catch (fault) {
		await handle.close();
		await rm(temporary, { force: true });
		throw fault;
	}
}
