/** What belongs to many rows at once, in one statement for all of them: a list never asks once per row. */
import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { attempts, datasets, evaluations, pairs, poisonedPairs, runs } from "../schema/index.ts";
import { list } from "./rows.ts";
import type { Run } from "./runs.ts";

/** One row of a run's result table, without its long columns. */
export type OutcomeOfRun = Pick<
	typeof evaluations.$inferSelect,
	| "runId"
	| "model"
	| "hitAt1"
	| "hitAt5"
	| "hitAt10"
	| "minRank"
	| "textRetrievalAt10"
	| "imageRetrievalAt10"
	| "seconds"
>;

/** The result tables of runs, models in the order they were made. */
export async function outcomesOfRuns(db: Db, runIds: readonly string[]): Promise<OutcomeOfRun[]> {
	return db
		.select({
			runId: evaluations.runId,
			model: evaluations.model,
			hitAt1: evaluations.hitAt1,
			hitAt5: evaluations.hitAt5,
			hitAt10: evaluations.hitAt10,
			minRank: evaluations.minRank,
			textRetrievalAt10: evaluations.textRetrievalAt10,
			imageRetrievalAt10: evaluations.imageRetrievalAt10,
			seconds: evaluations.seconds,
		})
		.from(evaluations)
		.where(and(inArray(evaluations.runId, [...runIds]), isNull(evaluations.step)))
		.orderBy(asc(evaluations.runId), asc(evaluations.createdAt), asc(evaluations.id));
}

/** The runs of studies that are in sight, by number. */
export async function runsOfStudies(db: Db, studyIds: readonly string[]): Promise<Run[]> {
	return db
		.select()
		.from(runs)
		.where(and(inArray(runs.studyId, [...studyIds]), isNull(runs.archivedAt)))
		.orderBy(asc(runs.number));
}

/** A row of a data set's image store. */
export interface ImageRow {
	readonly datasetId: string;
	readonly row: number;
}

/** Checksums of images; a row that no pair shows is left out. */
export async function imagesOfRows(db: Db, wanted: readonly ImageRow[]): Promise<(ImageRow & { sha256: string })[]> {
	return db
		.selectDistinctOn([pairs.datasetId, pairs.imageRow], {
			datasetId: pairs.datasetId,
			row: pairs.imageRow,
			sha256: pairs.imageSha256,
		})
		.from(pairs)
		.where(
			sql`(${pairs.datasetId}, ${pairs.imageRow}) IN (SELECT * FROM unnest(${list(wanted.map(({ datasetId }) => datasetId))}::uuid[], ${list(wanted.map(({ row }) => row))}::int[]))`,
		);
}

/** What a run's attack did to some of its pairs, by the names of their samples; those it left alone are left out. */
export async function poisonedPairsOfSamples(
	db: Db,
	{ runId, samples }: { runId: string; samples: readonly string[] },
): Promise<(typeof poisonedPairs.$inferSelect)[]> {
	return db
		.select()
		.from(poisonedPairs)
		.where(and(eq(poisonedPairs.runId, runId), inArray(poisonedPairs.sample, [...samples])));
}

/** How long a run took, with what decides it. */
export interface RunDuration {
	readonly seconds: number;
	readonly config: Run["config"];
	readonly trainCount: number;
	readonly trustedCount: number;
}

/** The newest runs that ended well in one attempt. */
export async function recentDurations(db: Db, limit: number): Promise<RunDuration[]> {
	return db
		.select({
			seconds: sql`extract(epoch FROM ${attempts.endedAt} - ${attempts.startedAt})`.mapWith(Number),
			config: runs.config,
			trainCount: datasets.trainCount,
			trustedCount: datasets.trustedCount,
		})
		.from(runs)
		.innerJoin(attempts, and(eq(attempts.runId, runs.id), eq(attempts.epoch, runs.epoch)))
		.innerJoin(datasets, eq(datasets.id, runs.datasetId))
		.where(and(eq(runs.status, "succeeded"), eq(runs.epoch, 1), isNotNull(attempts.endedAt)))
		.orderBy(desc(runs.endedAt))
		.limit(limit);
}
