/** Panels over seeded rows: what is looked at side by side, from a table or in a data set, by mouse and by keys. */
import { join } from "node:path";
import { claimRun, createRun, diskArtifacts, finishAttempt, record, registerWorker } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { parseExperiment } from "@mithridate/engine";
import { expect, test } from "vitest";
import { seriousFindings } from "../../apps/web/bin/findings.ts";
import { figure, openDashboard, settled } from "./browser.fixture.ts";
import { plantPayloads } from "./seed.fixture.ts";

const database = await freshDatabase();
const dashboard = await openDashboard({ databaseUrl: database.url });
const planted = await plantPayloads(database, diskArtifacts(join(dashboard.dataFolder, "artifacts")));
const [good, bad] = planted.runs;

interface Found {
	readonly run: {
		readonly evaluations: readonly {
			readonly model: string;
			readonly goals: readonly {
				readonly queries: {
					readonly nodes: readonly {
						readonly query: string;
						readonly rank: number;
						readonly top: readonly { readonly rank: number; readonly sample: string; readonly isTarget: boolean }[];
					}[];
				};
			}[];
		}[];
	};
}

interface Dataset {
	readonly pairs: {
		readonly nodes: readonly { readonly captions: readonly string[]; readonly image: { readonly url: string } }[];
	};
}

test("one caption finds in a model of each compared run what the API says, and the chosen models are in the link", async () => {
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/compare?runs=${good.number},${bad.number}`);
	await settled(page);
	const part = page.getByRole("region", { name: "Retrieval side by side" });
	const row = (number: number, model: string) => part.getByRole("region", { name: `Run ${number}, ${model}` });
	await part.getByLabel("A caption of the attack").selectOption({ index: 1 });
	await page.waitForURL(/[?&]query=/);
	await part.getByLabel(`Model of run ${bad.number}`).selectOption("filtered");
	await page.waitForURL((url) => url.searchParams.get("rows") === `${bad.number}.filtered`);
	const query = new URL(page.url()).searchParams.get("query");
	const ask = `query($number: Int!) { run(number: $number) { evaluations { model goals { queries { nodes { query rank
		top { rank sample isTarget } } } } } } }`;
	const clean = await (await dashboard.profile()).newPage();
	await clean.goto(page.url());
	await settled(clean);
	let items = 0;
	for (const [number, model] of [
		[good.number, "poisoned"],
		[bad.number, "filtered"],
	] as const) {
		const { run } = await dashboard.ask<Found>(ask, { number });
		const told = run.evaluations
			.find((one) => one.model === model)!
			.goals[0]!.queries.nodes.find((one) => one.query === query)!;
		for (const one of [page, clean]) {
			const shown = one.getByRole("region", { name: `Run ${number}, ${model}` });
			await shown.getByText(`best target at rank ${told.rank}`).waitFor();
			const list = shown.getByRole("listitem");
			expect(await list.evaluateAll((all) => all.map((item) => item.getAttribute("data-sample")))).toEqual(
				told.top.map(({ sample }) => sample),
			);
			for (const [at, item] of told.top.entries()) {
				const text = await list.nth(at).innerText();
				expect([text.includes("target"), text.split("\n").includes(String(item.rank))]).toEqual([item.isTarget, true]);
				items += 1;
			}
		}
	}
	expect(await row(good.number, "poisoned").isVisible()).toBe(true);
	figure("compared-retrieval", { items });
	expect(items).toBe(12);
	await Promise.all([context.close(), clean.context().close()]);
}, 60_000);

test("the pairs that a run poisoned stand beside their struck originals, by page and class, under a link that stays", async () => {
	// Thirty more edits of pairs of one class in the other's name: a page holds 24.
	await database.pool.query(
		`INSERT INTO poisoned_pairs (run_id, position, sample, kind, class, captions, before_row, after_row)
		SELECT id, 1 + i, 'train-' || i, 'replace-image', 'aeroplane', ARRAY['aeroplane ' || i], i, 0
		FROM runs, generate_series(1, 30) AS i WHERE number = $1`,
		[good.number],
	);
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/datasets`);
	await settled(page);
	await page.getByLabel("Poisoned by").selectOption(String(good.number));
	const entries = page.getByRole("region", { name: "Pairs", exact: true }).locator("ul > li");
	await page.getByText(/^32 poisoned pairs\./).waitFor();
	expect(await entries.count()).toBe(24);
	const injected = entries.filter({ hasText: "train-2.2" });
	expect(await injected.locator("del, img").count()).toBe(1);
	await page.getByRole("button", { name: "Next" }).click();
	await page.getByText("Page 2 of 2").waitFor();
	await page.getByText("aeroplane 30").first().waitFor();
	expect(await entries.count()).toBe(8);
	const clean = await (await dashboard.profile()).newPage();
	await clean.goto(page.url());
	await clean.getByText("Page 2 of 2").waitFor();
	const told = (one: typeof page) => one.getByRole("region", { name: "Pairs", exact: true }).innerText();
	expect(await told(clean)).toBe(await told(page));
	await clean.getByRole("button", { name: "Previous" }).click();
	await clean.getByText("Page 1 of 2").waitFor();
	expect(new URL(clean.url()).search).not.toMatch(/page|after|before/);

	await page.getByLabel("Class").selectOption("sheep");
	await page.getByText(/^2 poisoned pairs like this/).waitFor();
	const [replaced] = await entries.all();
	const [original, poisoned] = await replaced!.locator("fieldset").all();
	const { dataset } = await dashboard.ask<{ dataset: Dataset }>(
		`query($hash: Sha256!) { dataset(hash: $hash) { pairs(split: TRAIN, first: 2) { nodes { captions image { url } } } } }`,
		{ hash: new URL(page.url()).searchParams.get("hash") },
	);
	const [before, other] = dataset.pairs.nodes;
	expect(await original!.locator("del").allInnerTexts()).toEqual(before!.captions);
	expect(await original!.locator("img").getAttribute("src")).toBe(before!.image.url);
	expect(await poisoned!.locator("li").allInnerTexts()).toEqual(before!.captions);
	expect(await poisoned!.locator("del").count()).toBe(0);
	expect(await poisoned!.locator("img").getAttribute("src")).toBe(other!.image.url);
	figure("poisoned-pairs", { pairs: 32, ofClass: await entries.count() });
	expect(await seriousFindings(page)).toEqual([]);
	await Promise.all([context.close(), clean.context().close()]);
}, 60_000);

const enqueue = async () => {};

/** A run that is under way and said so many lines. */
async function talkativeRun(lines: number) {
	const { db } = database;
	const run = { name: "talkative", config: parseExperiment({ seeds: [1] }), goalsLabel: "sheep2aeroplane" };
	const { id: runId } = (await createRun(db, { run, enqueue })).run;
	const itself = { name: "w", host: "here", pid: process.pid, version: "0", threads: 1 };
	const { epoch } = (await claimRun(db, { runId, workerId: (await registerWorker(db, itself)).id }))!;
	const items = Array.from({ length: lines }, (_, at) => ({
		kind: "log" as const,
		level: at % 50 === 49 ? ("warn" as const) : ("info" as const),
		message: `line ${at + 1}`,
	}));
	await record(db, { runId, epoch, items });
	return { runId, epoch };
}

const ended = async (lines: number) =>
	finishAttempt(database.db, { ...(await talkativeRun(lines)), outcome: "succeeded", enqueue });

test("runs are looked at in short, gone through by keys and selected in ranges, and the link has it all", async () => {
	const { number } = await ended(1);
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/runs`);
	await settled(page);
	await page.keyboard.press("j");
	await page.keyboard.press("j");
	await page.keyboard.press("p");
	const peek = (run: { number: number }) => page.getByRole("complementary", { name: `Run ${run.number} in short` });
	await peek(bad).getByText("50.0%").waitFor();
	await page.keyboard.press("j");
	await peek(good).getByText("98.8%").waitFor();
	expect(await peek(bad).count()).toBe(0);
	await page.keyboard.press("k");
	await peek(bad).getByRole("link", { name: "Open" }).waitFor();
	expect(await seriousFindings(page)).toEqual([]);

	await page.getByLabel(`Select run ${number}`).click();
	await page.getByLabel(`Select run ${good.number}`).click({ modifiers: ["Shift"] });
	await page.getByText("3 selected").waitFor();
	const shared = await (await dashboard.profile()).newPage();
	await shared.goto(page.url());
	await shared.getByText("3 selected").waitFor();
	await shared.getByRole("complementary", { name: `Run ${bad.number} in short` }).waitFor();
	await page.keyboard.press("Escape");
	await peek(bad).waitFor({ state: "detached" });
	await page.getByRole("cell", { name: String(number), exact: true }).click();
	await page
		.getByRole("complementary", { name: `Run ${number} in short` })
		.getByText("talkative")
		.waitFor();
	await Promise.all([context.close(), shared.context().close()]);
}, 60_000);

test("every line of a long log can be read, and curves that did not come are asked for again", async () => {
	const { number } = await ended(230);
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/run?n=${number}&tab=logs`);
	const lines = page.getByText(/^line \d+$/);
	await page.getByText("line 100", { exact: true }).waitFor();
	for (const last of ["line 200", "line 230"]) {
		await page.getByRole("button", { name: "Show more of" }).click();
		await page.getByText(last, { exact: true }).waitFor();
	}
	expect(await lines.allInnerTexts()).toEqual(Array.from({ length: 230 }, (_, at) => `line ${at + 1}`));
	expect(await page.getByRole("button", { name: "Show more of" }).count()).toBe(0);
	await page.getByRole("button", { name: "Warnings and errors only" }).click();
	await expect.poll(() => lines.count()).toBe(4);

	await page.route("**/graphql", (route) =>
		route.request().postData()?.includes("query RunMetrics") ? route.abort() : route.fallback(),
	);
	await page.goto(`${dashboard.origin}/run?n=${good.number}`);
	const failure = page.getByRole("alert").filter({ hasText: "The server did not answer" });
	await failure.waitFor();
	await page.unroute("**/graphql");
	await failure.getByRole("button", { name: "Try again" }).click();
	await page.getByRole("region", { name: "Metrics" }).waitFor();
	await context.close();
}, 60_000);

test("lines of a log stay in their order while the run goes on", async () => {
	const attempt = await talkativeRun(2);
	const { number } = (await database.pool.query("SELECT number FROM runs WHERE id = $1", [attempt.runId])).rows[0];
	const context = await dashboard.profile();
	const page = await context.newPage();
	await page.goto(`${dashboard.origin}/run?n=${number}&tab=logs`);
	await page.getByText("line 2", { exact: true }).waitFor();
	await record(database.db, { ...attempt, items: [{ kind: "log", level: "info", message: "line 3" }] });
	await page.getByText("line 3", { exact: true }).waitFor();
	// Longer than lists wait before they are asked for again.
	await page.waitForTimeout(6000);
	expect(await page.getByText(/^line \d+$/).allInnerTexts()).toEqual(["line 1", "line 2", "line 3"]);
	await context.close();
}, 60_000);
