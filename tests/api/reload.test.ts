/** In development, an open page hears of a dashboard that was built anew; elsewhere it does not listen. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshDatabase } from "@mithridate/db/testing";
import { expect, test } from "vitest";
import { startApi } from "./api.fixture.ts";

const webFolder = mkdtempSync(join(tmpdir(), "mithridate-web-"));
const page = "<!doctype html><html><head><title>home</title></head><body>home</body></html>";
writeFileSync(join(webFolder, "index.html"), page);
writeFileSync(join(webFolder, "build.txt"), "first");
const database = await freshDatabase();
const developed = await startApi(database, { webFolder, settings: { development: true } });

test("a page listens in development alone, and runs nothing that its policy does not name", async () => {
	const response = await fetch(developed.url);
	const html = await response.text();
	expect(html).toContain('<script src="/development/reload.js"');
	expect(response.headers.get("content-security-policy")).toMatch(/script-src 'self';/);
	expect(await (await fetch(`${developed.url}/development/reload.js`)).text()).toContain("location.reload()");
	const plain = await startApi(database, { webFolder });
	expect(await (await fetch(plain.url)).text()).toBe(page);
	expect((await fetch(`${plain.url}/development/build`)).status).toBe(404);
});

test("a new build is told once it is there, not while it is made, and the stream ends by itself when the server does", async () => {
	const response = await fetch(`${developed.url}/development/build`);
	const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
	expect((await reader.read()).value).toBe("data: first\n\n");
	rmSync(join(webFolder, "build.txt"));
	setTimeout(() => writeFileSync(join(webFolder, "build.txt"), "second"), 700);
	expect((await reader.read()).value).toBe("data: second\n\n");
	const began = performance.now();
	const closed = developed.close();
	// What still runs after five seconds is cut.
	expect((await reader.read()).done).toBe(true);
	expect(performance.now() - began).toBeLessThan(3000);
	await closed;
});
