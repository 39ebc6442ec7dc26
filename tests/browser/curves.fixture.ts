/** All curves of a run, from the page's CSV files and from the API, in a form in which they can be compared. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Dashboard } from "./browser.fixture.ts";

/** Steps and values, as a text. */
const textOf = (model: string, points: readonly (readonly [number, number])[]) => JSON.stringify([model, points]);

/** Every curve on the page, saved chart by chart, in the order of the alphabet. */
export async function curvesOnPage(page: Page): Promise<string[]> {
	const curves: string[] = [];
	const charts = page.getByRole("region", { name: "Metrics", exact: true });
	for (const menu of await charts.getByRole("button", { name: /^Copy or save / }).all()) {
		await menu.click();
		const saved = page.waitForEvent("download");
		await page.getByRole("button", { name: "Save CSV" }).locator("visible=true").click();
		const lines = readFileSync(await (await saved).path(), "utf8")
			.trim()
			.split("\r\n");
		const [models = [], ...rows] = lines.map((line) => line.split(","));
		for (const [at, model] of models.entries())
			if (at > 0) {
				const filled = rows.filter((row) => row[at] !== "");
				const points = filled.map((row) => [Number(row[0]), Number(row[at])] as const);
				curves.push(textOf(model, points));
			}
	}
	return curves.sort();
}

const ask =
	"query($number: Int!) { run(number: $number) { metrics(maxBuckets: 1000) { key method steps last } metricKeys { key } } }";

/** The same of the API, where each point is told by itself. */
export async function curvesOfApi(dashboard: Dashboard, number: number): Promise<string[]> {
	type Metrics = {
		run: {
			metrics: { key: string; method: string; steps: number[]; last: number[] }[];
			metricKeys: { key: string }[];
		};
	};
	const { run } = await dashboard.ask<Metrics>(ask, { number });
	expect(run.metrics.map(({ key }) => key)).toEqual(run.metricKeys.map(({ key }) => key));
	expect(run.metrics.filter(({ method }) => method !== "RAW")).toEqual([]);
	return run.metrics
		.map(({ key, steps, last }) =>
			textOf(
				key.split("/")[0]!,
				steps.map((step, at) => [step, last[at]!] as const),
			),
		)
		.sort();
}
