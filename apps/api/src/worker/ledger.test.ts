/** A commit whose answer is lost: the entry is given again, and is in the database once. */
import { claimRun, createRun, type Database, eventsAfter, registerWorker } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { parseExperiment } from "@mithridate/engine";
import { expect, test } from "vitest";
import { createLedger, type Entry } from "./ledger.ts";
import type { WorkerSettings } from "./settings.ts";

const database = await freshDatabase();

/** A database whose transactions fail with a broken connection, before or after they are committed. */
function breaking(when: { before: boolean; after: boolean }): Database {
	const broken = Object.assign(new Error("read"), { code: "ECONNRESET" });
	const db = new Proxy(database.db, {
		get(target, name, receiver) {
			if (name !== "transaction") return Reflect.get(target, name, receiver);
			return async (...given: Parameters<typeof target.transaction>) => {
				if (when.before) throw broken;
				const result = await target.transaction(...given);
				if (when.after) throw broken;
				return result;
			};
		},
	});
	return { ...database, db };
}

test.each(["before", "after"] as const)(
	"%s a connection broke, an entry that is given again is stored once",
	async (moment) => {
		const { run: created } = await createRun(database.db, {
			run: { name: "lost answer", config: parseExperiment({}), goalsLabel: "" },
			enqueue: async () => {},
		});
		const worker = await registerWorker(database.db, { name: "w", host: "h", pid: 1, version: "0", threads: 1 });
		const run = (await claimRun(database.db, { runId: created.id, workerId: worker.id }))!;
		const faults = { before: false, after: false };
		const { artifacts } = {} as Pick<WorkerSettings, "artifacts">;
		const ledger = createLedger(
			{ runId: run.id, epoch: run.epoch },
			{ database: breaking(faults), artifacts: artifacts! },
			run.lastSeq,
		);
		const entry = (message: string): Entry => ({ kind: "items", items: [{ kind: "log", level: "info", message }] });
		await ledger.write(entry("first"));
		faults[moment] = true;
		await expect(ledger.write(entry("second"))).rejects.toThrow("read");
		faults[moment] = false;
		await ledger.write(entry("second"));
		await ledger.write(entry("third"));
		const told = await eventsAfter(database.db, { runId: run.id, after: run.lastSeq, limit: 10 });
		expect(told.map(({ body }) => (body as { message: string }).message)).toEqual(["first", "second", "third"]);
	},
);
