/** How heavy and how quick pages are over the rows of a busy year. Times are figures here; `npm run test:load` asserts them. */
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import { becomes, figure, openDashboard, watch } from "../browser/browser.fixture.ts";
import { firstLoad, scrollToEnd, shareWhile, zoomTimes } from "./dashboard.fixture.ts";
import { appendSteps, longRun } from "./long-run.fixture.ts";
import { fill } from "./response-times.fixture.ts";

const RUNS = 10_000;
const POINTS = 100_000;
/** Bytes of gzipped script that the first load of a page may take. */
const SCRIPT_LIMIT = 250_000;

const database = await freshDatabase();
const dashboard = await openDashboard({ databaseUrl: database.url });
await fill(database, { runs: RUNS, points: 0 });
const long = await longRun(database, POINTS);

test("the first load of each page stays below its limit of script", async () => {
	const sizes: Record<string, number> = {};
	const paints: Record<string, number> = {};
	for (const path of ["/", "/runs", "/new", `/run?n=${long.number}`, "/compare?runs=1,2", "/thresholds"]) {
		const { page, scriptBytes, largestPaintMilliseconds } = await firstLoad(dashboard, path);
		await page.context().close();
		const name = path.replace(/[?].*/, "");
		sizes[name] = scriptBytes;
		paints[name] = largestPaintMilliseconds;
	}
	figure("script-gzip-bytes", sizes);
	figure("largest-paint-milliseconds", paints);
	for (const [path, size] of Object.entries(sizes)) expect([path, size <= SCRIPT_LIMIT]).toEqual([path, true]);
}, 120_000);

test("a long run's curves take zooms and live points, and lose none", async () => {
	const { page } = await firstLoad(dashboard, `/run?n=${long.number}`);
	const faults = watch(page);
	await page.locator(".u-over").first().waitFor();
	// Nothing happens to the run yet, and still the page says that it would hear of it.
	await page.locator("button[data-status=live]").waitFor();
	const zoom = await zoomTimes(page, 3);
	await page.locator(".u-over").first().dblclick();
	let step = POINTS;
	const { share, callsPerSecond } = await shareWhile(() => appendSteps(database, long, { from: ++step, to: step }), {
		seconds: 6,
		perSecond: 12.5,
	});
	const slider = page.getByRole("slider", { name: /^Loss/ });
	await becomes(page, `document.querySelector('[role=slider][aria-label^=Loss]').ariaValueMax === '${step}'`);
	const method = await page.locator("figcaption").first().innerText();
	figure("long-run", {
		storedPoints: 4 * POINTS,
		zoomMilliseconds: zoom.median,
		worstZoomMilliseconds: zoom.worst,
		livePointsPerSecond: Math.round(4 * callsPerSecond),
		browserShareOfOneCore: +share.toFixed(2),
	});
	expect(await slider.getAttribute("aria-valuemax")).toBe(String(step));
	expect(method).toContain((4 * step).toLocaleString("en"));
	expect(faults).toEqual([]);
	await page.context().close();
}, 120_000);

test("the run table scrolls through ten thousand rows, each frame of it full", async () => {
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/runs`);
	await page.locator("tbody tr").first().waitFor();
	const scrolled = await scrollToEnd(page);
	await context.close();
	figure("run-table", { ...scrolled });
	expect(scrolled.rows).toBeGreaterThanOrEqual(RUNS);
	expect(scrolled.blank).toBe(0);
}, 180_000);
