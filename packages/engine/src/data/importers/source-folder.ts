/** Files below one folder, and none above it: names come from strangers and may point anywhere. */
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { MithridateError } from "../../errors.ts";
import { mostImageBytes } from "../images/limits.ts";
import { type ImageSource, SourceFault } from "./importer.ts";

export interface SourceFolder {
	readonly root: string;
	/** The image called `name` below the root. */
	image(name: string): ImageSource;
	/** The real path of a file that the importer itself names; throws `invalid-data` with the remedy when it is not there. */
	file(name: string): Promise<string>;
	/** Which of some names exist, in their order. */
	existing(...names: readonly string[]): Promise<string[]>;
}

/** Opens the folder at `path`. */
export async function openSource(path: string): Promise<SourceFolder> {
	let root: string;
	try {
		root = await realpath(path);
		if (!(await stat(root)).isDirectory()) throw new Error("it is not a folder");
	} catch (cause) {
		const message = `The data set folder ${path} cannot be read: ${(cause as Error).message}. Give the folder that holds the set.`;
		throw new MithridateError("invalid-data", message, { subject: path, cause });
	}
	return {
		root,
		image: (name) => ({
			length: async () => withFile(root, name, async (_, length) => length),
			load: async () => withFile(root, name, readWhole),
		}),
		async file(name) {
			try {
				return await withFile(root, name, async () => join(root, name));
			} catch (cause) {
				const message = `${join(root, name)} cannot be read: ${(cause as Error).message}. The set is not laid out as its owner distributes it, or lies elsewhere.`;
				throw new MithridateError("invalid-data", message, { subject: name, cause });
			}
		},
		async existing(...names) {
			const found = await Promise.all(
				names.map((name) =>
					stat(join(root, name)).then(
						() => name,
						() => null,
					),
				),
			);
			return found.filter((name) => name !== null);
		},
	};
}

/** Opens the folder `name` below `path`; a link that leads out of it is refused. */
export async function openBelow(path: string, name: string): Promise<SourceFolder> {
	const above = await openSource(path);
	try {
		checkName(name);
		const below = await openSource(join(above.root, name));
		if (!below.root.startsWith(above.root + sep))
			throw new SourceFault("path", "it leads out of the data set's folder");
		return below;
	} catch (cause) {
		if (!(cause instanceof SourceFault)) throw cause;
		const message = `The folder ${JSON.stringify(name.slice(0, 200))} below ${path} cannot be used: ${cause.message}.`;
		throw new MithridateError("invalid-data", message, { subject: name.slice(0, 200), cause });
	}
}

/** Throws unless `name` is a plain relative path: no empty, `.` or `..` part, no drive, backslash or control character. */
export function checkName(name: string): void {
	const plain =
		name.length > 0 &&
		name.length <= 1024 &&
		name.isWellFormed() &&
		!/[\\:]/.test(name) &&
		![...name].some((character) => character.charCodeAt(0) < 32) &&
		name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
	if (!plain)
		throw new SourceFault(
			"path",
			`${JSON.stringify(name.slice(0, 200))} is not a plain path below the data set's folder`,
		);
}

/** Opens a regular file below `root`, and checks after opening that it is the one its real path names. */
async function withFile<Result>(
	root: string,
	name: string,
	use: (handle: FileHandle, length: number) => Promise<Result>,
): Promise<Result> {
	checkName(name);
	const path = join(root, name);
	let handle: FileHandle;
	try {
		// A pipe would otherwise block until somebody writes to it.
		handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT" || code === "ENOTDIR") throw new SourceFault("image-missing", `there is no file ${name}`);
		throw new SourceFault("image-unreadable", `${name} cannot be opened (${code})`);
	}
	try {
		const info = await handle.stat();
		if (!info.isFile()) throw new SourceFault("image-unreadable", `${name} is not a regular file`);
		const real = await realpath(path).catch(() => "");
		if (!real.startsWith(root + sep)) throw new SourceFault("path", `${name} leads out of the data set's folder`);
		const named = await stat(real).catch(() => null);
		if (named?.ino !== info.ino || named.dev !== info.dev)
			throw new SourceFault("path", `${name} changed while it was opened`);
		return await use(handle, info.size);
	} finally {
		await handle.close();
	}
}

async function readWhole(handle: FileHandle, length: number): Promise<Uint8Array> {
	if (length > mostImageBytes)
		throw new SourceFault("image-too-large", `${length} bytes; the limit is ${mostImageBytes}`);
	return handle.readFile();
}
