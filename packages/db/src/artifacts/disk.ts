/** Artifacts as files of a folder, `aa/<sha256>`: a file of that name is whole, whenever the power went. */
import { chmod, mkdir, open, opendir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { v7 } from "uuid";
import { DatabaseError } from "../errors.ts";
import { type ArtifactStore, checkHash, Digest, missing, streamOf, Verifier } from "./contract.ts";

/** A file of the store as it lies on disk. */
export interface DiskArtifact {
	readonly sha256: string;
	readonly bytes: number;
	/** When it was stored last. */
	readonly storedAt: Date;
}

export interface DiskArtifactStore extends ArtifactStore {
	/** Where the file is, or would be. */
	path(sha256: string): string;
	/** Every file of the store. */
	list(): AsyncGenerator<DiskArtifact, void>;
	/** Removes what writers left half-written and have not touched for some seconds; returns how many files. */
	sweep(options: { readonly idleSeconds: number }): Promise<number>;
}

const TEMPORARY = "writing-";

/** The store in a folder, which is made at the first write. */
export function diskArtifacts(folder: string): DiskArtifactStore {
	const path = (sha256: string) => {
		checkHash(sha256);
		return join(folder, sha256.slice(0, 2), sha256);
	};
	return {
		path,
		async put(source) {
			await makeFolder(folder);
			const temporary = join(folder, `${TEMPORARY}${v7()}`);
			try {
				const digest = new Digest();
				const file = await open(temporary, "wx", 0o600);
				try {
					await pipeline(streamOf(source), digest, (chunks) => file.writeFile(chunks));
					await file.sync();
				} finally {
					await file.close();
				}
				const stored = digest.result();
				const target = path(stored.sha256);
				await makeFolder(dirname(target));
				await rename(temporary, target);
				await syncFolder(dirname(target));
				return stored;
			} catch (error) {
				await rm(temporary, { force: true });
				throw unwritable(folder, error);
			}
		},
		async get(sha256) {
			const file = await open(path(sha256), "r").catch((error: NodeJS.ErrnoException) => {
				throw error.code === "ENOENT" ? missing(sha256) : error;
			});
			return verified(file.createReadStream(), sha256);
		},
		async head(sha256) {
			const found = await statOf(path(sha256));
			return found && { bytes: found.size };
		},
		delete: (sha256) => rm(path(sha256), { force: true }),
		sign: async () => null,
		async *list() {
			for await (const { name, path } of filesOf(folder)) {
				const found = /^[0-9a-f]{64}$/.test(name) ? await statOf(path) : null;
				if (found) yield { sha256: name, bytes: found.size, storedAt: found.mtime };
			}
		},
		async sweep({ idleSeconds }) {
			let removed = 0;
			for await (const { name, path } of filesOf(folder)) {
				const found = name.startsWith(TEMPORARY) ? await statOf(path) : null;
				if (!found || Date.now() - found.mtimeMs < idleSeconds * 1000) continue;
				await rm(path, { force: true });
				removed++;
			}
			return removed;
		},
	};
}

function verified(content: Readable, sha256: string): Readable {
	const verifier = new Verifier(sha256);
	// The fault of either stream is the verifier's, which the reader listens to.
	pipeline(content, verifier).catch(() => undefined);
	return verifier;
}

/** Makes a folder whose name survives a power cut. */
async function makeFolder(folder: string): Promise<void> {
	const first = await mkdir(folder, { recursive: true, mode: 0o700 });
	if (first === undefined) return;
	await chmod(folder, 0o700);
	await syncFolder(dirname(first));
}

async function syncFolder(folder: string): Promise<void> {
	// Windows has no way to do it, and writes names in order.
	if (process.platform === "win32") return;
	const handle = await open(folder, "r");
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function statOf(path: string) {
	return stat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return null;
		throw error;
	});
}

async function* filesOf(folder: string): AsyncGenerator<{ name: string; path: string }, void> {
	if ((await statOf(folder)) === null) return;
	for await (const entry of await opendir(folder, { recursive: true }))
		if (entry.isFile()) yield { name: entry.name, path: join(entry.parentPath, entry.name) };
}

function unwritable(folder: string, error: unknown): unknown {
	const { code, syscall } = error as NodeJS.ErrnoException;
	if (!["ENOSPC", "EDQUOT", "EFBIG", "EACCES", "EPERM", "EROFS"].includes(code ?? "")) return error;
	const why = code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : `${syscall} gave ${code}`;
	return new DatabaseError(
		"artifact-unwritable",
		`Nothing can be stored in ${folder}: ${why}. Make room or give the folder back its rights, then try again.`,
		{ subject: folder, cause: error },
	);
}
