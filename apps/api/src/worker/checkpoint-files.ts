/** Checkpoints between the artifact store, which keeps files by content, and a trainer's folder, which names them. */
import { createWriteStream } from "node:fs";
import { link, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type ArtifactStore, DatabaseError, type DiskArtifactStore, type StoredFile } from "@mithridate/db";
import type { CheckpointNotice } from "./protocol.ts";

/** A stage's files as the engine's `directoryStages` lays them out: a folder for a model, one file for a state. */
const modelFolder = (scratch: string, key: string) => join(scratch, key);
const stateFile = (scratch: string, key: string) => join(scratch, `${key}.state.safetensors`);
const STATE = "state.safetensors";

/** Puts what a trainer left in its folder into the store. The rows that make it count come after. */
export async function keepCheckpoint(
	{ stage, kind }: CheckpointNotice,
	{ scratch, artifacts }: { scratch: string; artifacts: ArtifactStore },
): Promise<StoredFile[]> {
	const keep = async (name: string, path: string): Promise<StoredFile> => {
		const mediaType = name.endsWith(".json")
			? "application/json"
			: name.endsWith(".txt")
				? "text/plain"
				: "application/octet-stream";
		return { name, mediaType, ...(await artifacts.put({ path }, { mediaType })) };
	};
	if (kind === "state") return [await keep(STATE, stateFile(scratch, stage.key))];
	const folder = modelFolder(scratch, stage.key);
	const kept: StoredFile[] = [];
	for (const name of (await readdir(folder)).toSorted()) kept.push(await keep(name, join(folder, name)));
	return kept;
}

/**
 * Lays a checkpoint's files into a trainer's folder, as links where the store lies on this machine.
 * @returns the hashes of files that are missing or hold something else; then nothing is laid out.
 */
export async function layOut(
	{
		key,
		kind,
		files,
	}: { key: string; kind: CheckpointNotice["kind"]; files: readonly Pick<StoredFile, "name" | "sha256">[] },
	{ scratch, artifacts }: { scratch: string; artifacts: ArtifactStore },
): Promise<string[]> {
	const damaged: string[] = [];
	for (const { name, sha256 } of files) {
		const path = kind === "state" ? stateFile(scratch, key) : join(modelFolder(scratch, key), name);
		await mkdir(dirname(path), { recursive: true, mode: 0o700 });
		await rm(path, { force: true });
		if (!(await bring(sha256, path, artifacts))) damaged.push(sha256);
	}
	if (damaged.length > 0)
		await rm(kind === "state" ? stateFile(scratch, key) : modelFolder(scratch, key), { recursive: true, force: true });
	return damaged;
}

/** Whether the file is there and is what its name says. */
async function bring(sha256: string, path: string, artifacts: ArtifactStore): Promise<boolean> {
	try {
		const content = await artifacts.get(sha256);
		if ("path" in artifacts) {
			// Read for its hash alone: a link is as good as a copy.
			for await (const _ of content);
			await link((artifacts as DiskArtifactStore).path(sha256), path);
		} else await pipeline(content, createWriteStream(path, { mode: 0o600 }));
		return true;
	} catch (error) {
		if (error instanceof DatabaseError && /^artifact-(missing|damaged)$/.test(error.code)) return false;
		throw error;
	}
}
