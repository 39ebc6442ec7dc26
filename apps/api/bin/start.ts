/**
 * `npm start`: the dashboard, the API and one worker at one address. Ctrl-C ends all of them; the next start goes on.
 * With `--development`, what a changed source is part of is started or built anew.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { repository } from "./server.ts";
import { type Part, watchSources } from "./watch-sources.ts";

/** A worker that dies is started anew, unless it has died so often within a minute. */
const MOST_DEATHS = 5;
const MINUTE_MILLISECONDS = 60_000;

const given = process.argv.slice(2);
const isDevelopment = given.includes("--development");

/** Who is alive, and whether they were asked to end. */
const children = new Set<ChildProcess>();
let isEnding = false;
/** Programs that were ended because a source of theirs changed. */
const outdated = new WeakSet<ChildProcess>();
/** Resolves when a source of the programs changes. */
let change = Promise.withResolvers<void>();

function start(args: readonly string[]): ChildProcess {
	const env = { MITHRIDATE_LOG: "warn", ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
	const child = spawn(process.execPath, args, { cwd: repository, stdio: "inherit", env });
	children.add(child);
	child.once("exit", () => children.delete(child));
	return child;
}

/** The server and the worker, of all that is alive. */
const programs = () => [...children].filter(({ spawnargs }) => spawnargs.some((arg) => arg.startsWith("apps/api/")));

/** Waits for a program's end; its exit code. */
async function ended(child: ChildProcess): Promise<number> {
	const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
	return code ?? (signal === "SIGINT" ? 130 : 1);
}

function end(): void {
	isEnding = true;
	change.resolve();
	for (const child of children) child.kill("SIGTERM");
}

async function keepWorking(): Promise<void> {
	const deaths: number[] = [];
	while (!isEnding) {
		const worker = start(["apps/api/src/worker/main.ts"]);
		const code = await ended(worker);
		if (isEnding) return;
		if (outdated.has(worker)) continue;
		deaths.push(performance.now());
		const [earliest] = deaths.slice(-MOST_DEATHS);
		if (deaths.length >= MOST_DEATHS && performance.now() - earliest! < MINUTE_MILLISECONDS) {
			process.stderr.write(
				"The worker ends as soon as it is started; its reason is above. Runs wait until it works.\n",
			);
			return;
		}
		process.stderr.write(`The worker ended with code ${code} and is started anew; its run goes on where it was.\n`);
		await sleep(1000);
	}
}

/** Serves until the end; in development a server that fails is tried again when a source has changed. */
async function keepServing(): Promise<number> {
	for (;;) {
		const server = start(["--import", "./apps/api/decorators.ts", "apps/api/src/main.ts", ...given]);
		const code = await ended(server);
		if (isEnding || !isDevelopment) return code;
		if (!outdated.has(server)) {
			process.stderr.write("The server ended; it is started anew when a source changes.\n");
			await change.promise;
			if (isEnding) return code;
		}
	}
}

const build = () =>
	ended(start([join("node_modules", "turbo", "bin", "turbo"), "run", "build", "--output-logs=errors-only"]));

/** One build after the other. */
let building: Promise<unknown> = Promise.resolve();

/** Makes a part anew whose sources have changed. */
function renew(part: Part): void {
	if (part === "dashboard") {
		building = building.then(() => (isEnding ? undefined : build()));
		return;
	}
	process.stderr.write("A source has changed.\n");
	for (const child of programs()) {
		outdated.add(child);
		child.kill("SIGTERM");
	}
	change.resolve();
	change = Promise.withResolvers();
}

async function main(): Promise<number> {
	const built = await build();
	if (built !== 0 || isEnding) return built;
	const stopWatching = isDevelopment ? watchSources(repository, renew) : () => undefined;
	const working = keepWorking();
	const code = await keepServing();
	stopWatching();
	end();
	await Promise.all([working, building]);
	return code;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
process.exitCode = await main();
