/** Which paths may be imported: any readable one on the local profile, on the shared one those in the import folder. */
import { realpath } from "node:fs/promises";
import { isAbsolute, sep } from "node:path";
import type { Issue } from "../../typed-config/values.ts";

const MOST_CHARACTERS = 4096;
const place = ["path"];

/** Where imports may come from: `null` for anywhere, `undefined` for nowhere. */
export type ImportRoot = string | null | undefined;

/** What is wrong with a path. The worker looks again when it begins: links may have changed meanwhile. */
export async function pathIssue(path: string, root: ImportRoot): Promise<Issue | null> {
	if (root === undefined)
		return {
			path: place,
			message: "This server imports nothing by path. Its administrator can start it with --import-folder DIR.",
		};
	if (path.length > MOST_CHARACTERS || path.includes("\0") || !path.isWellFormed())
		return { path: place, message: `A path has at most ${MOST_CHARACTERS} characters, none of them NUL.` };
	if (!isAbsolute(path))
		return { path: place, message: "It is relative: give an absolute path on the server's machine." };
	const real = await realpath(path).catch(() => null);
	// Whether a file is there is told only to those who might have seen it.
	if (root !== null && !(await isWithin(real, root)))
		return { path: place, message: "There is nothing there that may be imported: put the set into the import folder." };
	if (real === null) return { path: place, message: "There is nothing there, or it cannot be read." };
	return null;
}

async function isWithin(real: string | null, root: string): Promise<boolean> {
	const folder = await realpath(root).catch(() => null);
	return real !== null && folder !== null && (real === folder || real.startsWith(folder + sep));
}
