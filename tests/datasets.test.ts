/** Data sets as a person imports them: the command itself, then an experiment on what it wrote. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../packages/engine/src/index.ts";

const repository = resolve(import.meta.dirname, "..");
const datasets = join(repository, "packages/engine/bin/import.ts");
const experiment = join(repository, "packages/engine/bin/experiment.ts");
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-datasets-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(program: string, ...flags: string[]): ChildProcess {
	return spawn(process.execPath, [program, ...flags], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
	let stdout = "";
	let stderr = "";
	child.stdout?.on("data", (chunk) => (stdout += chunk));
	child.stderr?.on("data", (chunk) => (stderr += chunk));
	const [code] = (await once(child, "close")) as [number | null];
	return { code, stdout, stderr };
}

const classes = ["aeroplane", "sheep", "boat"];

/** Images of noise in the colour of their class, each unlike the others, with a table of captions. */
async function makeSet(name: string, count: number): Promise<string> {
	const path = join(folder, name);
	await mkdir(path, { recursive: true });
	const lines = ["image,caption,label,split"];
	for (let at = 0; at < count; at++) {
		const label = classes[at % classes.length]!;
		const random = new Random(`set/${at}`);
		const raw = Buffer.from(
			Array.from({ length: 48 * 48 * 3 }, (_, place) =>
				place % 3 === at % 3 ? 200 + random.integer(56) : random.integer(90),
			),
		);
		const image = sharp(raw, { raw: { width: 48, height: 48, channels: 3 } });
		await writeFile(join(path, `${at}.jpg`), await image.jpeg().toBuffer());
		const split = at % 4 === 0 ? "test" : at % 4 === 1 ? "trusted" : "train";
		lines.push(
			`${at}.jpg,a photo of one ${label},${label},${split}`,
			`${at}.jpg,the ${label} number ${at},${label},${split}`,
		);
	}
	await writeFile(join(path, "captions.csv"), lines.join("\n"));
	return path;
}

/** Bytes of the journal of an import in `out` that has not ended. */
async function journalBytes(out: string): Promise<number> {
	const [work] = (await readdir(out).catch(() => [])).filter((name) => /^\.import-[0-9a-f]+$/.test(name));
	if (work === undefined) return 0;
	return stat(join(out, work, "journal.jsonl")).then(
		({ size }) => size,
		() => 0,
	);
}

describe("the datasets command", () => {
	test("imports a set, lists it, and an experiment trains on it", { timeout: 240_000 }, async () => {
		const path = await makeSet("toys", 240);
		await writeFile(join(path, "7.jpg"), "damaged");
		const out = join(folder, "imported");
		const { code, stdout, stderr } = await finish(
			start(datasets, "import", "caption-file", path, "--out", out, "--size", "64", "--set", "captions=captions.csv"),
		);
		expect(stderr).toContain("captions.csv, row 16: image-format");
		expect(code).toBe(0);
		expect(stdout).toMatch(/119 training, 60 test and 60 trusted images\n1 rows left out/);
		const [hash] = await readdir(out);
		const list = await finish(start(datasets, "list", "--out", out));
		expect(list.stdout).toContain(`${hash!.slice(0, 12)}  captionFile`);

		const config = join(folder, "config.json");
		const amount = { kind: "class-share", classShare: 1 };
		await writeFile(
			config,
			JSON.stringify({
				attack: { name: "singleLabel", params: { from: "sheep", to: "aeroplane", amount } },
				training: { epochs: 1, batchSize: 64, augmentation: "random-resized-crop" },
				defenses: [{ name: "cure" }],
			}),
		);
		const results = join(folder, "results");
		const trained = await finish(start(experiment, "--json", "--config", config, "--dataset", out, "--out", results));
		expect(trained.stderr).toBe("");
		expect(trained.code).toBe(0);
		const events = trained.stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(events.find(({ type }) => type === "experiment-start").dataset).toMatchObject({
			hash,
			train: 119,
			test: 60,
		});
		expect(events.at(-1).rows.map(({ model }: { model: string }) => model)).toEqual([
			"base",
			"clean",
			"poisoned",
			"cured",
		]);
	});

	test("killed again and again it goes on, and ends with the same hash", { timeout: 240_000 }, async () => {
		const path = await makeSet("killed", 260);
		const importInto = (out: string) =>
			start(datasets, "import", "caption-file", path, "--out", out, "--size", "96", "--processes", "1", "--json");
		const whole = join(folder, "whole");
		expect((await finish(importInto(whole))).code).toBe(0);
		const [hash] = await readdir(whole);
		const report = await readFile(join(whole, hash!, "bad-rows.jsonl"), "utf8");
		const out = join(folder, "in-pieces");
		const held: number[] = [];
		for (let kill = 0; kill < 3; kill++) {
			const child = importInto(out);
			const ended = finish(child);
			// Killed at the start, and then whenever more has been stored than at the kill before.
			const before = held.at(-1) ?? 0;
			while (kill > 0 && child.exitCode === null && (await journalBytes(out)) <= before)
				await new Promise((done) => setTimeout(done, 5));
			child.kill("SIGKILL");
			expect((await ended).code).toBe(null);
			held.push(await journalBytes(out));
			const names = await readdir(out).catch(() => []);
			for (const name of names) expect(name).toMatch(/^\.import-/);
		}
		expect(held[0]! < held[1]! && held[1]! < held[2]!).toBe(true);
		const last = await finish(importInto(out));
		expect(last.code).toBe(0);
		expect(await readdir(out)).toEqual([hash]);
		expect(await readFile(join(out, hash!, "bad-rows.jsonl"), "utf8")).toBe(report);
	});

	test.each<[string, readonly string[], RegExp]>([
		["an unknown kind", ["import", "imagenet", "."], /captionFile/],
		["a path where nothing is", ["import", "coco", "/nowhere"], /nowhere/],
		["an unknown parameter", ["import", "coco", ".", "--set", "yeer=2014"], /yeer/],
		["a size that is none", ["import", "coco", ".", "--size", "huge"], /images\.size/],
		["no command", [], /Usage/],
	])("refuses %s with exit code 2", { timeout: 60_000 }, async (_, flags, message) => {
		const { code, stderr } = await finish(start(datasets, ...flags));
		expect(stderr).toMatch(message);
		expect(code).toBe(2);
	});
});

describe("the experiment command with a preset", () => {
	test.each<[string, readonly string[], RegExp]>([
		["refuses a preset that is none", ["--preset", "imagenet"], /coco, flickr-pascal/],
		["refuses a variant without it", ["--variant", "code"], /--preset/],
		["refuses a data set that is not there", ["--dataset", "nowhere"], /nowhere/],
	])("%s", { timeout: 60_000 }, async (_, flags, message) => {
		const { code, stderr } = await finish(start(experiment, ...flags));
		expect(stderr).toMatch(message);
		expect(code).toBe(2);
	});
});
