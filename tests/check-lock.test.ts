/** What the check of package-lock.json refuses. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = resolve(import.meta.dirname, "../scripts/check-lock.ts");
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function check(packages: Record<string, unknown>, allowScripts: Record<string, boolean> = {}) {
	await writeFile(join(folder, "package-lock.json"), JSON.stringify({ packages }));
	await writeFile(join(folder, "package.json"), JSON.stringify({ allowScripts }));
	const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
	return { status, faults: stderr.trim().split("\n").filter(Boolean) };
}

const good = { version: "1.0.0", integrity: "sha512-x" };

test("a complete lock passes, with a binary found beside its package or above it", async () => {
	const { status, faults } = await check(
		{
			"node_modules/@a/tool": { ...good, optionalDependencies: { "@a/tool-mac": "1", "tool-win": "1" } },
			"node_modules/@a/tool/node_modules/@a/tool-mac": good,
			"node_modules/tool-win": { ...good, hasInstallScript: true },
		},
		{ "tool-win": false },
	);
	expect({ status, faults }).toEqual({ status: 0, faults: [] });
});

test.each([
	[
		"a platform's binary is missing",
		{ "node_modules/tool": { ...good, optionalDependencies: { "tool-mac": "1" } } },
		{},
	],
	["a package names its download address", { "node_modules/tool": { ...good, resolved: "somewhere" } }, {}],
	["a package has no integrity hash", { "node_modules/tool": { version: "1.0.0" } }, {}],
	["an install script is undecided", { "node_modules/tool": { ...good, hasInstallScript: true } }, {}],
	["a decision names no install script", { "node_modules/tool": good }, { tool: false }],
])("it is a fault when %s", async (_, packages, allowScripts) => {
	const { status, faults } = await check(packages, allowScripts as Record<string, boolean>);
	expect(faults).toHaveLength(1);
	expect(faults[0]).toContain("tool");
	expect(status).toBe(1);
});
