/** For a test file: the dashboard as it is built, the product that serves it, and a browser that looks at it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll } from "vitest";
import { findChromium, openChromium } from "../../apps/web/bin/chromium.ts";
import { type Product, type ProductOptions, startProduct } from "../../apps/web/bin/product.ts";

const root = join(import.meta.dirname, "..", "..");

/** The parts of a run's page, as its address names them. */
export const runTabs = [
	"metrics",
	"attack",
	"retrieval",
	"embedding",
	"defense",
	"pairs",
	"config",
	"logs",
	"system",
	"artifacts",
] as const;

export interface Dashboard extends Product {
	readonly browser: Browser;
	/** A clean profile, signed in. */
	profile(options?: BrowserContextOptions): Promise<BrowserContext>;
}

/** Prints a test's figures as one line of JSON, from which tables of results are made. */
export function figure(check: string, figures: Readonly<Record<string, number | string>>): void {
	process.stdout.write(`${JSON.stringify({ check, ...figures })}\n`);
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Builds what has changed, as `npm start` does. */
export function build(): void {
	const turbo = join("node_modules", "turbo", "bin", "turbo");
	const { status, stdout, stderr } = spawnSync(process.execPath, [turbo, "run", "build"], {
		cwd: root,
		encoding: "utf8",
	});
	if (status !== 0) throw new Error(`The dashboard could not be built:\n${stdout}${stderr}`);
}

/** Call it at the top of the file; everything ends after the file's last test. */
export async function openDashboard(options: ProductOptions = {}): Promise<Dashboard> {
	build();
	findChromium();
	const product = await startProduct(options);
	afterAll(() => product.stop(), 60_000);
	const browser = await openChromium();
	afterAll(() => browser.close());
	let cookies: ReturnType<BrowserContext["cookies"]> | undefined;
	const signIn = async () => {
		const context = await browser.newContext();
		const page = await context.newPage();
		await page.goto(product.signInUrl, { waitUntil: "commit" });
		const found = await context.cookies();
		await context.close();
		return found;
	};
	return {
		...product,
		browser,
		async profile(given = {}) {
			const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...given });
			// The code in the printed address works once; who is signed in is known by a cookie.
			cookies ??= signIn();
			await context.addCookies(await cookies);
			context.setDefaultTimeout(30_000);
			return context;
		},
	};
}

/** What goes wrong on a page while it is looked at: errors, refusals of its policy, dialogs, answers that failed. */
export function watch(page: Page): string[] {
	const faults: string[] = [];
	page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
	page.on("console", (message) => {
		if (message.type() === "error") faults.push(`console: ${message.text()}`);
	});
	page.on("dialog", (dialog) => {
		faults.push(`dialog: ${dialog.message()}`);
		dialog.dismiss().catch(() => undefined);
	});
	return faults;
}

/** Asks until the answer is right. */
export async function until<Answer>(
	ask: () => Promise<Answer>,
	isRight: (answer: Answer) => boolean,
	milliseconds: number,
): Promise<Answer> {
	const end = performance.now() + milliseconds;
	for (;;) {
		const answer = await ask();
		if (isRight(answer)) return answer;
		if (performance.now() > end) throw new Error(`It did not come to it; at last there was ${JSON.stringify(answer)}`);
		await sleep(100);
	}
}

/** Resolves when an expression is true in the page. (Playwright's own way needs `eval`, which the policy refuses.) */
export async function becomes(page: Page, expression: string, milliseconds = 30_000): Promise<void> {
	await until(() => page.evaluate<boolean>(`Boolean(${expression})`), Boolean, milliseconds);
}

/** Resolves when the page has a heading, and nothing on it says any more that it is loading. */
export async function settled(page: Page): Promise<void> {
	await page.locator("main").locator("h1, h2, h3").first().waitFor();
	await becomes(page, `document.querySelector("main [role=status] > .visually-hidden") === null`);
}
