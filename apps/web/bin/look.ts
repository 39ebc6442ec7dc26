/**
 * Pictures of pages, their accessibility findings and how much script they load: `node bin/look.ts ADDRESS FOLDER [PATH...]`.
 * Against `mock/server.ts` or the real thing; exits with 1 on a serious finding, a page error or a script beyond the limit.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openChromium } from "./chromium.ts";
import { seriousFindings } from "./findings.ts";

const [address = "http://127.0.0.1:4400", folder = "/tmp/look", ...paths] = process.argv.slice(2);
const all = [
	"/",
	"/studies",
	"/study?s=table-3",
	"/runs",
	"/runs?by=group",
	"/new",
	"/run?n=60",
	"/run?n=55&tab=attack",
];
/** Bytes of gzipped script that the first load of a page may take. */
const limit = 250_000;

const looks = [
	{ name: "light", theme: "light", width: 1360, height: 900 },
	{ name: "dark", theme: "dark", width: 1360, height: 900 },
	{ name: "phone", theme: "light", width: 390, height: 844 },
] as const;

const faults: string[] = [];

mkdirSync(folder, { recursive: true });
const browser = await openChromium();
for (const { name, theme, width, height } of looks) {
	const context = await browser.newContext({ colorScheme: theme, viewport: { width, height } });
	for (const path of paths.length > 0 ? paths : all) {
		const page = await context.newPage();
		const scripts: Promise<number>[] = [];
		const complain = (fault: string) => faults.push(`${name} ${path}: ${fault}`);
		page.on("pageerror", (error) => complain(error.message));
		page.on("console", (message) => message.type() === "error" && complain(message.text()));
		page.on("response", (response) => {
			if (response.request().resourceType() === "script")
				scripts.push(response.body().then((body) => gzipSync(body).length));
		});
		await page.goto(address + path);
		await page.waitForTimeout(2500);
		const wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
		if (Number(wide) > 0) complain(`is ${wide} pixels wider than the screen`);
		for (const finding of await seriousFindings(page)) complain(finding);
		const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
		if (bytes > limit) complain(`loads ${bytes} bytes of script`);
		const file = `${path.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "home"}-${name}.png`;
		await page.screenshot({ path: join(folder, file), fullPage: true });
		console.log(`${name} ${path}: ${Math.round(bytes / 1000)} kB of script`);
		await page.close();
	}
	await context.close();
}
await browser.close();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
