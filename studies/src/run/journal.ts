/** The journal of a job: its records in a file of lines, each written when it is known, so that a stopped run loses none. */
import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Record } from "./record.ts";

export interface Journal {
	readonly records: readonly Record[];
	append(record: Record): Promise<void>;
}

/** Opens a job's journal in a folder, which is made at the first write. A last line that was cut off is dropped. */
export async function openJournal(folder: string, key: string): Promise<Journal> {
	const path = join(folder, `${key}.jsonl`);
	const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return "";
		throw error;
	});
	const whole = text.slice(0, text.lastIndexOf("\n") + 1);
	if (whole.length < text.length) {
		await writeFile(`${path}.new`, whole);
		await rename(`${path}.new`, path);
	}
	const records = new Map<string, Record>();
	for (const line of whole.split("\n").filter(Boolean)) {
		const record = JSON.parse(line) as Record;
		records.set(placeOf(record), record);
	}
	return {
		get records() {
			return [...records.values()];
		},
		async append(record) {
			await mkdir(dirname(path), { recursive: true });
			await appendFile(path, `${JSON.stringify(record)}\n`);
			records.set(placeOf(record), record);
		},
	};
}

/** The same measurement made again takes the place of the first. */
function placeOf({ seed, model, defense, step }: Record): string {
	return JSON.stringify([seed, model, defense, step]);
}
