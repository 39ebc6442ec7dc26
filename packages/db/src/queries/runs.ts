/** Runs: how they begin, what is known of them, and what a user changes about them. */
import type { ExperimentConfig } from "@mithridate/engine";
import { and, asc, inArray, ne, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { DatabaseError } from "../errors.ts";
import { attempts, runs } from "../schema/index.ts";
import { configHashes } from "./config-hash.ts";
import { appendEvents } from "./events.ts";
import { type IdempotentRequest, idempotently } from "./idempotency.ts";

export type Run = typeof runs.$inferSelect;
export type Attempt = typeof attempts.$inferSelect;
export type RunStatus = Run["status"];
export type RunIntent = Run["intent"];

/** A run that waits for a worker. It may be claimed while its epoch is still this one. */
export interface QueueJob {
	readonly runId: string;
	readonly epoch: number;
	readonly priority: number;
}

/** Sends jobs to the queue within the transaction that queues their runs. */
export type Enqueue = (tx: Db, jobs: readonly QueueJob[]) => Promise<void>;

export interface NewRun {
	readonly name: string;
	/** With exactly one seed. */
	readonly config: ExperimentConfig;
	/** What the attack wants, for lists: e.g. "sheep → aeroplane". */
	readonly goalsLabel: string;
	readonly studyId?: string | null;
	/** Name of the study definition's cell that it repeats. */
	readonly cell?: string;
	readonly priority?: number;
	readonly tags?: readonly string[];
	readonly notes?: string | null;
}

/**
 * Stores a queued run and sends its job, once per idempotency key.
 * @throws DatabaseError `invalid-input` unless the configuration has exactly one seed; `idempotency-conflict`.
 */
export function createRun(
	db: Db,
	{ run, enqueue, idempotency }: { run: NewRun; enqueue: Enqueue; idempotency?: IdempotentRequest },
): Promise<{ run: Run; replayed: boolean }> {
	return db.transaction(async (tx) => {
		const create = async () => {
			const [created] = await insertRuns(tx, { runs: [run], enqueue });
			return created!.id;
		};
		const { result: id, replayed } =
			idempotency === undefined
				? { result: await create(), replayed: false }
				: await idempotently(tx, idempotency, create);
		const [stored] = await findRuns(tx, [id]);
		if (!stored)
			throw new DatabaseError("not-found", `Run ${id}, which this key started before, was deleted. Take a new key.`, {
				subject: id,
			});
		return { run: stored, replayed };
	});
}

/** Stores queued runs, tells of them and sends their jobs, all in the caller's transaction. */
export async function insertRuns(
	tx: Db,
	{ runs: wanted, enqueue }: { runs: readonly NewRun[]; enqueue: Enqueue },
): Promise<Run[]> {
	if (wanted.length === 0) return [];
	const created = await tx
		.insert(runs)
		.values(
			wanted.map(({ config, tags = [], ...run }) => ({
				...run,
				config,
				...configHashes(config),
				seed: onlySeed(config),
				attack: config.attack.name,
				defenses: config.defenses.map(({ name }) => name),
				tags: [...tags],
			})),
		)
		.returning();
	await appendEvents(
		tx,
		created.map(({ id }) => statusEvent({ id, epoch: 0 }, "queued", null)),
	);
	await enqueue(tx, created.map(jobOf));
	return created;
}

function onlySeed({ seeds }: ExperimentConfig): number {
	if (seeds.length === 1) return seeds[0]!;
	throw new DatabaseError(
		"invalid-input",
		`The configuration has ${seeds.length} seeds, and a run has exactly one. Make one run per seed.`,
		{ subject: "seeds" },
	);
}

/**
 * Puts runs that are paused or ended back into the queue, as if they had never stalled; their finished stages stay.
 * Runs in another state are left as they are.
 * @returns the runs queued.
 */
export function queueRun(
	db: Db,
	{ runIds, from, enqueue }: { runIds: readonly string[]; from: readonly RunStatus[]; enqueue: Enqueue },
): Promise<Run[]> {
	return db.transaction(async (tx) => {
		const found = await lockRuns(tx, runIds);
		const ids = found.filter(({ status }) => from.includes(status) && status !== "running").map(({ id }) => id);
		if (ids.length === 0) return [];
		const queued = await tx
			.update(runs)
			.set({ status: "queued", intent: "run", stalledAttempts: 0, error: null, endedAt: null, queuedAt: sql`now()` })
			.where(and(inArray(runs.id, ids), ne(runs.status, "queued")))
			.returning();
		await appendEvents(
			tx,
			queued.map((run) => statusEvent(run, "queued", null)),
		);
		await enqueue(tx, queued.map(jobOf));
		return queued;
	});
}

/**
 * Asks for runs to pause, stop or go on. A waiting run changes at once; a running one when its supervisor sees it.
 * Ended runs are left as they are.
 * @returns the runs changed.
 */
export function requestIntent(
	db: Db,
	{ runIds, intent }: { runIds: readonly string[]; intent: RunIntent },
): Promise<Run[]> {
	return db.transaction(async (tx) => {
		const found = await lockRuns(tx, runIds);
		const idsOf = (wanted: readonly RunStatus[]) =>
			found.filter(({ status }) => wanted.includes(status)).map(({ id }) => id);
		const running = idsOf(["running"]);
		const changed =
			running.length === 0 ? [] : await tx.update(runs).set({ intent }).where(inArray(runs.id, running)).returning();
		await ringAll(tx, changed);
		const waiting = idsOf(intent === "cancel" ? ["queued", "paused"] : intent === "pause" ? ["queued"] : []);
		if (waiting.length === 0) return changed;
		const status = intent === "cancel" ? "cancelled" : "paused";
		const stopped = await tx
			.update(runs)
			.set({ status, intent: "run", endedAt: status === "cancelled" ? sql`now()` : null })
			.where(inArray(runs.id, waiting))
			.returning();
		await appendEvents(
			tx,
			stopped.map((run) => statusEvent(run, status, "asked by the user")),
		);
		return [...changed, ...stopped];
	});
}

/** Wakes the supervisors of runs that have no new event to tell. */
async function ringAll(tx: Db, changed: readonly Run[]): Promise<void> {
	for (const { id, lastSeq } of changed) await tx.execute(sql`SELECT pg_notify('mithridate', ${`${id}:${lastSeq}`})`);
}

/** The runs of some ids, in any order; unknown ids are left out. */
export async function findRuns(db: Db, ids: readonly string[]): Promise<Run[]> {
	return ids.length === 0
		? []
		: db
				.select()
				.from(runs)
				.where(inArray(runs.id, [...ids]));
}

/** The attempts of runs, oldest first. */
export async function findAttempts(db: Db, runIds: readonly string[]): Promise<Attempt[]> {
	if (runIds.length === 0) return [];
	return db
		.select()
		.from(attempts)
		.where(inArray(attempts.runId, [...runIds]))
		.orderBy(asc(attempts.runId), asc(attempts.epoch));
}

/** Locks runs in the order of their ids, so that two callers never wait for each other. */
export async function lockRuns(tx: Db, ids: readonly string[]): Promise<Pick<Run, "id" | "status">[]> {
	if (ids.length === 0) return [];
	return tx
		.select({ id: runs.id, status: runs.status })
		.from(runs)
		.where(inArray(runs.id, [...ids]))
		.orderBy(asc(runs.id))
		.for("no key update");
}

/** The event that tells of a run's new status. */
export function statusEvent({ id, epoch }: Pick<Run, "id" | "epoch">, status: RunStatus, reason: string | null) {
	return { runId: id, epoch, events: [{ kind: "status", body: { status, reason } } as const] };
}

/** What the queue holds of a run. */
export function jobOf({ id, epoch, priority }: Run): QueueJob {
	return { runId: id, epoch, priority };
}
