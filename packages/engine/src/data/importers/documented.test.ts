/** Every import that the documentation shows, run as it stands there on a small set in its owner's layout. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layouts } from "./layouts.fixture.ts";

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, "../../../../..");
const program = join(repository, "packages/engine/bin/import.ts");
const text = readFileSync(join(repository, "docs/datasets.md"), "utf8");

const commands = [...text.matchAll(/^npm run datasets -- import ([a-z0-9-]+) (\S+)(.*)$/gm)].map(
	([line, kind, , flags]) => ({ line, kind: kind!, flags: flags!.trim().split(/\s+/).filter(Boolean) }),
);
const camel = (kind: string) => kind.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-documented-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("every importer is among the documented commands", () => {
	expect([...new Set(commands.map(({ kind }) => camel(kind)))].sort()).toEqual(Object.keys(layouts).sort());
});

test.each(commands)("$line", { timeout: 60_000 }, async ({ kind, flags }) => {
	const { path, params = {} } = await layouts[camel(kind)]!();
	// What only the small set needs, as one test image a class of COCO.
	const needed = Object.entries(params)
		.filter(([name]) => !flags.some((flag) => flag.startsWith(`${name}=`)))
		.flatMap(([name, value]) => ["--set", `${name}=${value}`]);
	const out = join(folder, kind);
	const args = ["import", kind, path, ...flags, ...needed, "--out", out, "--size", "32", "--json"];
	const { stdout } = await run(process.execPath, [program, ...args]);
	const { samples, type } = JSON.parse(stdout.trim().split("\n").at(-1)!);
	expect(type).toBe("imported");
	expect(samples.train + samples.test + samples.trusted).toBeGreaterThan(0);
});
