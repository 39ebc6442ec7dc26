/** Stages and their checkpoints: found by content address, committed under the fence, replaced by the one before when damaged. */
import { and, asc, desc, eq, inArray, isNotNull, notExists, notInArray, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { artifacts, checkpointFiles, checkpoints, runStages, stages } from "../schema/index.ts";
import { ensureArtifacts } from "./artifacts.ts";
import { canonicalJson } from "./config-hash.ts";
import { appendEvents } from "./events.ts";
import { type AttemptRef, fence } from "./leases.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";
import { noteProgress } from "./record.ts";
import type { StoredFile } from "./record-items.ts";

export type Stage = typeof stages.$inferSelect;
export type CheckpointRow = typeof checkpoints.$inferSelect;

export interface Checkpoint extends CheckpointRow {
	readonly files: readonly StoredFile[];
}

/** Training states that a stage keeps: the newest, and one to fall back to. */
export const STATES_KEPT = 2;

/** The stages of some keys, in any order; unknown ones are left out. */
export async function findStages(db: Db, keys: readonly string[]): Promise<Stage[]> {
	return keys.length === 0
		? []
		: db
				.select()
				.from(stages)
				.where(inArray(stages.key, [...keys]));
}

/** The newest checkpoint of a stage of which no file is known to be damaged; null when there is none. */
export async function newestCheckpoint(
	db: Db,
	{
		stageKey,
		kind,
		runId,
	}: {
		stageKey: string;
		kind: "state" | "model";
		/** Only those that this run made. */
		runId?: string;
	},
): Promise<Checkpoint | null> {
	const [row] = await db
		.select()
		.from(checkpoints)
		.where(
			and(
				eq(checkpoints.stageKey, stageKey),
				eq(checkpoints.kind, kind),
				runId === undefined ? undefined : eq(checkpoints.runId, runId),
				isSound(db),
			),
		)
		.orderBy(desc(checkpoints.step), desc(checkpoints.createdAt), desc(checkpoints.id))
		.limit(1);
	return row ? (await withFiles(db, [row]))[0]! : null;
}

/**
 * Makes files that are in the artifact store a checkpoint, in one transaction with its event. A model finishes its stage
 * and makes the stage's states superfluous; of states, the newest two are kept.
 * @throws StaleAttemptError when the attempt lost its run: nothing is stored.
 */
export function commitCheckpoint(
	db: Db,
	{
		runId,
		epoch,
		stageKey,
		stage,
		kind,
		step,
		files,
		seconds = null,
	}: AttemptRef & {
		readonly stageKey: string;
		/** Name of the stage in this run. */
		readonly stage: string;
		readonly kind: "state" | "model";
		readonly step: number;
		readonly files: readonly StoredFile[];
		/** Time of training, of a model. */
		readonly seconds?: number | null;
	},
): Promise<{ checkpointId: string; lastSeq: number }> {
	return db.transaction(async (tx) => {
		const { lastSeq } = await fence(tx, { runId, epoch });
		await tx.insert(stages).values({ key: stageKey, name: stage, madeByRun: runId }).onConflictDoNothing();
		await ensureArtifacts(tx, files);
		// The same again, when the answer to the first commit was lost or its files were damaged since: nothing is news.
		const before = await sameCheckpoint(tx, { stageKey, kind, step, runId, epoch });
		if (before && canonicalJson(contentOf(before.files)) === canonicalJson(contentOf(files)))
			return { checkpointId: before.id, lastSeq };
		if (before) await tx.delete(checkpoints).where(eq(checkpoints.id, before.id));
		const [row] = await tx.insert(checkpoints).values({ stageKey, kind, step, runId, epoch }).returning();
		const checkpointId = row!.id;
		await tx.insert(checkpointFiles).values(files.map(({ name, sha256 }) => ({ checkpointId, name, sha256 })));
		if (kind === "model") {
			const finished = { status: "finished" as const, seconds, finishedAt: sql`now()`, madeByRun: runId };
			await tx.update(stages).set(finished).where(eq(stages.key, stageKey));
		}
		await forgetStates(tx, { stageKey, keep: kind === "model" ? 0 : STATES_KEPT });
		await noteProgress(tx, { runId, epoch });
		const event = { kind: "checkpoint", body: { checkpointId, stage, kind, step } } as const;
		const lastSeqs = await appendEvents(tx, [{ runId, epoch, events: [event] }]);
		return { checkpointId, lastSeq: lastSeqs.get(runId)! };
	});
}

async function sameCheckpoint(
	tx: Db,
	{ stageKey, kind, step, runId, epoch }: Omit<CheckpointRow, "id" | "createdAt">,
): Promise<Checkpoint | undefined> {
	const rows = await tx
		.select()
		.from(checkpoints)
		.where(
			and(
				eq(checkpoints.stageKey, stageKey),
				eq(checkpoints.kind, kind),
				eq(checkpoints.step, step),
				eq(checkpoints.runId, runId!),
				eq(checkpoints.epoch, epoch),
			),
		);
	return (await withFiles(tx, rows))[0];
}

/** Which content a checkpoint's files have, by name. */
function contentOf(files: readonly StoredFile[]): Record<string, string> {
	return Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));
}

/** Whether no file of a checkpoint is known to be damaged. */
function isSound(db: Db) {
	const damaged = db
		.select({ sha256: artifacts.sha256 })
		.from(checkpointFiles)
		.innerJoin(artifacts, eq(artifacts.sha256, checkpointFiles.sha256))
		.where(and(eq(checkpointFiles.checkpointId, checkpoints.id), isNotNull(artifacts.damagedAt)));
	return notExists(damaged);
}

/** Deletes all states of a stage but the newest sound ones; their files are collected later. */
async function forgetStates(tx: Db, { stageKey, keep }: { stageKey: string; keep: number }): Promise<void> {
	const states = and(eq(checkpoints.stageKey, stageKey), eq(checkpoints.kind, "state"));
	const kept = tx
		.select({ id: checkpoints.id })
		.from(checkpoints)
		.where(and(states, isSound(tx)))
		.orderBy(desc(checkpoints.step), desc(checkpoints.createdAt), desc(checkpoints.id))
		.limit(keep);
	await tx.delete(checkpoints).where(and(states, notInArray(checkpoints.id, kept)));
}

/** A run's stages by name, with what is known of each. */
export interface RunStage {
	readonly runId: string;
	readonly name: string;
	readonly reused: boolean;
	readonly stage: Stage;
}

/** The stages of runs, in the order in which each run came to them. */
export async function stagesOfRuns(db: Db, runIds: readonly string[]): Promise<RunStage[]> {
	if (runIds.length === 0) return [];
	return db
		.select({ runId: runStages.runId, name: runStages.name, reused: runStages.reused, stage: stages })
		.from(runStages)
		.innerJoin(stages, eq(stages.key, runStages.stageKey))
		.where(inArray(runStages.runId, [...runIds]))
		.orderBy(asc(runStages.runId), asc(runStages.createdAt), asc(runStages.name));
}

/** The checkpoints of some ids, in any order, with their files; unknown ones are left out. */
export async function findCheckpoints(db: Db, ids: readonly string[]): Promise<Checkpoint[]> {
	if (ids.length === 0) return [];
	return withFiles(
		db,
		await db
			.select()
			.from(checkpoints)
			.where(inArray(checkpoints.id, [...ids])),
	);
}

/** The checkpoints of stages, oldest first, with their files. */
export async function checkpointsOfStages(
	db: Db,
	{ stageKeys, kind }: { stageKeys: readonly string[]; kind: "state" | "model" },
): Promise<Checkpoint[]> {
	if (stageKeys.length === 0) return [];
	const wanted = and(inArray(checkpoints.stageKey, [...stageKeys]), eq(checkpoints.kind, kind));
	return withFiles(db, await db.select().from(checkpoints).where(wanted).orderBy(asc(checkpoints.id)));
}

export interface ModelFilter {
	/** Models of the run's stages, whichever run made them. */
	readonly runId?: string;
	readonly name?: string;
}

/** A page of finished models, the latest first, with their files. */
export async function listModels(
	db: Db,
	{ filter = {}, page }: { filter?: ModelFilter; page: PageRequest },
): Promise<PageOf<Checkpoint>> {
	const { runId, name } = filter;
	const ofRun = (id: string) =>
		inArray(
			checkpoints.stageKey,
			db.select({ key: runStages.stageKey }).from(runStages).where(eq(runStages.runId, id)),
		);
	const named = (wanted: string) =>
		inArray(checkpoints.stageKey, db.select({ key: stages.key }).from(stages).where(eq(stages.name, wanted)));
	const matching = and(
		eq(checkpoints.kind, "model"),
		runId === undefined ? undefined : ofRun(runId),
		name === undefined ? undefined : named(name),
	);
	const found = await paged({ key: checkpoints.id, direction: "desc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(checkpoints)
			.where(and(where, matching))
			.orderBy(...orderBy)
			.limit(limit),
	);
	return { ...found, rows: await withFiles(db, found.rows) };
}

async function withFiles(db: Db, rows: readonly CheckpointRow[]): Promise<Checkpoint[]> {
	if (rows.length === 0) return [];
	const ids = rows.map(({ id }) => id);
	const files = await db
		.select({
			checkpointId: checkpointFiles.checkpointId,
			name: checkpointFiles.name,
			sha256: checkpointFiles.sha256,
			bytes: artifacts.bytes,
			mediaType: artifacts.mediaType,
		})
		.from(checkpointFiles)
		.innerJoin(artifacts, eq(artifacts.sha256, checkpointFiles.sha256))
		.where(inArray(checkpointFiles.checkpointId, ids))
		.orderBy(asc(checkpointFiles.name));
	const byCheckpoint = Map.groupBy(files, ({ checkpointId }) => checkpointId);
	return rows.map((row) => ({
		...row,
		files: (byCheckpoint.get(row.id) ?? []).map(({ checkpointId: _, ...file }) => file),
	}));
}
