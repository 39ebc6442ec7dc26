/** What belongs to many rows at once, in one statement for all of them: a list never asks once per row. */
import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import {
	artifacts,
	checkpointFiles,
	checkpoints,
	datasets,
	defenseReports,
	evaluations,
	pairs,
	runArtifacts,
	runStages,
	runs,
	stages,
	systemSamples,
	workers,
} from "../schema/index.ts";
import { list } from "./rows.ts";

/** One row of a run's result table. */
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
		.orderBy(asc(evaluations.runId), asc(evaluations.id));
}

/** All evaluations of runs, as they were made. */
export async function evaluationsOfRuns(
	db: Db,
	runIds: readonly string[],
): Promise<(typeof evaluations.$inferSelect)[]> {
	return db
		.select()
		.from(evaluations)
		.where(inArray(evaluations.runId, [...runIds]))
		.orderBy(asc(evaluations.runId), asc(evaluations.id));
}

/** The reports of runs' filters. */
export async function reportsOfRuns(
	db: Db,
	runIds: readonly string[],
): Promise<(typeof defenseReports.$inferSelect)[]> {
	return db
		.select()
		.from(defenseReports)
		.where(inArray(defenseReports.runId, [...runIds]))
		.orderBy(asc(defenseReports.runId), asc(defenseReports.id));
}

/** A stage as one run had it. */
export interface StageOfRun {
	readonly runId: string;
	readonly name: string;
	readonly key: string;
	readonly reused: boolean;
	readonly seconds: number | null;
}

/** The stages of runs, in the order they began. */
export async function stagesOfRuns(db: Db, runIds: readonly string[]): Promise<StageOfRun[]> {
	return db
		.select({
			runId: runStages.runId,
			name: runStages.name,
			key: runStages.stageKey,
			reused: runStages.reused,
			seconds: stages.seconds,
		})
		.from(runStages)
		.innerJoin(stages, eq(stages.key, runStages.stageKey))
		.where(inArray(runStages.runId, [...runIds]))
		.orderBy(asc(runStages.runId), asc(runStages.createdAt));
}

/** A file that a run left behind. */
export interface ArtifactOfRun {
	readonly runId: string;
	readonly name: string;
	readonly sha256: string;
	readonly bytes: number;
	readonly mediaType: string;
}

/** The files of runs, by name. */
export async function artifactsOfRuns(db: Db, runIds: readonly string[]): Promise<ArtifactOfRun[]> {
	return db
		.select({
			runId: runArtifacts.runId,
			name: runArtifacts.name,
			sha256: runArtifacts.sha256,
			bytes: artifacts.bytes,
			mediaType: artifacts.mediaType,
		})
		.from(runArtifacts)
		.innerJoin(artifacts, eq(artifacts.sha256, runArtifacts.sha256))
		.where(inArray(runArtifacts.runId, [...runIds]))
		.orderBy(asc(runArtifacts.runId), asc(runArtifacts.name));
}

/** Samples of a run that are shown; a longer run has every so many-th of them. */
const MOST_SAMPLES = 500;

/** What runs took of their machines over time. */
export async function samplesOfRuns(db: Db, runIds: readonly string[]): Promise<(typeof systemSamples.$inferSelect)[]> {
	const numbered = db.$with("numbered").as(
		db
			.select({
				runId: systemSamples.runId,
				at: systemSamples.at,
				epoch: systemSamples.epoch,
				cpuShare: systemSamples.cpuShare,
				residentBytes: systemSamples.residentBytes,
				place:
					sql<number>`row_number() OVER (PARTITION BY ${systemSamples.runId} ORDER BY ${systemSamples.at} DESC) - 1`.as(
						"place",
					),
				count: sql<number>`count(*) OVER (PARTITION BY ${systemSamples.runId})`.as("count"),
			})
			.from(systemSamples)
			.where(inArray(systemSamples.runId, [...runIds])),
	);
	const rows = await db
		.with(numbered)
		.select()
		.from(numbered)
		.where(sql`${numbered.place} % ceil(${numbered.count}::numeric / ${MOST_SAMPLES}) = 0`)
		.orderBy(asc(numbered.runId), asc(numbered.at));
	return rows.map(({ place: _, count: __, ...sample }) => sample);
}

/** A finished model with its files. */
export interface ModelOfStage {
	readonly id: string;
	readonly stageKey: string;
	readonly name: string;
	readonly runId: string | null;
	readonly step: number;
	readonly createdAt: Date;
	readonly files: readonly {
		readonly name: string;
		readonly sha256: string;
		readonly bytes: number;
		readonly mediaType: string;
	}[];
}

/** Finished models by the stages that made them, or by their own ids; the newest of each stage first. */
export async function findModels(
	db: Db,
	by: { readonly stageKeys: readonly string[] } | { readonly ids: readonly string[] },
): Promise<ModelOfStage[]> {
	const wanted = "ids" in by ? inArray(checkpoints.id, [...by.ids]) : inArray(checkpoints.stageKey, [...by.stageKeys]);
	const rows = await db
		.select({
			id: checkpoints.id,
			stageKey: checkpoints.stageKey,
			name: stages.name,
			runId: sql<string | null>`coalesce(${stages.madeByRun}, ${checkpoints.runId})`,
			step: checkpoints.step,
			createdAt: checkpoints.createdAt,
			file: checkpointFiles.name,
			sha256: artifacts.sha256,
			bytes: artifacts.bytes,
			mediaType: artifacts.mediaType,
		})
		.from(checkpoints)
		.innerJoin(stages, eq(stages.key, checkpoints.stageKey))
		.innerJoin(checkpointFiles, eq(checkpointFiles.checkpointId, checkpoints.id))
		.innerJoin(artifacts, eq(artifacts.sha256, checkpointFiles.sha256))
		.where(and(wanted, eq(checkpoints.kind, "model")))
		.orderBy(desc(checkpoints.id), asc(checkpointFiles.name));
	const models = Map.groupBy(rows, ({ id }) => id);
	return [...models.values()].map((files) => {
		const { file: _, sha256: __, bytes: ___, mediaType: ____, ...model } = files[0]!;
		return {
			...model,
			files: files.map(({ file, sha256, bytes, mediaType }) => ({ name: file, sha256, bytes, mediaType })),
		};
	});
}

/** Pairs by data set and sample. */
export async function pairsOfSamples(
	db: Db,
	wanted: readonly { readonly datasetId: string; readonly sample: string }[],
): Promise<(typeof pairs.$inferSelect)[]> {
	return db
		.select()
		.from(pairs)
		.where(
			sql`(${pairs.datasetId}, ${pairs.sample}) IN (SELECT * FROM unnest(${list(wanted.map(({ datasetId }) => datasetId))}::uuid[], ${list(wanted.map(({ sample }) => sample))}::text[]))`,
		);
}

/** Checksums of images by data set and image row; a row that no pair shows is left out. */
export async function imagesOfRows(
	db: Db,
	wanted: readonly { readonly datasetId: string; readonly row: number }[],
): Promise<{ datasetId: string; row: number; sha256: string }[]> {
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

/** Runs of studies that are in sight, by number. */
export async function runsOfStudies(db: Db, studyIds: readonly string[]): Promise<(typeof runs.$inferSelect)[]> {
	return db
		.select()
		.from(runs)
		.where(and(inArray(runs.studyId, [...studyIds]), isNull(runs.archivedAt)))
		.orderBy(asc(runs.number));
}

/** Runs in sight with some group hashes, by seed. */
export async function runsOfGroups(db: Db, groupHashes: readonly string[]): Promise<(typeof runs.$inferSelect)[]> {
	return db
		.select()
		.from(runs)
		.where(and(inArray(runs.groupHash, [...groupHashes]), isNull(runs.archivedAt)))
		.orderBy(asc(runs.seed), asc(runs.number));
}

/** Workers by id. */
export async function findWorkers(db: Db, ids: readonly string[]): Promise<(typeof workers.$inferSelect)[]> {
	return db
		.select()
		.from(workers)
		.where(inArray(workers.id, [...ids]));
}

/** Data sets by id. */
export async function datasetsOf(db: Db, ids: readonly string[]): Promise<(typeof datasets.$inferSelect)[]> {
	return db
		.select()
		.from(datasets)
		.where(inArray(datasets.id, [...ids]));
}
