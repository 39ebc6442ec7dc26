/** One import at a time works on a folder; a lock whose process has died is taken over. */
import { open, readFile, rm } from "node:fs/promises";
import { MithridateError } from "../../errors.ts";

/** Locks of this process: its id may be that of a dead process of before a restart. */
const own = new Set<string>();

/** Takes the lock at `path`. The result gives it back. */
export async function takeLock(path: string): Promise<() => Promise<void>> {
	for (;;) {
		try {
			const handle = await open(path, "wx");
			await handle.writeFile(String(process.pid));
			await handle.close();
			own.add(path);
			return async () => {
				own.delete(path);
				await rm(path, { force: true });
			};
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
		const holder = Number(await readFile(path, "utf8").catch(() => ""));
		if (isAlive(holder, path)) {
			const message = `Process ${holder} is importing the same data into the same folder; wait for it, or end it. The lock is ${path}.`;
			throw new MithridateError("unwritable", message, { subject: path });
		}
		await rm(path, { force: true });
	}
}

function isAlive(holder: number, path: string): boolean {
	if (holder === process.pid) return own.has(path);
	if (!Number.isInteger(holder) || holder < 1) return false;
	try {
		process.kill(holder, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
