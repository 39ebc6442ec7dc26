/** Carries out one attempt of a run: keeps its lease, starts its trainer, records what it tells, and ends the attempt. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { finishAttempt, type Run, type RunFailure, renewLease, StaleAttemptError } from "@mithridate/db";
import { keepCheckpoint } from "./checkpoint-files.ts";
import { type Exit, explain, outOfMemoryKills } from "./exits.ts";
import { createLedger, type Entry } from "./ledger.ts";
import { isOutage } from "./outage.ts";
import { privateName } from "./private-files.ts";
import type { Ending, FromTrainer, Question, StopReason } from "./protocol.ts";
import type { WorkerSettings } from "./settings.ts";
import { createSpool } from "./spool.ts";
import { bringStage } from "./stage-files.ts";
import { startTrainer } from "./trainer-process.ts";
import { createWatchdog } from "./watchdog.ts";
import { createWriter } from "./writer.ts";

/** How an attempt comes to its end, whatever is recorded of it. */
type Verdict =
	| { readonly kind: "ended"; readonly ending: Ending }
	| { readonly kind: "exited"; readonly exit: Exit }
	| { readonly kind: "hung" }
	| { readonly kind: "stale" }
	| { readonly kind: "broken"; readonly error: unknown };

type Finish = Pick<Parameters<typeof finishAttempt>[1], "outcome" | "error" | "requeue">;

/** Carries out the attempt that was claimed with `run`; `drain` asks to save the state and give the run back. */
export async function supervise(run: Run, settings: WorkerSettings, drain: AbortSignal): Promise<void> {
	const { database, log, timing, tmpFolder } = settings;
	const attempt = { runId: run.id, epoch: run.epoch };
	const name = `${run.id}-${run.epoch}`;
	const scratch = join(tmpFolder, privateName(`attempt-${name}`));
	await mkdir(scratch, { recursive: true, mode: 0o700 });
	const over = new AbortController();
	const { promise: verdict, resolve: settle } = Promise.withResolvers<Verdict>();
	const fail = (error: unknown) =>
		settle(error instanceof StaleAttemptError ? { kind: "stale" } : { kind: "broken", error });

	const ledger = createLedger(attempt, settings, run.lastSeq);
	const writer = createWriter<Entry>({
		write: ledger.write,
		confirm: async () => void (await renewLease(database.db, attempt)),
		spool: createSpool(join(tmpFolder, privateName(`spool-${name}`)), timing.spoolBytes),
		retryMilliseconds: timing.retryMilliseconds,
		onOutage: (isAway, cause) => {
			if (isAway) log.warn({ ...attempt, err: cause }, "the database is away: records are held in a file");
			else log.info(attempt, "the database is back: all that was held is recorded");
		},
	});
	const watchdog = createWatchdog(timing.hangMilliseconds, () => performance.now());
	const killsBefore = await outOfMemoryKills();
	let stopping: StopReason | null = null;
	let unanswered = 0;
	/** It waits for another run's model: there is nothing that a stop could save. */
	let isIdle = false;
	const stageFiles = {
		scratch,
		settings,
		runId: run.id,
		isProbing: run.config.evaluation.probes > 0,
		write: writer.write,
		signal: over.signal,
		onWait(isWaiting: boolean) {
			isIdle = isWaiting;
			if (isIdle && stopping !== null) trainer.kill();
		},
	};

	/** Does something that only reads or may be done twice, as often as it takes. */
	const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
		for (;;) {
			try {
				return await work();
			} catch (error) {
				if (!isOutage(error) || over.signal.aborted) throw error;
				await sleep(timing.retryMilliseconds);
			}
		}
	};
	const answer = async (question: Question): Promise<unknown> => {
		switch (question.kind) {
			case "record":
				return writer.write({ kind: "items", items: question.ask });
			case "checkpoint": {
				const files = await keepCheckpoint(question.ask, { scratch, artifacts: settings.artifacts });
				return writer.write({ kind: "checkpoint", notice: question.ask, files });
			}
			case "stage":
				return patiently(() => bringStage(question.ask, stageFiles));
			case "isDatasetWanted": {
				const known = await patiently(() => ledger.knownDataset(question.ask));
				if (known !== null) await writer.write({ kind: "items", items: [{ kind: "dataset", datasetId: known }] });
				return known === null;
			}
			case "dataset": {
				const datasetId = await patiently(() => ledger.registerDataset(question.ask));
				return writer.write({ kind: "items", items: [{ kind: "dataset", datasetId }] });
			}
		}
	};
	const onMessage = (message: FromTrainer) => {
		if (message.type === "end") return settle({ kind: "ended", ending: message.ending });
		watchdog.feed(stepsIn(message));
		unanswered++;
		answer(message)
			.then((value) => trainer.send({ type: "answer", request: message.request, value: value ?? null }), fail)
			.finally(() => unanswered--);
	};
	const { threads } = run.config.runtime;
	const trainer = startTrainer(settings.trainer, {
		message: onMessage,
		text: (text) => log.debug({ ...attempt, text }, "the trainer says"),
	});
	trainer.send({
		type: "start",
		config: { ...run.config, runtime: { ...run.config.runtime, threads: threads || settings.threads } },
		scratch,
		cacheFolder: settings.cacheFolder,
		datasetFolder: settings.datasetFolder,
		checkpointEvery: settings.checkpointEvery,
		host: settings.environment,
	});
	void trainer.exit.then((exit) => settle({ kind: "exited", exit }));
	log.info({ ...attempt, number: run.number, trainer: trainer.pid }, "attempt started");

	const stop = (reason: StopReason) => {
		if (stopping === reason || stopping === "cancel") return;
		stopping = reason;
		if (isIdle) return trainer.kill();
		trainer.send({ type: "stop", reason });
		const grace = reason === "cancel" ? timing.cancelGraceMilliseconds : timing.drainGraceMilliseconds;
		if (reason !== "pause") setTimeout(trainer.kill, grace).unref();
	};
	const onDrain = () => stop("drain");
	if (drain.aborted) onDrain();
	drain.addEventListener("abort", onDrain);
	const watch = setInterval(() => {
		// Whoever waits for an answer does not hang.
		if (unanswered > 0) watchdog.feed(0);
		else if (watchdog.overdue() > 0) settle({ kind: "hung" });
	}, timing.watchMilliseconds);
	const heartbeat = async () => {
		while (!over.signal.aborted) {
			try {
				const { intent } = await renewLease(database.db, attempt);
				if (intent !== "run") stop(intent);
			} catch (error) {
				if (!isOutage(error)) return fail(error);
			}
			await sleep(timing.renewMilliseconds, undefined, { signal: over.signal }).catch(() => {});
		}
	};
	const beating = heartbeat();

	try {
		const reached = await verdict;
		clearInterval(watch);
		if (reached.kind !== "ended") trainer.kill();
		if (reached.kind === "stale") throw new StaleAttemptError(attempt);
		const finish = await judge(reached, { stopping, killsBefore });
		if (reached.kind === "broken") log.error({ ...attempt, err: reached.error }, "the attempt broke");
		await writer.drain();
		const { intent } = await patiently(() => renewLease(database.db, attempt));
		// Whoever asked for a pause may have thought better of it meanwhile.
		const requeue = finish.outcome === "paused" && (stopping === "drain" || intent === "run");
		await patiently(() =>
			finishAttempt(database.db, { ...attempt, ...finish, requeue, enqueue: settings.queue.enqueue }),
		);
		log.info({ ...attempt, ...finish, requeue }, "attempt ended");
	} catch (error) {
		trainer.kill();
		const held = await writer.abandon();
		if (!(error instanceof StaleAttemptError)) throw error;
		log.warn({ ...attempt, held }, "another attempt has this run, or it was ended: this one stopped");
		if (held) log.error({ ...attempt, held }, "records that were held while the database was away were set aside");
	} finally {
		drain.removeEventListener("abort", onDrain);
		over.abort();
		await beating;
		trainer.close();
		const killing = setTimeout(trainer.kill, timing.cancelGraceMilliseconds);
		await trainer.exit;
		clearTimeout(killing);
		await rm(scratch, { recursive: true, force: true });
	}
}

async function judge(
	verdict: Exclude<Verdict, { kind: "stale" }>,
	{ stopping, killsBefore }: { stopping: StopReason | null; killsBefore: number | null },
): Promise<Finish> {
	const stopped: Finish = { outcome: stopping === "cancel" ? "cancelled" : "paused" };
	switch (verdict.kind) {
		case "ended": {
			const { ending } = verdict;
			if (ending.outcome === "stopped") return stopped;
			if (ending.outcome === "succeeded") return { outcome: "succeeded" };
			return { outcome: "failed", error: { code: ending.code, message: ending.message } };
		}
		case "exited": {
			// It had been given its time to stop.
			if (stopping !== null) return stopped;
			const error = await explain(verdict.exit, killsBefore);
			return { outcome: error.code === "OUT_OF_MEMORY" ? "failed" : "lost", error };
		}
		case "hung":
			return {
				outcome: "lost",
				error: { code: "HUNG", message: "The trainer made no progress for too long and was ended." },
			};
		case "broken":
			return { outcome: "lost", error: faultOf(verdict.error) };
	}
}

function faultOf(error: unknown): RunFailure {
	const code = (error as { code?: unknown }).code;
	if (code === "ENOSPC" || code === "EDQUOT")
		return {
			code: "DISK_FULL",
			message: "The data folder's disk is full. Free some space; the run goes on from its last checkpoint.",
		};
	return { code: "INTERNAL", message: "The worker met an unexpected fault; its log has the details." };
}

function stepsIn(question: Question): number {
	if (question.kind !== "record") return 0;
	return new Set(question.ask.flatMap((item) => (item.kind === "metric-point" ? [item.step] : []))).size;
}
