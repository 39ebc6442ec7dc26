/** Carries out one attempt of an import: keeps its lease, starts its process, records what it tells, and ends the attempt. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
	finishImport,
	IMPORT_FAULTS_KEPT,
	type Import,
	type ImportEnd,
	type ImportFault,
	recordImport,
	StaleAttemptError,
} from "@mithridate/db";
import { explain, outOfMemoryKills } from "./exits.ts";
import type { FromImporter, Sealed, ToImporter, Told } from "./import-protocol.ts";
import { isOutage } from "./outage.ts";
import { privateName } from "./private-files.ts";
import { registerDataset } from "./register-dataset.ts";
import type { WorkerSettings } from "./settings.ts";
import { startProcess } from "./trainer-process.ts";

/** Between two records of progress; each lengthens the lease. */
const RECORD_MILLISECONDS = 500;

type Ending = Exclude<FromImporter, Told>;

/** Carries out the attempt that was claimed with `row`; `drain` asks to keep what is done and give the import back. */
export async function superviseImport(row: Import, settings: WorkerSettings, drain: AbortSignal): Promise<void> {
	const { database, log, timing, tmpFolder } = settings;
	const attempt = { importId: row.id, epoch: row.epoch };
	const scratch = join(tmpFolder, privateName(`import-${row.id}-${row.epoch}`));
	await mkdir(scratch, { recursive: true, mode: 0o700 });
	const over = new AbortController();
	const killsBefore = await outOfMemoryKills();
	const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<Ending | "exited">();
	const news = createNews(row);
	let stopping: "drain" | "cancel" | null = null;

	const child = startProcess<FromImporter, ToImporter>("importer.ts", settings.trainer, {
		message: (message) => (message.type === "told" ? news.add(message) : end(message)),
		text: (text) => log.debug({ ...attempt, text }, "the importer says"),
	});
	void child.exit.then(() => end("exited"));
	const { kind, path, root, settings: how } = row;
	const within = root === null ? {} : { within: root };
	child.send({
		type: "start",
		request: { kind, path, ...how, folder: settings.datasetFolder, ...within },
		scratch,
		mostFaults: IMPORT_FAULTS_KEPT,
	});
	log.info({ ...attempt, kind, importer: child.pid }, "import started");

	const stop = (reason: "drain" | "cancel") => {
		if (stopping !== null) return;
		stopping = reason;
		child.send({ type: "stop", reason });
		const grace = reason === "cancel" ? timing.cancelGraceMilliseconds : timing.drainGraceMilliseconds;
		setTimeout(child.kill, grace).unref();
	};
	const onDrain = () => stop("drain");
	if (drain.aborted) onDrain();
	drain.addEventListener("abort", onDrain);

	const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
		for (;;) {
			try {
				return await work();
			} catch (error) {
				if (!isOutage(error)) throw error;
				await sleep(timing.retryMilliseconds);
			}
		}
	};
	const keepRecording = async () => {
		while (!over.signal.aborted) {
			try {
				const { isCancelled } = await news.record((told) => recordImport(database.db, { ...attempt, ...told }));
				if (isCancelled) stop("cancel");
			} catch (error) {
				if (!isOutage(error)) return fail(error);
			}
			await sleep(RECORD_MILLISECONDS, undefined, { signal: over.signal }).catch(() => {});
		}
	};
	const recording = keepRecording();
	try {
		const ending = await ended;
		const finish =
			ending !== "exited" && ending.type === "sealed"
				? await succeeded(ending, { settings, patiently })
				: await judge(ending, { stopping, exit: child.exit, killsBefore });
		over.abort();
		await recording;
		await patiently(() => news.record((told) => recordImport(database.db, { ...attempt, ...told })));
		const { status } = await patiently(() => finishImport(database.db, { ...attempt, ...finish }));
		log.info({ ...attempt, outcome: finish.outcome, status }, "import ended");
	} catch (error) {
		child.kill();
		if (!(error instanceof StaleAttemptError)) throw error;
		log.warn(attempt, "another attempt has this import, or it was ended: this one stopped");
	} finally {
		drain.removeEventListener("abort", onDrain);
		over.abort();
		await recording;
		child.close();
		const killing = setTimeout(child.kill, timing.cancelGraceMilliseconds);
		await child.exit;
		clearTimeout(killing);
		await rm(scratch, { recursive: true, force: true });
	}
}

type News = Omit<Told, "type">;

/** What was told and is not recorded yet. */
function createNews(row: Import) {
	let held: News = { done: row.done, total: row.total, faults: [], faultCount: 0 };
	return {
		add({ done, total, faults, faultCount }: Told) {
			held = {
				done: Math.max(done, held.done),
				total: Math.max(total, held.total),
				faults: [...held.faults, ...faults],
				faultCount: held.faultCount + faultCount,
			};
		},
		/** What comes while it is written is kept for the next time, and all of it when writing fails. */
		async record<Result>(write: (news: News) => Promise<Result>): Promise<Result> {
			const taken = held;
			const result = await write(taken);
			const rest: readonly ImportFault[] = held.faults.slice(taken.faults.length);
			held = { ...held, faults: rest, faultCount: held.faultCount - taken.faultCount };
			return result;
		},
	};
}

async function succeeded(
	{ versionHash, registration, faults, faultCount }: Sealed,
	{
		settings,
		patiently,
	}: { settings: WorkerSettings; patiently: <Result>(work: () => Promise<Result>) => Promise<Result> },
): Promise<ImportEnd> {
	const datasetId = await patiently(() => registerDataset(registration, settings));
	return { outcome: "succeeded", versionHash, datasetId, faults, faultCount };
}

async function judge(
	ending: Exclude<Ending, Sealed> | "exited",
	{
		stopping,
		exit,
		killsBefore,
	}: {
		stopping: "drain" | "cancel" | null;
		exit: ReturnType<typeof startProcess>["exit"];
		killsBefore: number | null;
	},
): Promise<ImportEnd> {
	// It had been given its time to stop.
	if (stopping !== null && (ending === "exited" || ending.type === "stopped"))
		return { outcome: stopping === "cancel" ? "cancelled" : "queued" };
	if (ending === "exited") {
		const { code, message } = await explain(await exit, killsBefore, "importer");
		return { outcome: "lost", error: { code, message } };
	}
	// It waits for its channel to close, and stopped although nobody asked: what it did is kept for the next.
	if (ending.type === "stopped") return { outcome: "queued" };
	const { code, message } = ending;
	return { outcome: "failed", error: { code, message } };
}
