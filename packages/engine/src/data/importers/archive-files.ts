/** Archives at a path: the file it names, or those of a folder by name. */
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { MithridateError } from "../../errors.ts";
import { openSource } from "./source-folder.ts";

export interface ArchiveFile {
	readonly path: string;
	/** As reports call it. */
	readonly file: string;
}

/** Files that end in `.ending`, below the root alone and in the order of their names. */
export async function archiveFiles(path: string, ending: string): Promise<ArchiveFile[]> {
	if ((await stat(path)).isFile()) return [{ path, file: basename(path) }];
	const source = await openSource(path);
	const names = (await readdir(source.root, { recursive: true }))
		.map((name) => name.replaceAll("\\", "/"))
		.filter((name) => name.endsWith(`.${ending}`))
		.sort();
	if (names.length === 0) {
		const message = `${join(path)} holds no .${ending} file; give such a file or a folder with some.`;
		throw new MithridateError("invalid-data", message, { subject: path });
	}
	return Promise.all(names.map(async (file) => ({ path: await source.file(file), file })));
}
