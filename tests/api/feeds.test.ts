/** Live feeds: nothing lost, nothing twice, whatever breaks; and typed errors for cursors that do not hold. */
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import { encodeCursor } from "../../apps/api/src/live/cursor.ts";
import { figure, startApi } from "./api.fixture.ts";
import { manyCuts, manyWriters } from "./feed-scenarios.fixture.ts";
import { type Batch, follow, ways } from "./follow.fixture.ts";
import { finish, idOf, log, runningStudy } from "./runs.fixture.ts";

const database = await freshDatabase({ max: 20 });
const api = await startApi(database);

test("three consumers get every event of eight writers, once", async () => {
	const delivery = await manyWriters(api, database, { writers: 8, transactions: 60, consumers: ["ws", "ws", "sse"] });
	const { expected, missed, doubled, seconds } = delivery;
	figure("many-writers", {
		writers: 8,
		events: expected,
		missed: missed.join(" "),
		doubled: doubled.join(" "),
		seconds: +seconds.toFixed(1),
	});
	expect({ missed, doubled }).toEqual({ missed: [0, 0, 0], doubled: [0, 0, 0] });
});

test.each(ways)("over %s a connection that is cut again and again loses nothing", async (way) => {
	const result = await manyCuts(api, database, { events: 1_000, cuts: 20, way, slug: `cuts-${way}` });
	const { expected, missed, doubled, disordered, cuts, seconds } = result;
	figure("cut-connections", {
		transport: way,
		events: expected,
		cuts,
		missed: missed[0]!,
		doubled: doubled[0]!,
		seconds: +seconds.toFixed(1),
	});
	expect({ missed, doubled, disordered, cuts }).toEqual({ missed: [0], doubled: [0], disordered: 0, cuts: 20 });
});

test("a late subscriber gets the stored events, then the new ones, then the end", async () => {
	const [run] = (await runningStudy(database, { slug: "late", runs: 1 })).runs;
	await log(database, run!, ["stored"]);
	const batches: Batch[] = [];
	let isLive = () => undefined as undefined;
	const live = new Promise<undefined>((resolve) => {
		isLive = () => void resolve(undefined);
	});
	const subscription = await follow(api, "ws", { runId: idOf(run!) }, (batch) => {
		batches.push(batch);
		isLive();
	});
	await live;
	await log(database, run!, ["new"]);
	await finish(database, run!);
	expect(await subscription.ended).toBe("complete");
	const told = batches.flatMap(({ isReplay, events }) =>
		events.map(({ message, status }) => [message ?? status, isReplay]),
	);
	expect(told).toContainEqual(["stored", true]);
	expect(told).toContainEqual(["new", false]);
	expect(told.at(-1)).toEqual(["SUCCEEDED", false]);
});

test("a study's feed leaves out the kinds that were not asked for, and still ends", async () => {
	const study = await runningStudy(database, { slug: "kinds", runs: 2 });
	for (const run of study.runs) {
		await log(database, run, ["not asked for"]);
		await finish(database, run);
	}
	const told: (string | undefined)[] = [];
	const { ended } = await follow(api, "sse", { studyId: study.id, kinds: ["STATUS"] }, ({ events }) => {
		for (const { status, message } of events) told.push(status ?? message);
	});
	expect(await ended).toBe("complete");
	expect(told.filter((status) => status === "SUCCEEDED")).toHaveLength(2);
	expect(told).not.toContain("not asked for");
});

test("a cursor that does not hold is told apart by its code", async () => {
	const [run, other] = (await runningStudy(database, { slug: "cursors", runs: 2 })).runs;
	const cursors = {
		CURSOR_MALFORMED: "not-a-cursor",
		CURSOR_FOREIGN: encodeCursor({ kind: "run", id: other!.id }, 1),
		CURSOR_FUTURE: encodeCursor({ kind: "run", id: run!.id }, 1_000_000),
	};
	for (const [code, after] of Object.entries(cursors))
		for (const way of ways) {
			const { ended } = await follow(api, way, { runId: idOf(run!), after }, () => undefined);
			expect(await ended).toBe(`error ${code}`);
		}
	// What was deleted cannot be replayed.
	await log(database, run!, ["a", "b", "c"]);
	await database.pool.query("DELETE FROM events WHERE run_id = $1 AND seq <= 2", [run!.id]);
	const { ended } = await follow(api, "ws", { runId: idOf(run!) }, () => undefined);
	expect(await ended).toBe("error CURSOR_EXPIRED");
});

test("a run that is not there is told of", async () => {
	const [run] = (await runningStudy(database, { slug: "absent", runs: 1 })).runs;
	const runId = idOf({ ...run!, id: "00000000-0000-7000-8000-000000000000" });
	const { ended } = await follow(api, "sse", { runId }, () => undefined);
	expect(await ended).toBe("error NOT_FOUND");
});
