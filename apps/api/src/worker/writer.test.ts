import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StaleAttemptError } from "@mithridate/db";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSpool } from "./spool.ts";
import { createWriter } from "./writer.ts";

let folder: string;
/** What the database does with the next calls. */
let database: "there" | "away" | "another attempt's";
let written: number[];
let outages: boolean[];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-writer-"));
	[database, written, outages] = ["there", [], []];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function writerHere(spoolBytes = 10_000) {
	const answer = () => {
		if (database === "away") throw Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
		if (database === "another attempt's") throw new StaleAttemptError({ runId: "run", epoch: 1 });
	};
	return createWriter<number>({
		async write(entry) {
			answer();
			written.push(entry);
		},
		async confirm() {
			answer();
		},
		spool: createSpool(join(folder, "spool"), spoolBytes),
		onOutage: (isAway) => outages.push(isAway),
		retryMilliseconds: 5,
	});
}

test("what is written while the database is away is held, and written in order when it is back", async () => {
	const writer = writerHere();
	await writer.write(1);
	database = "away";
	await Promise.all([writer.write(2), writer.write(3)]);
	expect(written).toEqual([1]);
	database = "there";
	await writer.write(4);
	await writer.drain();
	expect(written).toEqual([1, 2, 3, 4]);
	expect(outages).toEqual([true, false]);
});

test("who writes into a full spool waits until the database is back", async () => {
	const writer = writerHere(30);
	database = "away";
	await writer.write(1);
	await writer.write(2);
	let isDone = false;
	const waiting = writer.write(3).then(() => {
		isDone = true;
	});
	await new Promise((later) => setTimeout(later, 50));
	expect(isDone).toBe(false);
	database = "there";
	await waiting;
	await writer.drain();
	expect(written).toEqual([1, 2, 3]);
});

test("when another attempt has the run after an outage, nothing that was held is written: it is set aside", async () => {
	const writer = writerHere();
	database = "away";
	await writer.write(1);
	database = "another attempt's";
	await expect(writer.drain()).rejects.toThrow(StaleAttemptError);
	await expect(writer.write(2)).rejects.toThrow(StaleAttemptError);
	const aside = await writer.abandon();
	expect(written).toEqual([]);
	expect(existsSync(aside as string)).toBe(true);
});

test("an entry that is refused ends the writer: nothing goes behind a gap", async () => {
	const writer = writerHere();
	database = "another attempt's";
	const [first, second] = [writer.write(1), writer.write(2)];
	await expect(first).rejects.toThrow(StaleAttemptError);
	database = "there";
	await expect(second).rejects.toThrow(StaleAttemptError);
	expect(written).toEqual([]);
	expect(await writer.abandon()).toBeNull();
});
