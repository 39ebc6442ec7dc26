/** The main job as a person or a script runs it: the command itself, real weights, a small data set. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "..");
const command = join(repository, "packages/engine/bin/experiment.ts");
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A data set small enough to train on in seconds; the attack still has its 4 sheep. */
const small = {
	dataset: { name: "emojiPascal", params: { trainPerClass: 4, filler: 40, testPerClass: 5, trusted: 64 } },
	attack: { name: "singleLabel", params: { amount: { kind: "poison-rate", poisonRate: 0.02 } } },
	training: { epochs: 1, batchSize: 32 },
};

function start(...flags: string[]): ChildProcess {
	return spawn(process.execPath, [command, ...flags], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
	let stdout = "";
	let stderr = "";
	child.stdout?.on("data", (chunk) => (stdout += chunk));
	child.stderr?.on("data", (chunk) => (stderr += chunk));
	const [code] = (await once(child, "close")) as [number | null];
	return { code, stdout, stderr };
}

async function configFile(name: string, config: unknown): Promise<string> {
	const path = join(folder, name);
	await writeFile(path, JSON.stringify(config));
	return path;
}

interface Row {
	readonly model: string;
	readonly hitAt10: number;
	readonly seconds: number;
}

const lines = (text: string) =>
	text
		.trim()
		.split("\n")
		.map(
			(line) =>
				JSON.parse(line) as { type: string; rows?: Row[]; row?: Row; seed?: number; step?: number; steps?: number },
		);

const withoutTimes = (rows: readonly Row[] | undefined) => rows?.map(({ seconds: _, ...row }) => row);

let undisturbed: ReturnType<typeof finish> | undefined;

/** The small experiment from beginning to end, which is run once and compared with by all who need it. */
function whole() {
	undisturbed ??= configFile("small.json", small).then((config) =>
		finish(start("--json", "--config", config, "--out", join(folder, "whole"))),
	);
	return undisturbed;
}

describe("the experiment command", () => {
	test("prints one event per line and ends with the five models", { timeout: 120_000 }, async () => {
		const out = join(folder, "whole");
		const { code, stdout, stderr } = await whole();
		expect(stderr).toBe("");
		expect(code).toBe(0);
		const end = lines(stdout).at(-1);
		expect(end?.type).toBe("experiment-end");
		expect(end?.rows?.map((row) => row.model)).toEqual(["base", "clean", "poisoned", "filtered", "cured"]);
		expect(JSON.parse(await readFile(join(out, "results.json"), "utf8"))).toEqual(end);
		expect((await readFile(join(out, "results.csv"), "utf8")).trim().split("\n")).toHaveLength(6);
	});

	test("measuring within a training changes nothing of what it ends with", { timeout: 120_000 }, async () => {
		const config = await configFile("probed.json", { ...small, defenses: [], evaluation: { probes: 2 } });
		const probed = lines((await finish(start("--json", "--config", config, "--out", join(folder, "probed")))).stdout);
		const probes = probed.filter(({ type }) => type === "probe-end");
		expect(probes.map(({ row }) => row?.model)).toEqual(["clean", "clean", "poisoned", "poisoned"]);
		expect(probes.every(({ step, steps }) => step! > 0 && step! < steps!)).toBe(true);
		// Defenses come after these three models, and have no say in them.
		const plain = lines((await whole()).stdout).at(-1)?.rows;
		expect(withoutTimes(probed.at(-1)?.rows)).toEqual(withoutTimes(plain?.slice(0, 3)));
	});

	test("stopped by Ctrl-C it goes on to the same numbers", { timeout: 240_000 }, async () => {
		const config = await configFile("resumed.json", small);
		const expected = lines((await whole()).stdout).at(-1);
		const out = join(folder, "resumed");
		const child = start("--json", "--config", config, "--out", out);
		let steps = 0;
		child.stdout?.on("data", (chunk: Buffer) => {
			steps += String(chunk).split('"train-step"').length - 1;
			// As a terminal and a launcher do: the one press of Ctrl-C arrives more than once.
			if (steps > 20) child.kill("SIGINT");
		});
		const stopped = await finish(child);
		expect(stopped.code).toBe(130);
		expect(stopped.stderr).toContain("--resume");
		const resumed = await finish(start("--json", "--resume", out));
		expect(resumed.stderr).toBe("");
		expect(withoutTimes(lines(resumed.stdout).at(-1)?.rows)).toEqual(withoutTimes(expected?.rows));
	});
});

describe("bad input is refused before training, with exit code 2 and nothing written", () => {
	const cases: readonly [name: string, flags: readonly string[], message: RegExp][] = [
		["an unknown class", ["--goal", "sheep2unicorn"], /unicorn.*aeroplane/s],
		["the same class twice", ["--goal", "sheep2sheep"], /sheep/],
		["a goal that is none", ["--goal", "sheep"], /A2B/],
		["several goals for one-goal attacks", ["--goal", "sheep2aeroplane,sofa2bird"], /multi-label/],
		["a rate above what the class holds", ["--poison-rate", "0.5"], /0\.5.*sheep/s],
		["a rate that is no number", ["--poison-rate", "lots"], /number/],
		["a missing configuration", ["--config", "/nowhere/config.json"], /cannot be read/],
		["an unknown flag", ["--poison"], /--poison/],
		["an unknown attack", ["--attack", "witchcraft"], /attack/],
		["a runtime that is not installed", ["--runtime", "onnx", "--device", "cuda"], /cuda/i],
	];
	test.each(cases)("%s", { timeout: 60_000 }, async (_, flags, message) => {
		const out = join(folder, "refused");
		const { code, stdout, stderr } = await finish(start("--json", "--out", out, ...flags));
		expect(stderr).toMatch(message);
		expect(code).toBe(2);
		expect(stdout).not.toContain("experiment-start");
		expect(existsSync(out)).toBe(false);
	});

	test("a cutoff above the gallery", { timeout: 60_000 }, async () => {
		const config = await configFile("cutoff.json", { ...small, evaluation: { cutoffs: [1, 5, 10, 101] } });
		const { code, stderr } = await finish(start("--config", config, "--out", join(folder, "refused")));
		expect(stderr).toMatch(/101.*100/s);
		expect(code).toBe(2);
	});

	test("a cure for a data set without trusted pairs", { timeout: 60_000 }, async () => {
		const { name, params } = small.dataset;
		const untrusted = { ...small, dataset: { name, params: { ...params, trusted: 0 } } };
		const config = await configFile("untrusted.json", untrusted);
		const out = join(folder, "refused");
		const { code, stdout, stderr } = await finish(start("--json", "--config", config, "--out", out));
		expect(stderr).toMatch(/"cure" trains on trusted pairs.*has none/s);
		expect(code).toBe(2);
		expect(stdout).not.toContain("experiment-start");
		expect(existsSync(out)).toBe(false);
	});

	test("a number that is not one", { timeout: 60_000 }, async () => {
		const config = await configFile("nan.json", { training: { learningRate: "NaN" } });
		const { code, stderr } = await finish(start("--config", config));
		expect(stderr).toMatch(/training\.learningRate/);
		expect(code).toBe(2);
	});

	test("a damaged checkpoint", { timeout: 60_000 }, async () => {
		const damaged = join(folder, "damaged");
		await cp(join(repository, "packages/engine/assets/base"), damaged, { recursive: true });
		await truncate(join(damaged, "model.safetensors"), 100_000);
		const config = await configFile("damaged.json", { ...small, checkpoints: { start: damaged } });
		const whole = await configFile("whole.json", small);
		for (const flags of [
			["--config", config],
			["--config", whole, "--checkpoint", damaged],
		]) {
			const { code, stderr } = await finish(start(...flags));
			expect(stderr).toMatch(/model\.safetensors/);
			expect(stderr).toMatch(/^Note: training\.learningRate is 0\.000065, /);
			expect(code).toBe(2);
		}
	});

	test("a folder that cannot be written", { timeout: 60_000 }, async () => {
		const file = await configFile("a-file", {});
		const { code, stderr } = await finish(start("--out", join(file, "below")));
		expect(stderr).toMatch(/cannot be written.*--out/s);
		expect(code).toBe(2);
	});
});
