/** Artifacts as plain files, which the gallery process can read whatever keeps them. */
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ArtifactStore } from "@mithridate/db";

export interface WantedFile {
	readonly name: string;
	readonly sha256: string;
}

/**
 * A folder with the files under their names, copied there once. Content that is not what its checksum says is refused
 * by the store.
 */
export async function localFolder(
	artifacts: ArtifactStore,
	{ cacheFolder, key, files }: { cacheFolder: string; key: string; files: readonly WantedFile[] },
): Promise<string> {
	const folder = join(cacheFolder, "models", key);
	for (const file of files) await copy(artifacts, file.sha256, join(folder, file.name));
	return folder;
}

/** One artifact as a file named by its checksum. */
export async function localFile(artifacts: ArtifactStore, cacheFolder: string, sha256: string): Promise<string> {
	const path = join(cacheFolder, "pixels", sha256);
	await copy(artifacts, sha256, path);
	return path;
}

async function copy(artifacts: ArtifactStore, sha256: string, path: string): Promise<void> {
	if (existsSync(path)) return;
	await mkdir(dirname(path), { recursive: true, mode: 0o700 });
	const unfinished = `${path}.${process.pid}.${Date.now()}`;
	try {
		await pipeline(await artifacts.get(sha256), createWriteStream(unfinished, { mode: 0o600, flags: "wx" }));
		await rename(unfinished, path);
	} finally {
		await rm(unfinished, { force: true });
	}
}
