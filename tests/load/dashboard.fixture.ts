/** How fast and how heavy the dashboard is: first load, zoom, live appends, scrolling. Figures; who calls asserts. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { becomes, type Dashboard, quantile, settled } from "../browser/browser.fixture.ts";

/** Kernel's clock ticks in a second, as `/proc/PID/stat` counts. */
const TICKS = 100;

const observe = `
	window.largest = 0;
	new PerformanceObserver((list) => {
		window.largest = list.getEntries().at(-1).startTime;
	}).observe({ type: "largest-contentful-paint", buffered: true });
	window.released = 0;
	window.answered = 0;
	addEventListener("mouseup", ({ timeStamp }) => { released = timeStamp; answered = 0; }, true);
	const clear = CanvasRenderingContext2D.prototype.clearRect;
	CanvasRenderingContext2D.prototype.clearRect = function (...box) {
		// What is drawn in this frame is on screen when the next one begins.
		if (released > 0 && answered === 0) requestAnimationFrame((now) => { answered ||= now; });
		return clear.apply(this, box);
	};
`;

export interface FirstLoad {
	readonly page: Page;
	/** Bytes of script, each file gzipped by itself. */
	readonly scriptBytes: number;
	readonly largestPaintMilliseconds: number;
}

/** Opens a page in a profile that has nothing of it yet. */
export async function firstLoad(dashboard: Dashboard, path: string): Promise<FirstLoad> {
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.addInitScript(observe);
	const scripts: Promise<number>[] = [];
	page.on("response", (response) => {
		if (response.request().resourceType() === "script")
			scripts.push(response.body().then((body) => gzipSync(body).length));
	});
	await page.goto(dashboard.origin + path);
	await settled(page);
	await page.waitForTimeout(700);
	const bytes = await Promise.all(scripts);
	return {
		page,
		scriptBytes: bytes.reduce((sum, size) => sum + size, 0),
		largestPaintMilliseconds: Math.round(await page.evaluate<number>("largest")),
	};
}

/** Drags across the first chart again and again; milliseconds from letting go to the new view on screen. */
export async function zoomTimes(page: Page, times: number): Promise<{ median: number; worst: number }> {
	const taken: number[] = [];
	const over = page.locator(".u-over").first();
	for (let time = 0; time < times; time++) {
		const box = (await over.boundingBox())!;
		const y = box.y + box.height / 2;
		await page.mouse.move(box.x + 0.25 * box.width, y);
		await page.mouse.down();
		await page.mouse.move(box.x + 0.5 * box.width, y, { steps: 4 });
		await page.mouse.move(box.x + 0.75 * box.width, y, { steps: 4 });
		await page.mouse.up();
		await becomes(page, "answered > 0");
		taken.push(await page.evaluate<number>("answered - released"));
		// The finer points of the new view are asked for and drawn before the next drag.
		await page.waitForTimeout(900);
	}
	return { median: Math.round(quantile(taken, 0.5)), worst: Math.round(Math.max(...taken)) };
}

/** Processor seconds that this process's browsers have used so far. */
function browserSeconds(): number {
	const processes = new Map<number, { parent: number; ticks: number; isBrowser: boolean }>();
	for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
		try {
			const stat = readFileSync(`/proc/${name}/stat`, "utf8");
			const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			const isBrowser = /--(type=|headless)/.test(readFileSync(`/proc/${name}/cmdline`, "utf8"));
			processes.set(Number(name), {
				parent: Number(fields[1]),
				ticks: Number(fields[11]) + Number(fields[12]),
				isBrowser,
			});
		} catch {
			// It ended while it was looked at.
		}
	}
	const isMine = (pid: number): boolean => pid === process.pid || (pid > 1 && isMine(processes.get(pid)?.parent ?? 0));
	return (
		[...processes].reduce((sum, [pid, { ticks, isBrowser }]) => sum + (isBrowser && isMine(pid) ? ticks : 0), 0) / TICKS
	);
}

/** Share of one core that all of the browser's processes use while `append` is called at an even pace. */
export async function shareWhile(append: () => Promise<void>, pace: { seconds: number; perSecond: number }) {
	const started = performance.now();
	const before = browserSeconds();
	for (let call = 0; call < pace.seconds * pace.perSecond; call++) {
		await append();
		await sleep(Math.max(0, started + ((call + 1) * 1000) / pace.perSecond - performance.now()));
	}
	const elapsed = (performance.now() - started) / 1000;
	return { share: (browserSeconds() - before) / elapsed, callsPerSecond: (pace.seconds * pace.perSecond) / elapsed };
}

export interface Scrolled {
	readonly rows: number;
	readonly frames: number;
	/** Frames in which a part of the table's window had no row. */
	readonly blank: number;
	readonly worstFrameMilliseconds: number;
}

/** Scrolls the run table to its end, 400 pixels in every frame, and looks at what each frame is painted with. */
export function scrollToEnd(page: Page): Promise<Scrolled> {
	return page.evaluate<Scrolled>(`(async () => {
		const scroller = document.querySelector('section[aria-label="Runs"]');
		const body = scroller.querySelector("tbody");
		const total = Number(scroller.querySelector("table").ariaRowCount ?? scroller.querySelector("table").getAttribute("aria-rowcount"));
		const isBlank = () => {
			const window = scroller.getBoundingClientRect();
			let covered = scroller.querySelector("thead").getBoundingClientRect().bottom;
			const bottom = Math.min(window.bottom, body.getBoundingClientRect().bottom);
			const rows = [...body.rows].map((row) => row.getBoundingClientRect()).sort((a, b) => a.top - b.top);
			for (const row of rows) if (row.top <= covered + 1) covered = Math.max(covered, row.bottom);
			return covered < bottom - 1;
		};
		const result = { rows: 0, frames: 0, blank: 0, worstFrameMilliseconds: 0 };
		let before = performance.now();
		let still = 0;
		while (result.rows < total && still < 600) {
			const now = await new Promise(requestAnimationFrame);
			const at = scroller.scrollTop;
			scroller.scrollTop += 400;
			still = scroller.scrollTop === at ? still + 1 : 0;
			// Before React hears of it: this is how the frame is painted.
			if (isBlank()) result.blank += 1;
			result.frames += 1;
			result.worstFrameMilliseconds = Math.max(result.worstFrameMilliseconds, Math.round(now - before));
			before = now;
			result.rows = Math.max(0, ...[...body.rows].map((row) => row.ariaRowIndex ?? row.getAttribute("aria-rowindex")).map(Number)) - 1;
		}
		return result;
	})()`);
}
