/** A fresh start, as a researcher meets it: the demonstration to its end, live, and what is done with its result. */
import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { seriousFindings } from "../../apps/web/bin/findings.ts";
import { figure, openDashboard, runTabs, settled, until, watch } from "./browser.fixture.ts";
import { curvesOfApi, curvesOnPage } from "./curves.fixture.ts";

const MINUTE = 60_000;
const dashboard = await openDashboard();
const context = await dashboard.profile({ acceptDownloads: true });
const page = await context.newPage();
const faults = watch(page);

interface Told {
	readonly run: {
		readonly status: string;
		readonly throughSeq: number;
		readonly configText: string;
		readonly metricKeys: readonly { readonly key: string }[];
		readonly outcomes: readonly (Readonly<Record<string, number>> & { readonly model: string })[];
	};
}

/** What the API tells about a run. */
const tell = async (number: number) =>
	(
		await dashboard.ask<Told>(
			`query($number: Int!) { run(number: $number) { status throughSeq configText metricKeys { key }
				outcomes { model hitAt1 hitAt5 hitAt10 minRank textRetrievalAt10 imageRetrievalAt10 } } }`,
			{ number },
		)
	).run;

/** Pictures on screen in another shape than they have. */
const DISTORTED = `[...document.images]
	.filter(({ naturalWidth, clientWidth }) => naturalWidth > 0 && clientWidth > 0)
	.filter((it) => Math.abs((it.clientWidth * it.naturalHeight) / (it.clientHeight * it.naturalWidth) - 1) > 0.03)
	.map(({ alt, src }) => alt || src.slice(0, 80))`;

const chip = (one: Page) => one.locator("button[data-status]");
const zoomButton = (one: Page) => one.getByRole("button", { name: /^Steps [\d,]+ to [\d,]+$/ });

/** Drags over the first chart from one share of its width to another. */
async function zoom(from: number, to: number): Promise<string> {
	const box = (await page.locator(".u-over").first().boundingBox())!;
	const y = box.y + box.height / 2;
	await page.mouse.move(box.x + from * box.width, y);
	await page.mouse.down();
	await page.mouse.move(box.x + to * box.width, y, { steps: 5 });
	await page.mouse.up();
	await page.waitForURL(/[?&]zoom=/);
	return zoomButton(page).innerText();
}

test(
	"before any run, the form of a new one shows its classes and the pairs it would poison, and chooses the usual defenses",
	async () => {
		await page.goto(`${dashboard.origin}/new`);
		// The data set is made for this, which can take longer than the server gives one operation.
		await page.getByText(/training samples will be poisoned/).waitFor({ timeout: 2 * MINUTE });
		const chosen = page.getByRole("checkbox", { checked: true }).locator("xpath=ancestor::label");
		expect((await chosen.allInnerTexts()).map((text) => text.split("\n")[0])).toEqual([
			"Keep target rows",
			"Cure",
			"Filter",
		]);
		const pictures = page.getByRole("group", { name: /^Captions of/ }).locator("img");
		await pictures.nth(19).waitFor();
		expect(await pictures.count()).toBe(20);
	},
	3 * MINUTE,
);

test(
	"the demonstration starts from a fresh home page with one press, and its curves come by themselves",
	async () => {
		await page.goto(dashboard.origin);
		await page.getByRole("button", { name: "Start the demonstration" }).click();
		await page.waitForURL(/\/run[?]n=1$/);
		await page
			.locator(".u-over")
			.first()
			.waitFor({ timeout: 4 * MINUTE });
		await chip(page).and(page.locator("[data-status=live], [data-status=replaying]")).waitFor();
		expect(await tell(1)).toMatchObject({ status: "RUNNING" });
	},
	6 * MINUTE,
);

test(
	"a reload, and a while without network, in the middle of a run keep the zoom",
	async () => {
		const steps = () =>
			page.evaluate<number>("Number(document.querySelector('[role=slider][aria-label^=Loss]')?.ariaValueMax ?? 0)");
		await until(steps, (last) => last >= 20, 2 * MINUTE);
		const asked = await zoom(0.2, 0.6);
		await page.reload();
		await zoomButton(page).waitFor();
		const afterReload = await zoomButton(page).innerText();
		await chip(page).and(page.locator("[data-status=live], [data-status=replaying]")).waitFor();

		await context.setOffline(true);
		await chip(page).and(page.locator("[data-status=offline]")).waitFor();
		const { throughSeq } = await tell(1);
		const missed = await until(
			() => tell(1),
			(run) => run.throughSeq >= throughSeq + 10 || run.status !== "RUNNING",
			3 * MINUTE,
		);
		await context.setOffline(false);
		await chip(page).and(page.locator("[data-status=live], [data-status=replaying], [data-status=ended]")).waitFor();
		const afterOffline = await zoomButton(page).innerText();
		figure("mid-run", { zoom: asked, missedEvents: missed.throughSeq - throughSeq });
		expect([afterReload, afterOffline]).toEqual([asked, asked]);
	},
	8 * MINUTE,
);

test(
	"at its end the page holds every point and every number that the API has",
	async () => {
		await chip(page)
			.and(page.locator("[data-status=ended]"))
			.waitFor({ timeout: 10 * MINUTE });
		await page.waitForTimeout(1000);
		await zoomButton(page).click();
		const [shown, stored] = [await curvesOnPage(page), await curvesOfApi(dashboard, 1)];
		const told = await until(
			() => tell(1),
			({ status }) => status !== "RUNNING",
			MINUTE,
		);
		const rows = page.getByRole("region", { name: "Results per model" }).locator("tbody tr");
		const columns = ["hitAt1", "hitAt5", "hitAt10", "minRank", "textRetrievalAt10", "imageRetrievalAt10"];
		const onScreen = await Promise.all(
			(await rows.all()).map(async (row) => (await row.locator("td").allInnerTexts()).slice(0, columns.length)),
		);
		figure("demonstration", {
			curves: shown.length,
			points: shown.join().match(/\[\d/g)!.length,
			models: onScreen.length,
		});
		expect(told.status).toBe("SUCCEEDED");
		expect(shown).toEqual(stored);
		expect(onScreen).toHaveLength(told.outcomes.length);
		expect(onScreen.length).toBeGreaterThanOrEqual(4);
		for (const [at, outcome] of told.outcomes.entries())
			for (const [column, name] of columns.entries()) {
				const value = name === "minRank" ? outcome[name]! : 100 * outcome[name]!;
				// One decimal is shown: half a unit of it, and what a double adds.
				expect(Math.abs(Number.parseFloat(onScreen[at]![column]!) - value)).toBeLessThanOrEqual(0.0501);
			}
		await page.goto(dashboard.origin);
		await settled(page);
		const results = await page.getByRole("region", { name: /^Results/ }).innerText();
		for (const { model, hitAt10 } of told.outcomes)
			if (model !== "base") expect(results).toContain(`${(100 * hitAt10!).toFixed(1)}%`);
	},
	12 * MINUTE,
);

/** What a curve looks like, to the last pixel. */
const drawing = (one: Page) => one.evaluate<string>("document.querySelector('.uplot canvas').toDataURL()");

test(
	"a copied address opens the same view in a clean profile",
	async () => {
		await page.goto(`${dashboard.origin}/run?n=1`);
		await settled(page);
		await page.locator(".u-over").first().waitFor();
		await zoom(0.1, 0.7);
		await page.getByLabel("Smoothing").focus();
		for (let press = 0; press < 40; press++) await page.keyboard.press("ArrowRight");
		await page.getByLabel("Logarithmic").check();
		await page.mouse.move(0, 0);
		await page.waitForURL(/log=1/);
		await page.waitForTimeout(500);
		const lab = `${dashboard.origin}/thresholds?run=1&at=0.8123&view=defender`;
		const clean = await (await dashboard.profile()).newPage();
		await clean.goto(page.url());
		await settled(clean);
		await zoomButton(clean).waitFor();
		await clean.waitForTimeout(1000);
		const view = async (one: Page) => [
			await one.getByRole("heading", { level: 1 }).innerText(),
			await zoomButton(one).innerText(),
			await one.getByLabel("Smoothing").inputValue(),
			await one.getByLabel("Logarithmic").isChecked(),
			await drawing(one),
		];
		expect(await view(clean)).toEqual(await view(page));
		await clean.goto(lab);
		await settled(clean);
		const slider = clean.getByRole("slider", { name: "Threshold", exact: true });
		expect(Number(await slider.getAttribute("aria-valuenow"))).toBe(0.8123);
		expect(await clean.getByLabel("As the defender sees it").isChecked()).toBe(true);
		await clean.context().close();
	},
	2 * MINUTE,
);

test(
	"the threshold lab starts exactly the run whose cut is on screen",
	async () => {
		await page.goto(`${dashboard.origin}/thresholds?run=1`);
		await settled(page);
		const slider = page.getByRole("slider", { name: "Threshold", exact: true });
		await slider.focus();
		for (const key of ["PageUp", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
		await page.waitForURL(/[?&]at=/);
		const distance = Number(new URL(page.url()).searchParams.get("at"));
		await page.getByRole("button", { name: "Run this filter on run 1" }).click();
		await page.waitForURL(/\/run[?]n=2/);
		const [first, second] = (await Promise.all([tell(1), tell(2)])).map(({ configText }) => JSON.parse(configText));
		await page.getByRole("button", { name: "Cancel" }).click();
		await until(
			() => tell(2),
			({ status }) => status === "CANCELLED",
			MINUTE,
		);
		figure("threshold-lab", { distance });
		expect(second.defenses).toEqual([
			{ name: "filter", params: expect.objectContaining({ threshold: { kind: "fixed", distance } }) },
		]);
		expect({ ...second, defenses: null }).toEqual({ ...first, defenses: null });
	},
	3 * MINUTE,
);

test(
	"axe finds nothing serious on the pages of a real run, in light and dark, and no picture is drawn out",
	async () => {
		const { studies } = await dashboard.ask<{ studies: { nodes: { slug: string }[] } }>(
			"{ studies { nodes { slug } } }",
		);
		const pages = [
			"/",
			`/study?s=${studies.nodes[0]!.slug}`,
			"/compare?runs=1,2",
			"/datasets",
			"/models",
			"/workers",
			...runTabs.map((tab) => `/run?n=1&tab=${tab}`),
		];
		const found: string[] = [];
		for (const path of pages) {
			await page.goto(dashboard.origin + path);
			await settled(page);
			await page.waitForTimeout(300);
			found.push(...(await page.evaluate<string[]>(DISTORTED)).map((picture) => `${path}: ${picture} is drawn out`));
			for (const colorScheme of ["light", "dark"] as const) {
				await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
				found.push(...(await seriousFindings(page)).map((finding) => `${path} ${colorScheme}: ${finding}`));
			}
		}
		figure("axe-of-a-real-run", { pages: pages.length, serious: found.length });
		expect(found).toEqual([]);
	},
	4 * MINUTE,
);

test(
	"nothing went wrong on the way, and the end leaves no process behind",
	async () => {
		await context.close();
		await dashboard.stop();
		const left = (process.platform === "linux" ? readdirSync("/proc") : [])
			.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
			.filter((name) => {
				try {
					return readFileSync(`/proc/${name}/environ`, "utf8").includes(dashboard.dataFolder);
				} catch {
					return false;
				}
			});
		expect(left).toEqual([]);
		// While there is no network, what was asked cannot be answered; the browser reports that.
		expect(faults.filter((fault) => !fault.includes("ERR_INTERNET_DISCONNECTED"))).toEqual([]);
	},
	MINUTE,
);
