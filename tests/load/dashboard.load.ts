/** How quick the dashboard is on a machine that does nothing else: first paint, zoom and live points of a long run. */
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import { figure, openDashboard } from "../browser/browser.fixture.ts";
import { firstLoad, shareWhile, zoomTimes } from "./dashboard.fixture.ts";
import { appendSteps, longRun } from "./long-run.fixture.ts";

const POINTS = 100_000;
/** As many as one transaction of a hurried trainer holds. */
const STEPS_AT_ONCE = 500;
/** Milliseconds from letting go to the new view. */
const ZOOM_LIMIT = 100;
/** Of one core, for all of the browser's processes. */
const SHARE_LIMIT = 0.3;
const PAINT_LIMIT = 1500;
/** Fifty points a second on four curves. */
const PACE = { seconds: 20, perSecond: 12.5 };

const database = await freshDatabase();
const dashboard = await openDashboard({ databaseUrl: database.url });

test("the largest part of a run's page is painted within 1.5 s, and its 4 x 100,000 stored points answer at once", async () => {
	const run = await longRun(database, POINTS);
	const { page, largestPaintMilliseconds } = await firstLoad(dashboard, `/run?n=${run.number}`);
	const zoom = await zoomTimes(page, 8);
	let step = POINTS;
	const append = () => appendSteps(database, run, { from: ++step, to: step });
	const { share } = await shareWhile(append, PACE);
	figure("long-run-stored", { largestPaintMilliseconds, ...zoom, browserShareOfOneCore: +share.toFixed(2) });
	await page.context().close();
	expect(largestPaintMilliseconds).toBeLessThan(PAINT_LIMIT);
	expect(zoom.worst).toBeLessThan(ZOOM_LIMIT);
	expect(share).toBeLessThan(SHARE_LIMIT);
}, 300_000);

test("a page that has heard all points of a long run itself still answers zooms", async () => {
	const run = await longRun(database, 0);
	const { page } = await firstLoad(dashboard, `/run?n=${run.number}`);
	for (let step = 1; step <= POINTS; step += STEPS_AT_ONCE)
		await appendSteps(database, run, { from: step, to: step + STEPS_AT_ONCE - 1 });
	const method = page.locator("figcaption").first();
	await method.getByText(`${(4 * POINTS).toLocaleString("en")} points, none left out`).waitFor({ timeout: 120_000 });
	const zoom = await zoomTimes(page, 8);
	let step = POINTS;
	const append = () => appendSteps(database, run, { from: ++step, to: step });
	const { share } = await shareWhile(append, PACE);
	figure("long-run-heard-live", { heldPoints: 4 * step, ...zoom, browserShareOfOneCore: +share.toFixed(2) });
	expect(zoom.worst).toBeLessThan(ZOOM_LIMIT);
	expect(share).toBeLessThan(SHARE_LIMIT);
	await page.context().close();
}, 600_000);
