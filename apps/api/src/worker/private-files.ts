/** Names of files that belong to one process, so that whoever comes after a killed one can clean up behind it. */
import { readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const SEPARATOR = "~";

/** `name`, marked with this machine and process. */
export function privateName(name: string): string {
	return [name, hostname(), process.pid].join(SEPARATOR);
}

/**
 * Removes what dead processes of this machine left in `folder`. Spools that nobody emptied are kept aside instead.
 * @returns the spools set aside.
 */
export async function cleanUpBehindTheDead(folder: string): Promise<string[]> {
	const aside: string[] = [];
	for (const name of await readdir(folder)) {
		const [subject, host, pid] = name.split(SEPARATOR);
		if (host !== hostname() || !/^\d+$/.test(pid ?? "") || isAlive(Number(pid))) continue;
		const path = join(folder, name);
		if (!subject?.startsWith("spool-")) await rm(path, { recursive: true, force: true });
		else {
			await rename(path, `${path}.aside`);
			aside.push(`${path}.aside`);
		}
	}
	return aside;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
