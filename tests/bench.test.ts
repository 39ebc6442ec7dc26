/** The benchmarks themselves: their code runs, and what they print is one line of JSON for each figure. */
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const bench = resolve(import.meta.dirname, "../bench");

/** A figure as `bench/report.ts` prints it. */
interface Figure {
	readonly name: string;
	readonly unit: string;
	readonly value: number;
	readonly baseline: { readonly name: string; readonly value: number };
	readonly ratio: number;
}

async function figuresOf(file: string, ...args: string[]): Promise<Figure[]> {
	const { stdout } = await run(process.execPath, [resolve(bench, file), ...args]);
	const figures = stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as Figure);
	for (const { name, value, baseline, ratio } of figures)
		expect([name, value > 0, baseline.value > 0, ratio > 0]).toEqual([name, true, true, true]);
	return figures;
}

test("large models: a step in parts is traced and trained, and its rate and memory are told", {
	timeout: 120_000,
}, async () => {
	const figures = await figuresOf("large.ts", "small", "2");
	expect(figures.map(({ unit }) => unit)).toEqual(["pairs/s", "GB"]);
});

test("a case that there is none of is refused, and those there are are named", { timeout: 60_000 }, async () => {
	await expect(figuresOf("large.ts", "huge")).rejects.toThrow(/batch-32, batch-32-cut, batch-128-cut, small/);
});

test("imports: the rate beside plain sharp, memory, and reading back", { timeout: 120_000 }, async () => {
	const figures = await figuresOf("import.ts", "48");
	expect(figures.map(({ unit }) => unit)).toEqual(["images/s", "MB", "images/s"]);
});
