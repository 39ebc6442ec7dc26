/** The dashboard over texts of attackers: what runs, what axe finds, what keys can do, what forms say, what is compared. */
import { join } from "node:path";
import { diskArtifacts } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { seriousFindings } from "../../apps/web/bin/findings.ts";
import { fill } from "../load/response-times.fixture.ts";
import { figure, openDashboard, runTabs, settled, watch } from "./browser.fixture.ts";
import { payloads, plantPayloads } from "./seed.fixture.ts";

const database = await freshDatabase();
const dashboard = await openDashboard({ databaseUrl: database.url });
await fill(database, { runs: 300, points: 0 });
const hostile = await plantPayloads(database, diskArtifacts(join(dashboard.dataFolder, "artifacts")));
const [good, bad] = hostile.runs;

/** Every page, and every part of a run. */
const pages = [
	"/",
	"/studies",
	`/study?s=${hostile.study}`,
	"/runs?q=img&show=attack,defenses,study,tags",
	"/runs?by=group",
	"/new",
	`/new?from=${good.number}`,
	...runTabs.map((tab) => `/run?n=${good.number}&tab=${tab}`),
	`/run?n=${bad.number}`,
	`/compare?runs=${good.number},${bad.number}`,
	"/datasets",
	`/thresholds?run=${good.number}`,
	"/models",
	"/workers",
	"/api",
	"/nowhere",
];

/** Everything that can be read on a page, seen or not. */
const READABLE = `document.body.innerText + [...document.querySelectorAll("[alt], [title], option, textarea")]
	.map((one) => [one.alt, one.title, one.textContent].join(" ")).join(" ")`;

/** A page that is missing says so with a status that the browser reports. */
const isExpected = (fault: string) => fault.startsWith("/nowhere: console: Failed to load resource");

test("no text of an attacker runs on any page, and pages keep to their own policy", async () => {
	const context = await dashboard.profile();
	const ran: string[] = [];
	await context.exposeFunction("ran", (payload: number) => ran.push(payloads[payload] ?? String(payload)));
	const control = await context.newPage();
	for (const payload of payloads) await control.setContent(payload, { waitUntil: "load" });
	await control.waitForTimeout(300);
	await control.close();
	const wouldRun = new Set(ran.splice(0)).size;
	const page = await context.newPage();
	const seen = watch(page);
	const faults: string[] = [];
	const shown = new Set<string>();
	const policies = new Map<string, string>();
	for (const path of [...pages, "/sandbox"]) {
		const response = await page.goto(dashboard.origin + path);
		policies.set(path, response?.headers()["content-security-policy"] ?? "none");
		if (path !== "/sandbox") await settled(page);
		await page.waitForTimeout(250);
		const text = await page.evaluate<string>(READABLE);
		for (const payload of payloads) if (text.includes(payload)) shown.add(payload);
		faults.push(...seen.splice(0).map((fault) => `${path}: ${fault}`));
	}
	await context.close();
	const counts = { payloads: payloads.length, wouldRun, shown: shown.size, ran: ran.length };
	figure("script-payloads", { ...counts, pages: pages.length + 1 });
	expect(wouldRun).toBeGreaterThanOrEqual(15);
	expect(payloads.filter((payload) => !shown.has(payload))).toEqual([]);
	expect(ran).toEqual([]);
	expect(faults.filter((fault) => !isExpected(fault))).toEqual([]);
	for (const [path, policy] of policies) {
		const scripts = policy.split("; ").find((part) => part.startsWith("script-src"));
		expect([path, scripts]).toEqual([path, expect.stringMatching(/^script-src 'self'/)]);
		expect(scripts).not.toMatch(/unsafe|http|\*|data:|blob:/);
		expect(policy).toContain("object-src 'none'");
	}
}, 180_000);

test("axe finds nothing serious on any page, in light and dark", async () => {
	const context = await dashboard.profile();
	const page = await context.newPage();
	const faults: string[] = [];
	for (const path of pages) {
		await page.goto(dashboard.origin + path);
		await settled(page);
		for (const colorScheme of ["light", "dark"] as const) {
			await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
			faults.push(...(await seriousFindings(page)).map((finding) => `${path} ${colorScheme}: ${finding}`));
		}
	}
	await context.close();
	figure("axe", { pages: pages.length, themes: 2, serious: faults.length });
	expect(faults).toEqual([]);
}, 240_000);

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
	for (let presses = 0; presses < 250; presses++) {
		const focused = await page.evaluate<string>(
			"[document.activeElement?.ariaLabel, document.activeElement?.labels?.[0]?.textContent, document.activeElement?.textContent].find(Boolean) ?? ''",
		);
		if (name.test(focused.trim())) return;
		await page.keyboard.press("Tab");
	}
	throw new Error(`Nothing called ${name} can be reached by Tab on ${page.url()}`);
}

test("whole flows work by keyboard alone", async () => {
	const context = await dashboard.profile();
	const page = await context.newPage();
	const { keyboard } = page;
	const at = (pattern: RegExp) => page.waitForURL((url) => pattern.test(url.pathname + url.search));
	await page.goto(dashboard.origin);
	await settled(page);

	await keyboard.type("gr");
	await at(/^\/runs/);
	await page.locator("tbody tr").nth(3).waitFor();
	await keyboard.type("jjjk");
	await page.locator('tr[data-current="true"]').waitFor();
	const row = await page.locator('tr[data-current="true"]').getAttribute("aria-rowindex");
	expect(row).toBe("3");
	const number = await page.locator('tr[data-current="true"] td').nth(1).innerText();
	await keyboard.type("o");
	await at(new RegExp(`^/run[?]n=${number}$`));

	await keyboard.type("?");
	const sheet = page.getByRole("dialog");
	await sheet.waitFor();
	expect(await sheet.innerText()).toContain("Next tab");
	await keyboard.press("Escape");
	await sheet.waitFor({ state: "detached" });
	await keyboard.type("]");
	await at(/tab=attack/);

	await keyboard.press("Control+k");
	await page.getByRole("dialog").waitFor();
	await keyboard.type("threshold");
	await keyboard.press("Enter");
	await at(/^\/thresholds/);
	await settled(page);
	await tabTo(page, /^Threshold$/);
	const slider = page.getByRole("slider", { name: "Threshold", exact: true });
	const before = Number(await slider.getAttribute("aria-valuenow"));
	await keyboard.press("ArrowRight");
	await keyboard.press("PageUp");
	await at(/[?&]at=/);
	const after = Number(await slider.getAttribute("aria-valuenow"));
	expect(after).toBeGreaterThan(before);
	expect(Number(new URL(page.url()).searchParams.get("at"))).toBeCloseTo(after, 3);

	const ask = "{ runs(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number name status } } }";
	await keyboard.type("gn");
	await at(/^\/new/);
	await settled(page);
	await tabTo(page, /^Name$/);
	await keyboard.type("by keyboard alone");
	await tabTo(page, /^Start the run$/);
	await keyboard.press("Enter");
	await at(/^\/run[?]n=\d+$/);
	const { runs } = await dashboard.ask<{ runs: { nodes: { number: number; name: string; status: string }[] } }>(ask);
	await context.close();
	figure("keyboard-flows", { flows: 6, startedRun: runs.nodes[0]!.number });
	expect(runs.nodes[0]).toMatchObject({ name: "by keyboard alone", status: "QUEUED" });
}, 120_000);

test("a form says what is wrong where it is wrong, keeps what was typed, and starts nothing until it is right", async () => {
	const context = await dashboard.profile();
	const page = await context.newPage();
	const count = async () => (await dashboard.ask<{ runs: { totalCount: number } }>("{ runs { totalCount } }")).runs;
	const before = await count();
	await page.goto(`${dashboard.origin}/new`);
	await settled(page);
	const start = page.getByRole("button", { name: /^Start/ });
	const seeds = page.getByLabel("Seeds");
	await seeds.fill("1, 1");
	await page.getByText("Give whole numbers from 0, each once").waitFor();
	expect([await seeds.getAttribute("aria-invalid"), await start.isDisabled()]).toEqual(["true", true]);
	await seeds.fill("4");
	expect(await start.isDisabled()).toBe(false);
	const rate = page.getByLabel("Poison rate").or(page.getByLabel("Rate")).first();
	await rate.fill("7");
	const about = await rate.getAttribute("aria-describedby");
	expect(await page.locator(`[id="${about}"]`).innerText()).toMatch(/7 is too large; give at most/);
	expect([await rate.getAttribute("aria-invalid"), await start.isDisabled()]).toEqual(["true", true]);
	// The address holds a half-filled form.
	await page.waitForTimeout(400);
	await page.reload();
	await settled(page);
	expect([await seeds.inputValue(), await rate.inputValue()]).toEqual(["4", "7"]);
	// What only the server can know: the goal turns a class into itself.
	await page.goto(`${dashboard.origin}/new?attack=singleLabel&seeds=4&singleLabel.from=sheep&singleLabel.to=sheep`);
	await settled(page);
	const said = await page.getByText("is both A and B").innerText();
	expect(await count()).toEqual(before);
	await context.close();
	figure("form-errors", { said });
}, 60_000);

test("a run leads to its page, however slowly that comes, although the address was not up to date yet", async () => {
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/new`);
	await settled(page);
	await page.route(/\/(run|_next)/, async (route) => {
		await new Promise((resolve) => setTimeout(resolve, 800));
		await route.continue();
	});
	await page.getByLabel("Name").fill("at once");
	await page.getByRole("button", { name: "Start the run" }).click();
	await page.waitForURL(/\/run[?]n=\d+$/, { timeout: 30_000 });
	await page.getByRole("heading", { name: "at once" }).first().waitFor();
	await context.close();
}, 60_000);

test("compared runs show the numbers that the API has", async () => {
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/compare?runs=${good.number},${bad.number}`);
	await settled(page);
	const table = page.getByRole("region", { name: "Hit@10" }).locator("tbody tr");
	await table.first().waitFor();
	type Outcomes = { number: number; outcomes: { model: string; hitAt10: number }[] };
	const query =
		"query($good: Int!, $bad: Int!) { good: run(number: $good) { number outcomes { model hitAt10 } } bad: run(number: $bad) { number outcomes { model hitAt10 } } }";
	const told = await dashboard.ask<{ good: Outcomes; bad: Outcomes }>(query, { good: good.number, bad: bad.number });
	let compared = 0;
	for (const [column, run] of [told.good, told.bad].entries())
		for (const { model, hitAt10 } of run.outcomes) {
			const cell = table
				.filter({ has: page.getByRole("rowheader", { name: model, exact: true }) })
				.locator("td")
				.nth(column);
			expect(Number.parseFloat(await cell.innerText())).toBeCloseTo(100 * hitAt10, 1);
			compared += 1;
		}
	await context.close();
	figure("compare", { values: compared });
	expect(compared).toBe(6);
}, 60_000);
