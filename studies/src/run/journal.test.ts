import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openJournal } from "./journal.ts";
import { record } from "./records.fixture.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-journal-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a journal gives back what was appended, the last of the same measurement", async () => {
	const journal = await openJournal(folder, "a");
	expect(journal.records).toEqual([]);
	await journal.append(record(1, "base"));
	await journal.append(record(1, "base", { step: 5, steps: 9 }));
	await journal.append(record(1, "base", { numbers: { one: 7 } }));
	expect((await openJournal(folder, "a")).records).toEqual([
		record(1, "base", { numbers: { one: 7 } }),
		record(1, "base", { step: 5, steps: 9 }),
	]);
});

test("a line that was cut off is dropped, and what comes next stands on a line of its own", async () => {
	await (await openJournal(folder, "b")).append(record(1, "base"));
	await appendFile(join(folder, "b.jsonl"), '{"seed":2,"mod');
	const again = await openJournal(folder, "b");
	expect(again.records).toHaveLength(1);
	await again.append(record(2, "base"));
	expect((await readFile(join(folder, "b.jsonl"), "utf8")).trimEnd().split("\n")).toHaveLength(2);
	expect((await openJournal(folder, "b")).records.map(({ seed }) => seed)).toEqual([1, 2]);
});
