/** Workers as processes of their own on a database and data folder of their own, so that they can be killed for good. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { createRun, findRuns, migrate, type OpenDatabase, openDatabase, type Run } from "@mithridate/db";
import type { ExperimentConfig } from "@mithridate/engine";
import { openRunQueue, type RunQueue } from "../../apps/api/src/worker/queue.ts";

const repository = resolve(import.meta.dirname, "../..");
const program = join(repository, "apps/api/src/worker/main.ts");

/** A line of a worker's log. */
export interface LogLine {
	readonly msg: string;
	readonly runId?: string;
	readonly epoch?: number;
	readonly trainer?: number;
	readonly [field: string]: unknown;
}

export interface Worker {
	readonly name: string;
	readonly process: ChildProcess;
	readonly log: readonly LogLine[];
	/** Process of the trainer it started last. */
	trainer(): number;
	/** Resolves with the first line from now on, or before, that the check accepts. */
	says(check: (line: LogLine) => boolean, seconds?: number): Promise<LogLine>;
	readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface Laboratory {
	readonly folder: string;
	readonly dataFolder: string;
	readonly database: OpenDatabase;
	readonly queue: RunQueue;
	startWorker(name: string, env?: Readonly<Record<string, string>>): Worker;
	/** Queues a run. */
	run(config: ExperimentConfig, options?: { priority?: number }): Promise<string>;
	find(runId: string): Promise<Run>;
	/** Rows of a query. */
	rows<Row extends object>(query: string, ...values: unknown[]): Promise<Row[]>;
	/** Resolves with the run once the check accepts it. */
	until(runId: string, check: (run: Run) => boolean, seconds?: number): Promise<Run>;
	/** Resolves once the attempt has recorded a point of a training. */
	trains(runId: string, epoch: number): Promise<void>;
	close(): Promise<void>;
}

/** Opens a laboratory on the embedded server of its data folder, or on the database at `url`. */
export async function openLaboratory(url?: string): Promise<Laboratory> {
	const folder = await mkdtemp(join(tmpdir(), "mithridate-faults-"));
	const dataFolder = join(folder, "data");
	await mkdir(dataFolder, { mode: 0o700 });
	// The icons are the same for everybody, and drawing them takes longer than the trainings.
	await mkdir(join(repository, ".cache"), { recursive: true });
	await symlink(join(repository, ".cache"), join(dataFolder, "cache"));
	const database = await openDatabase({ dataFolder, ...(url && { url }) });
	await migrate({ url: database.url });
	const queue = await openRunQueue(database.pool, () => {});
	const workers: Worker[] = [];
	const find = async (runId: string) => (await findRuns(database.db, [runId]))[0] as Run;
	const rows = async <Row extends object>(query: string, ...values: unknown[]) =>
		(await database.pool.query<Row>(query, values)).rows;
	return {
		folder,
		dataFolder,
		database,
		queue,
		find,
		rows,
		startWorker(name, env = {}) {
			const worker = startWorker(name, { MITHRIDATE_DATA: dataFolder, ...(url && { DATABASE_URL: url }), ...env });
			workers.push(worker);
			return worker;
		},
		async run(config, { priority = 0 } = {}) {
			const { run } = await createRun(database.db, {
				run: { name: "fault", config, goalsLabel: "", priority },
				enqueue: queue.enqueue,
			});
			return run.id;
		},
		async until(runId, check, seconds = 60) {
			return patiently(seconds, async () => {
				const run = await find(runId);
				return check(run) ? run : null;
			});
		},
		async trains(runId, epoch) {
			await patiently(60, async () => {
				const [row] = await rows<{ made_progress: boolean; outcome: string | null }>(
					"SELECT made_progress, outcome FROM attempts WHERE run_id = $1 AND epoch = $2",
					runId,
					epoch,
				);
				return row?.made_progress || row?.outcome ? true : null;
			});
		},
		async close() {
			for (const { process } of workers) {
				process.kill("SIGCONT");
				process.kill("SIGTERM");
			}
			await Promise.all(workers.map(({ exit }) => exit));
			await queue.close();
			await database.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

/** Tries four times a second until something other than null comes out; errors of a database that is away are waited out. */
export async function patiently<Result>(seconds: number, attempt: () => Promise<Result | null>): Promise<Result> {
	const end = performance.now() + seconds * 1000;
	for (;;) {
		const failure: { error?: unknown } = {};
		const result = await attempt().catch((error: unknown) => {
			failure.error = error;
			return null;
		});
		if (result !== null) return result;
		if (performance.now() > end) throw failure.error ?? new Error(`It did not happen within ${seconds} s.`);
		await sleep(250);
	}
}

function startWorker(name: string, env: Readonly<Record<string, string>>): Worker {
	const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
		// biome-ignore lint/style/noProcessEnv: the worker needs what any program needs to start.
		env: { PATH: process.env.PATH, MITHRIDATE_WORKER: name, MITHRIDATE_CHECKPOINT_EVERY: "10", ...env },
		stdio: ["ignore", "inherit", "pipe"],
	});
	const log: LogLine[] = [];
	createInterface({ input: child.stderr }).on("line", (line) => {
		log.push(line.startsWith("{") ? JSON.parse(line) : { msg: line });
	});
	return {
		name,
		process: child,
		log,
		trainer: () => log.findLast((line) => line.trainer !== undefined)?.trainer as number,
		says: (check, seconds = 30) => patiently(seconds, async () => log.find(check) ?? null),
		exit: once(child, "close").then(([code, signal]) => ({ code, signal })),
	};
}

/** Sends a signal to a process that may be gone. */
export function signal(pid: number | undefined, name: NodeJS.Signals): void {
	try {
		process.kill(pid as number, name);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
	}
}

/** Whether a process lives; a zombie that nobody has waited for does not. */
export function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Prints a figure for the table of results. */
export function figure(check: string, numbers: Readonly<Record<string, unknown>>): void {
	process.stdout.write(`${JSON.stringify({ check, ...numbers })}\n`);
}
