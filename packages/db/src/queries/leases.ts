/** Attempts: claimed with a lease, kept by a heartbeat, ended once, and taken back when their worker is lost. */
import { and, asc, eq, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { StaleAttemptError } from "../errors.ts";
import { attempts, runs, workers } from "../schema/index.ts";
import type { RunFailure } from "../shapes.ts";
import { appendEvents } from "./events.ts";
import { type Attempt, type Enqueue, jobOf, type Run, type RunStatus, statusEvent } from "./runs.ts";

/** Which attempt of a run writes. */
export interface AttemptRef {
	readonly runId: string;
	readonly epoch: number;
}

/** How long a claim lasts without a heartbeat, in seconds, by the database's clock. */
export const LEASE_SECONDS = 15;
/** Attempts lost in a row without progress before a run is set aside. */
export const STALLS_TO_QUARANTINE = 3;

const leaseEnd = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;

/** The one guard of every write by an attempt: the run is running and this attempt holds it. */
function held({ runId, epoch }: AttemptRef) {
	return and(eq(runs.id, runId), eq(runs.epoch, epoch), eq(runs.status, "running"));
}

/** Locks an attempt's run for the rest of the transaction. @throws StaleAttemptError when the attempt lost it. */
export async function fence(tx: Db, attempt: AttemptRef): Promise<Run> {
	const [run] = await tx.select().from(runs).where(held(attempt)).for("no key update");
	if (!run) throw new StaleAttemptError(attempt);
	return run;
}

/**
 * Takes a waiting run for a worker and begins its next attempt.
 * @returns null when the run does not wait, or no longer at the epoch that was asked for.
 */
export function claimRun(
	db: Db,
	{ runId, epoch, workerId }: { runId: string; epoch?: number; workerId: string },
): Promise<Run | null> {
	return db.transaction(async (tx) => {
		const waiting = and(
			eq(runs.id, runId),
			eq(runs.status, "queued"),
			epoch === undefined ? undefined : eq(runs.epoch, epoch),
		);
		const [run] = await tx
			.update(runs)
			.set({
				status: "running",
				intent: "run",
				epoch: sql`${runs.epoch} + 1`,
				leaseUntil: leaseEnd,
				workerId,
				startedAt: sql`coalesce(${runs.startedAt}, now())`,
				error: null,
			})
			.where(waiting)
			.returning();
		if (!run) return null;
		const [worker] = await tx.update(workers).set({ runId }).where(eq(workers.id, workerId)).returning();
		const { name, host, pid } = worker!;
		await tx.insert(attempts).values({ runId, epoch: run.epoch, workerId, worker: name, host, pid });
		const lastSeqs = await appendEvents(tx, [statusEvent(run, "running", null)]);
		return { ...run, lastSeq: lastSeqs.get(run.id)! };
	});
}

/** Lengthens a lease; says what the user wants of the run. @throws StaleAttemptError when the attempt lost it. */
export async function renewLease(db: Db, attempt: AttemptRef): Promise<Pick<Run, "intent" | "leaseUntil">> {
	const [run] = await db
		.update(runs)
		.set({ leaseUntil: leaseEnd })
		.where(held(attempt))
		.returning({ intent: runs.intent, leaseUntil: runs.leaseUntil });
	if (!run) throw new StaleAttemptError(attempt);
	return run;
}

export interface FinishedAttempt extends AttemptRef {
	readonly outcome: NonNullable<Attempt["outcome"]>;
	readonly error?: RunFailure | null;
	/** Sends the job of a run that waits again. */
	readonly enqueue: Enqueue;
	/** After `paused`: whether the run waits for the next free worker instead of the user, as when a worker drains. */
	readonly requeue?: boolean;
}

/**
 * Ends an attempt and thereby, unless it was lost, what the run is now. A lost attempt leaves the run waiting, or
 * quarantined when it was one too many.
 * @throws StaleAttemptError when the attempt was ended before.
 */
export function finishAttempt(
	db: Db,
	{ outcome, error = null, enqueue, requeue = false, ...attempt }: FinishedAttempt,
): Promise<Run> {
	return db.transaction(async (tx) => {
		const run = await fence(tx, attempt);
		if (outcome === "lost") {
			const [lost] = await loseAttempts(tx, { lost: [run], error, enqueue });
			return lost!;
		}
		const status: RunStatus = outcome === "paused" && requeue ? "queued" : outcome;
		const ended = status !== "paused" && status !== "queued";
		await endAttempts(tx, { ended: [run], outcome, error });
		const [finished] = await tx
			.update(runs)
			.set({
				status,
				intent: "run",
				leaseUntil: null,
				workerId: null,
				stalledAttempts: 0,
				error,
				...(ended ? { endedAt: sql`now()` } : {}),
				...(status === "queued" ? { queuedAt: sql`now()` } : {}),
			})
			.where(eq(runs.id, run.id))
			.returning();
		const lastSeqs = await appendEvents(tx, [statusEvent(run, status, error?.message ?? null)]);
		if (status === "queued") await enqueue(tx, [jobOf(finished!)]);
		return { ...finished!, lastSeq: lastSeqs.get(run.id)! };
	});
}

/**
 * Takes back the runs whose lease ended: they wait again, or are quarantined, or are what their user last asked for.
 * @returns these runs as they are now.
 */
export function sweepLeases(db: Db, { enqueue }: { enqueue: Enqueue }): Promise<Run[]> {
	return db.transaction(async (tx) => {
		const lost = await tx
			.select()
			.from(runs)
			.where(and(eq(runs.status, "running"), lt(runs.leaseUntil, sql`clock_timestamp()`)))
			.orderBy(asc(runs.id))
			.for("no key update", { skipLocked: true });
		return loseAttempts(tx, { lost, error: null, enqueue });
	});
}

/** Ends attempts that stopped without saying so, of runs that the transaction has locked. */
async function loseAttempts(
	tx: Db,
	{ lost, error, enqueue }: { lost: readonly Run[]; error: RunFailure | null; enqueue: Enqueue },
): Promise<Run[]> {
	if (lost.length === 0) return [];
	const progress = await endAttempts(tx, { ended: lost, outcome: "lost", error });
	const after: Run[] = [];
	for (const run of lost) {
		const stalledAttempts = progress.has(run.id) ? 0 : run.stalledAttempts + 1;
		const status = statusAfterLoss(run, stalledAttempts);
		const failure = status === "quarantined" ? quarantine(stalledAttempts, error) : null;
		const ended = status === "quarantined" || status === "cancelled";
		const [updated] = await tx
			.update(runs)
			.set({
				status,
				intent: "run",
				leaseUntil: null,
				workerId: null,
				stalledAttempts,
				error: failure,
				...(ended ? { endedAt: sql`now()` } : {}),
				...(status === "queued" ? { queuedAt: sql`now()` } : {}),
			})
			.where(eq(runs.id, run.id))
			.returning();
		after.push(updated!);
	}
	const reason = error?.message ?? "its worker stopped answering";
	const lastSeqs = await appendEvents(
		tx,
		after.map((run) => statusEvent(run, run.status, reason)),
	);
	await enqueue(tx, after.filter(({ status }) => status === "queued").map(jobOf));
	return after.map((run) => ({ ...run, lastSeq: lastSeqs.get(run.id)! }));
}

function statusAfterLoss({ intent }: Run, stalledAttempts: number): RunStatus {
	if (intent === "cancel") return "cancelled";
	if (stalledAttempts >= STALLS_TO_QUARANTINE) return "quarantined";
	return intent === "pause" ? "paused" : "queued";
}

function quarantine(stalledAttempts: number, error: RunFailure | null): RunFailure {
	const last = error === null ? "" : ` The last one: ${error.message}`;
	return {
		code: "no-progress",
		message: `${stalledAttempts} attempts in a row were lost without a new checkpoint or metric point, so the run is set aside. Find the cause in its log, then retry it.${last}`,
	};
}

/** Writes how attempts ended and frees their workers; returns the runs whose attempt had made progress. */
async function endAttempts(
	tx: Db,
	{
		ended,
		outcome,
		error,
	}: { ended: readonly Run[]; outcome: NonNullable<Attempt["outcome"]>; error: RunFailure | null },
): Promise<Set<string>> {
	const ids = ended.map(({ id }) => id);
	const rows = await tx
		.update(attempts)
		.set({ endedAt: sql`now()`, outcome, error })
		.from(runs)
		.where(and(eq(attempts.runId, runs.id), eq(attempts.epoch, runs.epoch), inArray(runs.id, ids)))
		.returning({ runId: attempts.runId, madeProgress: attempts.madeProgress });
	await tx.update(workers).set({ runId: null }).where(inArray(workers.runId, ids));
	return new Set(rows.filter(({ madeProgress }) => madeProgress).map(({ runId }) => runId));
}
