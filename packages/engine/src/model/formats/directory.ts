/** A checkpoint directory: its small files read whole, within limits, and all of its files written at once. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { MithridateError } from "../../errors.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";

/** CLIP's tokenizer.json, the largest of the text files, has 2.2 MB. */
const maxTextBytes = 64 * 1024 * 1024;

/** Whether the directory has a file of that name. */
export function hasFile(directory: string, name: string): boolean {
	return existsSync(join(directory, name));
}

/** A text file of the directory. Throws `InvalidCheckpoint` naming it. */
export async function readText(directory: string, name: string): Promise<string> {
	const path = join(directory, name);
	try {
		const { size } = await stat(path);
		if (size > maxTextBytes)
			throw new InvalidCheckpoint(
				"unreadable",
				`${path} has ${size} bytes; a text file of a checkpoint has at most ${maxTextBytes}.`,
				{ subject: name },
			);
		return await readFile(path, "utf8");
	} catch (cause) {
		if (cause instanceof InvalidCheckpoint) throw cause;
		throw new InvalidCheckpoint("unreadable", `${path} cannot be read.`, { subject: name, cause });
	}
}

/** A JSON file of the directory, parsed. Throws `InvalidCheckpoint` naming it. */
export async function readJson(directory: string, name: string): Promise<unknown> {
	const text = await readText(directory, name);
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new InvalidCheckpoint("bad-json", `${join(directory, name)} is not JSON.`, { subject: name, cause });
	}
}

export function printJson(value: unknown): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}

/** Contents by file name; a large one comes in pieces. */
export type Files = Readonly<Record<string, string | Iterable<Uint8Array>>>;

/** Writes `files` beside `directory`, then renames; the previous directory is removed last. Throws `unwritable`. */
export async function replaceDirectory(directory: string, files: Files): Promise<void> {
	const target = resolve(directory);
	const fresh = `${target}.${randomUUID()}.new`;
	const old = `${target}.${randomUUID()}.old`;
	try {
		await mkdir(dirname(target), { recursive: true });
		await mkdir(fresh);
		try {
			for (const [name, content] of Object.entries(files)) await writeFile(join(fresh, name), content, { flush: true });
			await rename(target, old).catch((fault: NodeJS.ErrnoException) => {
				if (fault.code !== "ENOENT") throw fault;
			});
			await rename(fresh, target);
		} finally {
			await rm(fresh, { recursive: true, force: true });
		}
		await rm(old, { recursive: true, force: true });
	} catch (cause) {
		if (cause instanceof RangeError) throw cause;
		throw new MithridateError("unwritable", `The checkpoint ${directory} cannot be written: ${String(cause)}.`, {
			subject: directory,
			cause,
		});
	}
}
