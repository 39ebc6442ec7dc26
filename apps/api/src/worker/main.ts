/** The worker program: does queued runs until it is asked to end. Settings come from the environment; see env.ts. */
import { mkdir } from "node:fs/promises";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { heartbeat, migrate, type OpenDatabase, openDatabase, registerWorker, removeWorker } from "@mithridate/db";
import { pino } from "pino";
import { openArtifacts } from "../artifact-store.ts";
import { trainerEnv, WorkerEnv } from "./env.ts";
import { hostEnvironment, packageVersion } from "./environment.ts";
import { cleanUpBehindTheDead } from "./private-files.ts";
import { openRunQueue } from "./queue.ts";
import { defaultTiming } from "./settings.ts";
import { work } from "./worker.ts";

/** Whoever asks a worker to end waits this long at most, whatever it is doing. */
const LONGEST_END_MILLISECONDS = 9500;

// biome-ignore lint/style/noProcessEnv: this is a program, and its environment is how it is set up.
const env = WorkerEnv.parse(process.env);
const log = pino({ level: env.MITHRIDATE_LOG, base: { program: "worker", pid: process.pid } }, pino.destination(2));

const drain = new AbortController();
const end = () => {
	if (drain.signal.aborted) return;
	drain.abort();
	setTimeout(() => {
		log.error("not everything came to its end in time; the lease of the run goes to another worker");
		process.exit(1);
	}, LONGEST_END_MILLISECONDS).unref();
};
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, end);
// A server that started this worker is gone.
process.on("disconnect", end);

const dataFolder = env.MITHRIDATE_DATA;
const tmpFolder = join(dataFolder, "tmp");
await mkdir(tmpFolder, { recursive: true, mode: 0o700 });
for (const held of await cleanUpBehindTheDead(tmpFolder))
	log.warn({ held }, "a worker that died while the database was away left records; they were set aside");

/** Does queued runs until the worker is asked to end. */
async function serve(database: OpenDatabase): Promise<void> {
	await migrate({ url: database.url });
	const queue = await openRunQueue(database.pool, (error) => log.warn({ err: error }, "the queue's upkeep failed"));
	const threads = env.MITHRIDATE_THREADS;
	const itself = {
		name: env.MITHRIDATE_WORKER ?? `${hostname()}-${process.pid}`,
		host: hostname(),
		pid: process.pid,
		version: await packageVersion(),
		threads: threads || availableParallelism(),
	};
	process.umask(0o077);
	let { id } = await registerWorker(database.db, itself);
	log.info({ workerId: id, database: database.kind, dataFolder }, "waiting for runs");

	await work(
		{
			id: () => id,
			async beat() {
				// Forgotten after a day without a sign of life, as when a laptop slept.
				if (!(await heartbeat(database.db, id))) ({ id } = await registerWorker(database.db, itself));
			},
			leave: () => removeWorker(database.db, id),
		},
		{
			database,
			queue,
			artifacts: openArtifacts(dataFolder, env),
			tmpFolder,
			cacheFolder: join(dataFolder, "cache"),
			datasetFolder: join(dataFolder, "datasets"),
			threads,
			checkpointEvery: env.MITHRIDATE_CHECKPOINT_EVERY,
			trainer: {
				// biome-ignore lint/style/noProcessEnv: only what is harmless of it reaches the trainer.
				env: trainerEnv(process.env),
				execArgv: env.MITHRIDATE_TRAINER_MEMORY > 0 ? [`--max-old-space-size=${env.MITHRIDATE_TRAINER_MEMORY}`] : [],
			},
			environment: await hostEnvironment(),
			timing: { ...defaultTiming, hangMilliseconds: env.MITHRIDATE_HANG_SECONDS * 1000 },
			log,
		},
		drain.signal,
	);
	await queue.close();
}

const database = await openDatabase({ dataFolder, ...(env.DATABASE_URL && { url: env.DATABASE_URL }) });
try {
	await serve(database);
} catch (err) {
	log.fatal({ err }, "the worker cannot go on");
	process.exitCode = 1;
	end();
} finally {
	// An embedded server outlives its last user otherwise.
	await database.close();
}
log.info("ended");
process.exit();
