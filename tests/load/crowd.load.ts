/** The feeds at full size: many writers, cut connections, a crowd, and readers that stop reading. */
import { setTimeout as sleep } from "node:timers/promises";
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import { figure, quantile, startApi } from "../api/api.fixture.ts";
import { manyCuts, manyWriters } from "../api/feed-scenarios.fixture.ts";
import { ways } from "../api/follow.fixture.ts";
import { idOf, runningStudy } from "../api/runs.fixture.ts";
import { crowd, faults, settled, startProcess, subscribe, write } from "./crowd.fixture.ts";

const database = await freshDatabase({ max: 20 });
const api = await startApi(database);
const MINUTES = 60_000;

test(
	"three consumers get 16,000 events of eight writers, once",
	async () => {
		const { missed, doubled, ...rest } = await manyWriters(api, database, {
			writers: 8,
			transactions: 2_000,
			consumers: ["ws", "ws", "sse"],
		});
		figure("many-writers", { ...rest, missed: missed.join(" "), doubled: doubled.join(" ") });
		expect({ missed, doubled }).toEqual({ missed: [0, 0, 0], doubled: [0, 0, 0] });
	},
	10 * MINUTES,
);

test.each(ways)(
	"over %s 10,000 events survive 100 cuts",
	async (way) => {
		const result = await manyCuts(api, database, { events: 10_000, cuts: 100, way, slug: `all-cuts-${way}` });
		const { missed, doubled, ...rest } = result;
		figure("cut-connections", { transport: way, ...rest, missed: missed[0]!, doubled: doubled[0]! });
		expect(result).toMatchObject({ missed: [0], doubled: [0], disordered: 0, cuts: 100 });
	},
	10 * MINUTES,
);

test(
	"a thousand subscribers get five events a second for a minute",
	async () => {
		const server = await startProcess(database);
		const figures = await crowd(database, server, { subscribers: 1_000, perSecond: 5, seconds: 60 });
		figure("crowd", { ...figures });
		expect(figures).toMatchObject({ lost: 0, disordered: 0, delivered: 300_000 });
		expect(figures.p99Ms).toBeLessThanOrEqual(250);
		expect(figures.peakMiB).toBeLessThanOrEqual(400);
	},
	10 * MINUTES,
);

test(
	"twenty readers that stop reading are cut, cost little, disturb nobody, and catch up",
	async () => {
		const server = await startProcess(database);
		const study = await runningStudy(database, { slug: "stalled", runs: 1 });
		const runId = idOf(study.runs[0]!);
		const healthy = await Promise.all(Array.from({ length: 100 }, () => subscribe(server, runId)));
		const slow = await Promise.all(Array.from({ length: 20 }, () => subscribe(server, runId)));
		const before = server.resident();
		let peak = before;
		const watching = setInterval(() => {
			peak = Math.max(peak, server.resident());
		}, 250);
		for (const { socket } of slow) socket.pause();
		const stalledAt = performance.now();
		// A paused socket learns of its end only when it reads on; the server's count is what tells.
		let cutSeconds = Number.POSITIVE_INFINITY;
		const counting = setInterval(async () => {
			if (cutSeconds === Number.POSITIVE_INFINITY && (await openSockets(server)) <= healthy.length)
				cutSeconds = Math.round((performance.now() - stalledAt) / 1000);
		}, 500);
		const total = await write(database, study, { perSecond: 200, seconds: 35, bytes: 8 * 1024 });
		await settled(healthy, total, 10_000);
		clearInterval(watching);
		clearInterval(counting);
		const open = await openSockets(server);
		for (const { socket } of slow) socket.resume();
		await sleep(1_000);
		const cut = slow.filter(({ socket }) => socket.readyState === socket.CLOSED).length;
		const again = await Promise.all(slow.map(({ cursor }) => subscribe(server, runId, cursor)));
		const missing = slow.map(({ got }) => total - got.length);
		await Promise.all(again.map((subscriber, at) => settled([subscriber], missing[at]!, 120_000)));
		const late = slow.map((subscriber, at) =>
			faults({ ...subscriber, got: [...subscriber.got, ...again[at]!.got] }, total),
		);
		const figures = {
			riseMiB: Math.round(peak - before),
			cut,
			cutSeconds,
			openAfterwards: open,
			healthyP99Ms: quantile(
				healthy.flatMap(({ delays }) => delays),
				0.99,
			),
			healthyLost: healthy.reduce((sum, subscriber) => sum + faults(subscriber, total).lost, 0),
			slowLost: late.reduce((sum, { lost }) => sum + lost, 0),
			seconds: Math.round((performance.now() - stalledAt) / 1000),
		};
		figure("stalled-readers", figures);
		expect(figures).toMatchObject({ cut: 20, openAfterwards: 100, healthyLost: 0, slowLost: 0 });
		expect(figures.riseMiB).toBeLessThanOrEqual(150);
		expect(figures.cutSeconds).toBeLessThanOrEqual(30);
		for (const { socket } of [...healthy, ...again]) socket.terminate();
	},
	10 * MINUTES,
);

/** Open sockets, as the server counts them. */
async function openSockets({ port, token }: { port: number; token: string }): Promise<number> {
	const response = await fetch(`http://localhost:${port}/metrics`, { headers: { authorization: `Bearer ${token}` } });
	return Number(/^mithridate_sockets (\d+)/m.exec(await response.text())?.[1]);
}
