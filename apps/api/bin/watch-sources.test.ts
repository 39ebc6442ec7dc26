import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Part, watchSources } from "./watch-sources.ts";

test("a changed source is told once by its part, and a changed test not at all", async () => {
	const repository = mkdtempSync(join(tmpdir(), "mithridate-watch-"));
	const folders = ["apps/api/src/http", "apps/api/bin", "packages/db/src", "packages/client/src", "apps/web/src/home"];
	for (const folder of folders) mkdirSync(join(repository, folder), { recursive: true });
	const told: Part[] = [];
	const stop = watchSources(repository, (part) => told.push(part));
	const change = (path: string) => writeFileSync(join(repository, path), String(Math.PI));
	// A test's file first: were it told, it would come before what is waited for.
	change("packages/db/src/one.test.ts");
	change("packages/client/src/client.ts");
	await sleep(1000);
	expect(told).toEqual([]);
	for (let write = 0; write < 3; write++) change("apps/api/src/http/ws.ts");
	await expect.poll(() => told, { timeout: 10_000 }).toEqual(["programs"]);
	change("apps/web/src/home/page.tsx");
	await expect.poll(() => told, { timeout: 10_000 }).toEqual(["programs", "dashboard"]);
	change("packages/db/src/two.ts");
	await expect.poll(() => told, { timeout: 10_000 }).toEqual(["programs", "dashboard", "programs"]);
	stop();
	rmSync(repository, { recursive: true });
});
