/** The launcher in a repository of its own, with an npm that installs nothing but writes what npm writes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const launcher = resolve(import.meta.dirname, "../scripts/launch.mjs");
const npm = `
import { appendFileSync, existsSync, mkdirSync, writeFileSync, readFileSync } from "node:fs";
appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
console.log("npm talks");
await new Promise((done) => setTimeout(done, 400));
if (existsSync("npm-fails")) process.exit(1);
mkdirSync("node_modules", { recursive: true });
writeFileSync("node_modules/.package-lock.json", readFileSync("package-lock.json"));
`;
const task = `
process.on("SIGTERM", () => process.exit(9));
console.log(JSON.stringify({ cwd: process.cwd(), from: process.env.INIT_CWD, args: process.argv.slice(2) }));
if (process.argv[2] === "wait") setInterval(() => {}, 1000);
if (process.argv[2] === "fail") process.exit(7);
`;
let root: string;

const lock = (version: string) =>
	JSON.stringify({
		packages: {
			"": { name: "probe" },
			"node_modules/thing": { version, integrity: "sha512-x" },
			"node_modules/elsewhere": { version: "1.0.0", optional: true, os: ["plan9"] },
		},
	});

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "mithridate-launch-"));
	await mkdir(join(root, "scripts"));
	await copyFile(launcher, join(root, "scripts/launch.mjs"));
	await writeFile(join(root, "npm-cli.mjs"), npm);
	await writeFile(join(root, "task.mjs"), task);
	await writeFile(join(root, "package-lock.json"), lock("1.0.0"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

function launch(...args: string[]): ChildProcess {
	return spawn(process.execPath, [join(root, "scripts/launch.mjs"), ...args], {
		cwd: tmpdir(),
		env: { npm_execpath: join(root, "npm-cli.mjs") },
		stdio: ["ignore", "pipe", "pipe"],
	});
}

async function finish(child: ChildProcess) {
	let stdout = "";
	let stderr = "";
	child.stdout?.on("data", (chunk) => (stdout += chunk));
	child.stderr?.on("data", (chunk) => (stderr += chunk));
	const [code, signal] = await once(child, "close");
	return { code, signal, stdout, stderr };
}

const installs = async () => (await readFile(join(root, "npm.log"), "utf8")).trim().split("\n").length;

test("installs what is missing, then runs the task in the root with only the task on standard output", async () => {
	const { code, stdout, stderr } = await finish(launch("task.mjs", "a b", "--json"));
	expect(JSON.parse(stdout)).toEqual({ cwd: root, from: tmpdir(), args: ["a b", "--json"] });
	expect(stderr).toContain("npm talks");
	expect(code).toBe(0);
	await finish(launch("task.mjs"));
	expect(await installs()).toBe(1);
});

test("passes the task's exit code on", async () => {
	expect((await finish(launch("task.mjs", "fail"))).code).toBe(7);
});

test("passes SIGTERM on to the task and ends with its answer", async () => {
	const child = launch("task.mjs", "wait");
	child.stdout?.once("data", () => child.kill("SIGTERM"));
	expect((await finish(child)).code).toBe(9);
});

test("two launches at once install once, and both run", async () => {
	const both = await Promise.all([finish(launch("task.mjs")), finish(launch("task.mjs"))]);
	expect(both.map(({ code }) => code)).toEqual([0, 0]);
	expect(await installs()).toBe(1);
});

test("an install that failed is tried again, and the task does not start before one has ended well", async () => {
	await writeFile(join(root, "npm-fails"), "");
	const failed = await finish(launch("task.mjs"));
	expect(failed).toMatchObject({ code: 1, stdout: "" });
	expect(failed.stderr).toContain("npm ci failed with code 1");
	await rm(join(root, "npm-fails"));
	expect((await finish(launch("task.mjs"))).code).toBe(0);
	expect(await installs()).toBe(2);
});

test("a stopped install is tried again", async () => {
	const child = launch("task.mjs");
	child.stderr?.on("data", (chunk) => String(chunk).includes("npm talks") && child.kill("SIGTERM"));
	expect(await finish(child)).toMatchObject({ code: 1, stdout: "" });
	expect((await finish(launch("task.mjs"))).code).toBe(0);
	expect(await installs()).toBe(2);
});

test("a changed lock file is installed anew", async () => {
	await finish(launch("task.mjs"));
	await writeFile(join(root, "package-lock.json"), lock("1.0.1"));
	await finish(launch("task.mjs"));
	expect(await installs()).toBe(2);
});

test("the lock of a launch that died is broken", async () => {
	const dead = spawn(process.execPath, ["-e", ""]);
	await once(dead, "close");
	await mkdir(join(root, ".cache"));
	await writeFile(join(root, ".cache/install.lock"), `${dead.pid}\n`);
	expect((await finish(launch("task.mjs"))).code).toBe(0);
});

test("programs that train keep their memory from step to step, unless the environment says otherwise", async () => {
	await mkdir(join(root, "bench"));
	const probe = "console.log(process.env.MALLOC_MMAP_MAX_ ?? 'as ever')";
	await writeFile(join(root, "bench/probe.mjs"), probe);
	await writeFile(join(root, "probe.mjs"), probe);
	expect((await finish(launch("bench/probe.mjs"))).stdout).toContain("0");
	expect((await finish(launch("probe.mjs"))).stdout).toContain("as ever");
	const own = spawn(process.execPath, [join(root, "scripts/launch.mjs"), "bench/probe.mjs"], {
		env: { npm_execpath: join(root, "npm-cli.mjs"), MALLOC_MMAP_MAX_: "7" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	expect((await finish(own)).stdout).toContain("7");
});
