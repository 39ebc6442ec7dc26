/** The three busiest pages answer in time, however many runs and points are stored. `npm run test:load` takes the full size. */
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import { figure, quantile, startApi } from "./api.fixture.ts";
import { fill, pages } from "./response-times.fixture.ts";
import { ask } from "./subjects.fixture.ts";

/** The script starts vitest with `--mode load`. */
const { MODE } = (import.meta as { readonly env?: { readonly MODE?: string } }).env ?? {};

const RUNS = 1000;
const POINTS = MODE === "load" ? 1_000_000 : 100_000;
const REPEATS = 100;
const LIMIT_MS = 100;

const database = await freshDatabase();
const api = await startApi(database);
await fill(database, { runs: RUNS, points: POINTS });

test.each(Object.entries(pages))("%s stays under 100 ms at the 99th percentile", async (page, query) => {
	for (let warm = 0; warm < 5; warm++) expect((await ask(api, query)).errors).toBeUndefined();
	const times: number[] = [];
	const before = process.cpuUsage();
	for (let at = 0; at < REPEATS; at++) {
		const began = performance.now();
		await ask(api, query);
		times.push(performance.now() - began);
	}
	const { user, system } = process.cpuUsage(before);
	const cpuMs = Math.round((user + system) / 1000 / REPEATS);
	const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)].map((time) => Math.round(time * 10) / 10);
	figure(`response time: ${page}`, { runs: RUNS, points: POINTS, p50Ms: p50 as number, p99Ms: p99 as number, cpuMs });
	expect(p99).toBeLessThan(LIMIT_MS);
});
