/** The examples of docs/scripting.md, run as they stand there against a live server with a worker. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { figure } from "./faults/laboratory.fixture.ts";

const repository = resolve(import.meta.dirname, "..");
/** Within the repository, so that the TypeScript example finds the client as it would in a service of its own. */
const examples = join(repository, ".cache", `scripting-${process.pid}`);
const running: ChildProcess[] = [];
let dataFolder: string;
let env: NodeJS.ProcessEnv;

/** The first code block of a language in a section. */
async function example(section: string, language: string): Promise<string> {
	const text = await readFile(join(repository, "docs/scripting.md"), "utf8");
	const block = text.slice(text.indexOf(`## ${section}`)).match(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``));
	return block![1]!;
}

function start(...args: string[]): ChildProcess {
	const child = spawn(process.execPath, args, { cwd: repository, env, stdio: ["ignore", "pipe", "inherit"] });
	running.push(child);
	return child;
}

beforeAll(async () => {
	dataFolder = await mkdtemp(join(tmpdir(), "mithridate-scripting-"));
	await mkdir(examples, { recursive: true });
	// biome-ignore lint/style/noProcessEnv: the programs of a test find their tools as the test does.
	env = { ...process.env, MITHRIDATE_DATA: dataFolder, MITHRIDATE_PORT: "0", MITHRIDATE_LOG: "warn" };
	env.MITHRIDATE_STUDIES = examples;
	const server = start("--import", "./apps/api/decorators.ts", "apps/api/src/main.ts");
	for await (const line of createInterface({ input: server.stdout! })) {
		const url = line.match(/http:\/\/[^/\s]+/)?.[0];
		if (!url) continue;
		env.MITHRIDATE_URL = url.replace("localhost", "127.0.0.1");
		break;
	}
	env.MITHRIDATE_TOKEN = (await readFile(join(dataFolder, "token"), "utf8")).trim();
	start("apps/api/src/worker/main.ts");
}, 120_000);

afterAll(async () => {
	for (const child of running.toReversed()) {
		if (child.exitCode !== null) continue;
		child.kill("SIGTERM");
		await once(child, "exit");
	}
	await rm(examples, { recursive: true, force: true });
	await rm(dataFolder, { recursive: true, force: true });
}, 60_000);

/** Runs a program to its end; its output. */
async function run(program: string, ...args: string[]): Promise<string> {
	const child = spawn(program, args, { cwd: repository, env, stdio: ["ignore", "pipe", "pipe"] });
	running.push(child);
	let [out, fault] = ["", ""];
	child.stdout.on("data", (chunk) => (out += chunk));
	child.stderr.on("data", (chunk) => (fault += chunk));
	const [code] = (await once(child, "close")) as [number | null];
	expect({ code, fault }).toEqual({ code: 0, fault: "" });
	return out;
}

/** Output of one JSON object a line. */
const linesOf = (out: string) =>
	out
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));

/** A verdict as the API gives it. */
interface Verdict {
	readonly claim: { readonly name: string };
	readonly outcome: string;
	readonly evidence: readonly unknown[];
}

const has = (program: string) => spawnSync(program, ["--version"]).status === 0;
const mithridate = (...args: string[]) => run(process.execPath, "apps/api/bin/mithridate.ts", ...args);

describe("the examples of docs/scripting.md", () => {
	test("TypeScript starts a run, watches it and reads its result", { timeout: 180_000 }, async () => {
		const file = join(examples, "example.ts");
		await writeFile(file, await example("TypeScript", "ts"));
		const out = await run(process.execPath, file);
		expect(out).toMatch(/^poisoned \d/m);
		expect(out).toContain("SUCCEEDED 5 models");
	});

	test.skipIf(!has("python3"))("Python does so with its standard library alone", { timeout: 180_000 }, async () => {
		const file = join(examples, "example.py");
		await writeFile(file, await example("Python", "python"));
		const out = await run("python3", file);
		expect(out).toMatch(/^poisoned \d/m);
		expect(out).toContain("SUCCEEDED 5 models");
	});

	test.skipIf(!has("curl"))("curl does so from a shell", { timeout: 180_000 }, async () => {
		const file = join(examples, "example.sh");
		await writeFile(file, `set -eu\n${await example("curl", "sh")}`);
		const out = await run("sh", file);
		expect(out).toMatch(/"model":"poisoned","hitAt10":\d/);
		expect(out).toContain('"status":"SUCCEEDED"');
	});

	test("the command lists, watches and exports what they started", { timeout: 60_000 }, async () => {
		const listed = (await mithridate("runs", "list", "--json")).trim().split("\n");
		const oldest = JSON.parse(listed.at(-1)!) as { number: number; status: string };
		expect(oldest.status).toBe("SUCCEEDED");
		const number = String(oldest.number);
		const watched = (await mithridate("runs", "watch", number, "--json")).trim().split("\n");
		expect(JSON.parse(watched.at(-1)!)).toMatchObject({ number: oldest.number, status: "SUCCEEDED" });
		const csv = join(examples, "run.csv");
		await mithridate("runs", "export", number, "--format", "csv", "--out", csv);
		expect(await readFile(csv, "utf8")).toMatch(/poisoned\/loss/);
		expect(await mithridate("doctor")).toContain("0 findings");
	});

	test("a defined study measures in the queue, number for number, what it measures without a server", {
		timeout: 600_000,
	}, async () => {
		const study = ["attack-two", "--seeds", "1", "--json"];
		const queued = linesOf(await run(process.execPath, "studies/bin/study.ts", ...study));
		const { definitionName, slug, verdicts } = queued.at(-1)!;
		expect(definitionName).toBe("attack-two");
		const local = linesOf(await run(process.execPath, "studies/bin/study.ts", ...study, "--local", "--at-once", "1"));
		const plain = verdicts.map(({ claim, outcome, ...rest }: Verdict) => ({
			...rest,
			claim: claim.name,
			outcome: outcome.toLowerCase(),
		}));
		expect(plain).toHaveLength(3);
		expect(plain).toMatchObject(local.at(-1)!.verdicts);
		expect(plain.flatMap(({ evidence }: Verdict) => evidence).length).toBeGreaterThan(5);

		const file = join(examples, "study.ts");
		await writeFile(file, await example("Studies", "ts"));
		const out = await run(process.execPath, file);
		expect(out).toMatch(/^\d+ poisoned 1$/m);
		expect(out.match(/^SUPPORTED .*|^UNDECIDED .*/gm)).toHaveLength(3);

		const shown = await mithridate("studies", "show", slug);
		expect(shown).toMatch(/class-A captions, poisoned model[^\n]*1\.000/);
		expect(shown).toMatch(/paper, flickr-pascal[^\n]*0\.936/);
		const csv = join(examples, "study.csv");
		await mithridate("studies", "export", slug, "--format", "csv", "--out", csv);
		expect(await readFile(csv, "utf8")).toMatch(/poisoned\/loss/);
		expect(await mithridate("studies", "retry", slug)).toBe("0 queued\n");
		expect(await mithridate("studies", "definitions")).toContain("attack-two");
	});

	test.each([
		[["studies", "run", "table-9"], 2, /NOT_FOUND.*table-9/],
		[["studies", "run", "cure", "--seeds", "1,1"], 2, /VALIDATION.*twice/],
		[["studies", "run", "cure", "--checkpoint", "x"], 2, /--reference/],
		[["studies", "watch", "nothing-like-it"], 2, /NOT_FOUND.*nothing-like-it/],
		[["runs", "start", "--goal", "sheep"], 2, /A2B/],
		[["runs", "start", "--goal", "sheep2unicorn"], 2, /unicorn.*aeroplane/],
		[["runs", "watch", "99999"], 2, /NOT_FOUND/],
		[["runs", "list", "--url", "http://127.0.0.1:9"], 4, /UNREACHABLE/],
		[["runs", "list", "--token", "wrong"], 4, /UNAUTHENTICATED/],
	])("the command ends with the code for %j", { timeout: 60_000 }, async (args, code, message) => {
		const child = spawn(process.execPath, ["apps/api/bin/mithridate.ts", ...args], { cwd: repository, env });
		let fault = "";
		child.stderr.on("data", (chunk) => (fault += chunk));
		expect((await once(child, "close"))[0]).toBe(code);
		expect(fault).toMatch(message);
	});
});

describe.skipIf(process.platform !== "linux")("the server, its worker and its database", () => {
	test("leave nothing on disk that another account may read", async () => {
		const entries = await readdir(dataFolder, { recursive: true, withFileTypes: true });
		// As root, the database's account may pass through the two folders above its own, and see nothing.
		const isPassage = (name: string) => process.getuid?.() === 0 && name === "postgres";
		let files = 0;
		const open: string[] = [];
		for (const entry of entries) {
			const path = join(entry.parentPath, entry.name);
			// A running database makes and removes files.
			const found = await lstat(path).catch(() => null);
			if (!found || found.isSymbolicLink()) continue;
			files++;
			if ((found.mode & (isPassage(entry.name) ? 0o067 : 0o077)) !== 0) open.push(path);
		}
		figure("file-modes", { files, open: open.length });
		expect(open).toEqual([]);
		expect(files).toBeGreaterThan(100);
	});

	test("listen on loopback alone", async () => {
		const pids = await readFile(join(dataFolder, "postgres", "cluster", "postmaster.pid"), "utf8");
		const own = [...running.map(({ pid }) => pid), Number(pids.split("\n")[0])];
		const addresses = spawnSync("ss", ["-ltnpH"], { encoding: "utf8" })
			.stdout.split("\n")
			.filter((line) => own.some((pid) => line.includes(`pid=${pid},`)))
			.map((line) => line.trim().split(/\s+/)[3]!);
		figure("listening", { programs: own.length, addresses: addresses.length });
		expect(addresses.length).toBeGreaterThanOrEqual(2);
		for (const address of addresses) expect(address).toMatch(/^(127\.0\.0\.1|\[::1\]):/);
	});
});
