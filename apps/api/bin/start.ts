/** `npm start`: the dashboard, the API and one worker at one address. Ctrl-C ends all of them; the next start goes on. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { repository } from "./server.ts";

/** A worker that dies is started anew, unless it has died so often within a minute. */
const MOST_DEATHS = 5;
const MINUTE_MILLISECONDS = 60_000;

/** Who is alive, and whether they were asked to end. */
const children = new Set<ChildProcess>();
let isEnding = false;

function start(args: readonly string[]): ChildProcess {
	const env = { MITHRIDATE_LOG: "warn", ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
	const child = spawn(process.execPath, args, { cwd: repository, stdio: "inherit", env });
	children.add(child);
	child.once("exit", () => children.delete(child));
	return child;
}

/** Waits for a program's end; its exit code. */
async function ended(child: ChildProcess): Promise<number> {
	const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
	return code ?? (signal === "SIGINT" ? 130 : 1);
}

function end(): void {
	isEnding = true;
	for (const child of children) child.kill("SIGTERM");
}

async function keepWorking(): Promise<void> {
	const deaths: number[] = [];
	while (!isEnding) {
		const code = await ended(start(["apps/api/src/worker/main.ts"]));
		if (isEnding) return;
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

async function main(): Promise<number> {
	const turbo = join("node_modules", "turbo", "bin", "turbo");
	const built = await ended(start([turbo, "run", "build", "--output-logs=errors-only"]));
	if (built !== 0 || isEnding) return built;
	const server = start(["--import", "./apps/api/decorators.ts", "apps/api/src/main.ts", ...process.argv.slice(2)]);
	const working = keepWorking();
	const code = await ended(server);
	end();
	await working;
	return code;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
process.exitCode = await main();
