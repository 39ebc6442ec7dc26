/** Panels over seeded rows: what is looked at side by side, from a table or in a data set, by mouse and by keys. */
import { join } from "node:path";
import { diskArtifacts } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
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
