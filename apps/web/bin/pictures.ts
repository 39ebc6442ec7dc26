/** `npm run pictures`: the main pages of the real product over the demonstration, light and dark, into `docs/pictures`. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { openChromium } from "./chromium.ts";
import { type Product, startProduct } from "./product.ts";

const folder = resolve(import.meta.dirname, "../../../docs/pictures");
const viewport = { width: 1280, height: 800 };
const themes = ["light", "dark"] as const;

/** Bytes that all pictures together may take in the repository. */
const limit = 2_000_000;

let total = 0;

/** The page as it stands, in both themes, as `NAME-light.webp` and `NAME-dark.webp`. */
async function take(page: Page, name: string): Promise<void> {
	for (const colorScheme of themes) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await page.waitForTimeout(250);
		const { size } = await sharp(await page.screenshot())
			.webp({ quality: 82, effort: 6, smartSubsample: true })
			.toFile(join(folder, `${name}-${colorScheme}.webp`));
		total += size;
		console.log(`${name}-${colorScheme}.webp: ${Math.round(size / 1000)} kB`);
	}
}

/** Opens a page and waits until it and its pictures are there. */
async function open(page: Page, address: string): Promise<void> {
	await page.goto(address);
	await page.locator("main h1").first().waitFor();
	await page.locator("main [role=status] > .visually-hidden").first().waitFor({ state: "detached" });
	await page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
	await page.waitForTimeout(500);
}

/** Waits for the demonstration to come to a stage, or to its end. */
async function waitFor(product: Product, isThere: (run: Told) => boolean): Promise<void> {
	for (;;) {
		const { run } = await product.ask<{ run: Told }>("{ run(number: 1) { status progress { stage done total } } }");
		if (run.status === "FAILED") throw new Error("The demonstration failed; its page says why.");
		if (isThere(run) || run.status === "SUCCEEDED") return;
		await sleep(500);
	}
}

interface Told {
	readonly status: string;
	readonly progress: { readonly stage: string; readonly done: number; readonly total: number } | null;
}

const toTop = (element: Element) => element.scrollIntoView();

async function takeAll(product: Product, page: Page): Promise<void> {
	const at = (path: string) => open(page, product.origin + path);
	await open(page, product.signInUrl);
	await take(page, "first-start");
	await page.getByRole("button", { name: "Start the demonstration" }).click();
	await page.waitForURL(/\/run[?]n=1/);
	await waitFor(product, ({ progress }) => progress?.stage === "poisoned" && progress.done > 0.6 * progress.total);
	await take(page, "live-run");
	await waitFor(product, () => false);
	const { studies } = await product.ask<{ studies: { nodes: readonly { slug: string }[] } }>(
		"{ studies { nodes { slug } } }",
	);
	const pages = {
		home: "/",
		run: "/run?n=1",
		retrieval: "/run?n=1&tab=retrieval",
		defense: "/run?n=1&tab=defense",
		"threshold-lab": "/thresholds?run=1",
		study: `/study?s=${studies.nodes[0]?.slug}`,
		"new-run": "/new",
		"data-set": "/datasets",
	};
	for (const [name, path] of Object.entries(pages)) {
		await at(path);
		// Of a run's parts the part is of interest, not the results above it once more.
		if (path.includes("&tab=")) await page.getByRole("navigation", { name: "Parts of the run" }).evaluate(toTop);
		await take(page, name);
	}
}

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith(".webp")) rmSync(join(folder, name));
const product = await startProduct();
const browser = await openChromium();
try {
	await takeAll(product, await browser.newPage({ viewport, deviceScaleFactor: 1.5 }));
} finally {
	await browser.close();
	await product.stop();
}
console.log(`${Math.round(total / 1000)} kB in all`);
if (total > limit) {
	console.error(`The pictures take ${total} bytes; ${limit} are the most.`);
	process.exitCode = 1;
}
