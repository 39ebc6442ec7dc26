/** What is asked of the feeds, at any size: a few seconds of it with every test run, all of it by `npm run test:load`. */
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestDatabase } from "@mithridate/db/testing";
import type { Api } from "./api.fixture.ts";
import { follow, type Way } from "./follow.fixture.ts";
import { finish, idOf, log, runningStudy } from "./runs.fixture.ts";

export interface Delivery {
	readonly expected: number;
	/** Of each consumer: what it never got, and what it got more than once or out of order. */
	readonly missed: readonly number[];
	readonly doubled: readonly number[];
	readonly seconds: number;
}

const count = (values: readonly string[]) => {
	const seen = new Set(values);
	return { unique: seen.size, doubled: values.length - seen.size };
};

/** Writers each make transactions on runs of one study while consumers follow it; all get everything, once. */
export async function manyWriters(
	api: Api,
	database: TestDatabase,
	{ writers, transactions, consumers }: { writers: number; transactions: number; consumers: readonly Way[] },
): Promise<Delivery> {
	const started = performance.now();
	const study = await runningStudy(database, { slug: `writers-${writers}-${transactions}`, runs: writers });
	const got = consumers.map(() => [] as string[]);
	const subscriptions = await Promise.all(
		consumers.map((way, at) =>
			follow(api, way, { studyId: study.id }, ({ events }) => {
				for (const { run, message } of events) if (message !== undefined) got[at]!.push(`${run}:${message}`);
			}),
		),
	);
	await Promise.all(
		study.runs.map(async (run) => {
			for (let at = 0; at < transactions; at++) await log(database, run, [String(at)]);
			await finish(database, run);
		}),
	);
	await Promise.all(subscriptions.map(({ ended }) => ended));
	const expected = writers * transactions;
	const counts = got.map(count);
	return {
		expected,
		missed: counts.map(({ unique }) => expected - unique),
		doubled: counts.map(({ doubled }) => doubled),
		seconds: (performance.now() - started) / 1000,
	};
}

/** Events that are told before a reader who is cut has to catch up. */
const AHEAD = 50;

/** One run tells events while every client's connection is cut again and again; each goes on from its cursor. */
export async function manyCuts(
	api: Api,
	database: TestDatabase,
	{ events, cuts, way, slug }: { events: number; cuts: number; way: Way; slug: string },
): Promise<Delivery & { readonly cuts: number; readonly disordered: number }> {
	const started = performance.now();
	const [run] = (await runningStudy(database, { slug, runs: 1 })).runs;
	const got: string[] = [];
	let disordered = 0;
	let after: string | undefined;
	let last = 0;
	let done = 0;
	let isFinished = false;
	// Half of it is stored before anybody listens, so that some cuts fall into the replay and its end.
	const half = Math.floor(events / 2);
	const messages = Array.from({ length: events }, (_, at) => String(at));
	for (let at = 0; at < half; at += 100) await log(database, run!, messages.slice(at, Math.min(at + 100, half)));
	const writing = (async () => {
		for (let at = half; at < events; at += 5) {
			// Batches grow behind a slow reader: there must be as many as there are cuts to come.
			while (done < cuts && at - got.length > AHEAD) await sleep(1);
			await log(database, run!, messages.slice(at, at + 5));
			await sleep(2);
		}
	})();
	let end: string = "broken";
	while (end === "broken") {
		let received = 0;
		// Soon enough that all cuts fall into the time the run takes.
		const cutAfter = randomInt(1, 3);
		const subscription = await follow(api, way, { runId: idOf(run!), after }, (batch) => {
			// Applied first, then kept: as a client should.
			for (const { seq, message } of batch.events) {
				if (seq <= last) disordered++;
				last = seq;
				if (message !== undefined) got.push(message);
			}
			after = batch.cursor;
			if (++received >= cutAfter && done < cuts) {
				done++;
				subscription.cut();
			}
			if (got.length === events && !isFinished) {
				isFinished = true;
				void writing.then(() => finish(database, run!));
			}
		});
		end = await subscription.ended;
	}
	const { unique, doubled } = count(got);
	const seconds = (performance.now() - started) / 1000;
	return { expected: events, missed: [events - unique], doubled: [doubled], disordered, cuts: done, seconds };
}
