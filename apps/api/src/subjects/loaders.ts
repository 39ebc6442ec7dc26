/** Reads of one operation, gathered: many asked for by key in one moment become one query. */
import {
	type Artifact,
	type Attempt,
	artifactsOfRuns,
	type Checkpoint,
	checkpointsOfStages,
	type Database,
	type Dataset,
	type DefenseReport,
	defenseReportsOfRuns,
	type Evaluation,
	evaluationsOfRuns,
	findAttempts,
	findCheckpoints,
	findDatasets,
	findDefenseReports,
	findEvaluations,
	findPairs,
	findRuns,
	findStages,
	findStudies,
	findTokens,
	type ImageRow,
	type Import,
	imagesOfRows,
	importsOfWorkers,
	listWorkers,
	type MetricKey,
	metricKeys,
	type OutcomeOfRun,
	outcomesOfRuns,
	type Pair,
	type Run,
	type RunStage,
	type RunStatus,
	runsOfStudies,
	type Stage,
	type Study,
	type SystemSample,
	stagesOfRuns,
	studyCounts,
	systemSamplesOfRuns,
	type Token,
} from "@mithridate/db";
import type { Observation } from "@mithridate/studies";
import DataLoader from "dataloader";
import { observationsOfStudies } from "./paper-studies/observations.ts";

/** A row by its UUID; null where there is none. */
type ById<Row> = DataLoader<string, Row | null>;
/** The rows that belong to another one, by its UUID. */
type Of<Row> = DataLoader<string, readonly Row[]>;

type WorkerRow = Awaited<ReturnType<typeof listWorkers>>[number];
type ArtifactOfRun = Pick<Artifact, "sha256" | "bytes" | "mediaType"> & {
	readonly name: string;
	readonly runId: string;
};

/** A pair by its data set and the name of its sample. */
export interface PairKey {
	readonly datasetId: string;
	readonly sample: string;
}

export interface Loaders {
	readonly run: ById<Run>;
	readonly study: ById<Study>;
	readonly dataset: ById<Dataset>;
	readonly worker: ById<WorkerRow>;
	/** Imports that a worker has: one at most. */
	readonly importsOfWorker: Of<Import>;
	readonly evaluation: ById<Evaluation>;
	readonly report: ById<DefenseReport>;
	readonly checkpoint: ById<Checkpoint>;
	readonly token: ById<Token>;
	/** By its key. */
	readonly stage: ById<Stage>;
	readonly attempts: Of<Attempt>;
	readonly outcomes: Of<OutcomeOfRun>;
	readonly evaluations: Of<Evaluation>;
	readonly reports: Of<DefenseReport>;
	readonly stages: Of<RunStage>;
	readonly artifacts: Of<ArtifactOfRun>;
	readonly samples: Of<SystemSample>;
	readonly metricKeys: Of<MetricKey>;
	/** Finished models of a stage, by its key, oldest first. */
	readonly models: Of<Checkpoint>;
	readonly studyCounts: Of<{ readonly studyId: string; readonly status: RunStatus; readonly count: number }>;
	/** The runs of a study that are in sight, by number. */
	readonly studyRuns: Of<Run>;
	/** What was observed so far in the cells of a study that was started from a definition. */
	readonly observations: DataLoader<Study, readonly Observation[], string>;
	readonly pair: DataLoader<PairKey, Pair | null, string>;
	/** Checksum of a row of a data set's image store. */
	readonly imageHash: DataLoader<ImageRow, string | null, string>;
}

function byId<Row>(find: (ids: readonly string[]) => Promise<readonly Row[]>, idOf: (row: Row) => string): ById<Row> {
	return new DataLoader(async (ids) => {
		const rows = new Map((await find(ids)).map((row) => [idOf(row), row]));
		return ids.map((id) => rows.get(id) ?? null);
	});
}

function of<Row>(find: (ids: readonly string[]) => Promise<readonly Row[]>, ownerOf: (row: Row) => string): Of<Row> {
	return new DataLoader(async (ids) => {
		const rows = Map.groupBy(await find(ids), ownerOf);
		return ids.map((id) => rows.get(id) ?? []);
	});
}

/** Loaders that remember for as long as one operation, or one event of a subscription, lasts. */
export function createLoaders({ database: { db } }: { database: Database }): Loaders {
	const id = (row: { readonly id: string }) => row.id;
	const runId = (row: { readonly runId: string }) => row.runId;
	return {
		run: byId((ids) => findRuns(db, ids), id),
		study: byId((ids) => findStudies(db, ids), id),
		dataset: byId((ids) => findDatasets(db, ids), id),
		worker: byId(() => listWorkers(db), id),
		importsOfWorker: of(
			(ids) => importsOfWorkers(db, ids),
			({ workerId }) => workerId as string,
		),
		evaluation: byId((ids) => findEvaluations(db, ids), id),
		report: byId((ids) => findDefenseReports(db, ids), id),
		checkpoint: byId((ids) => findCheckpoints(db, ids), id),
		token: byId((ids) => findTokens(db, ids), id),
		stage: byId(
			(keys) => findStages(db, keys),
			({ key }) => key,
		),
		attempts: of((ids) => findAttempts(db, ids), runId),
		outcomes: of((ids) => outcomesOfRuns(db, ids), runId),
		evaluations: of((runIds) => evaluationsOfRuns(db, { runIds }), runId),
		reports: of((ids) => defenseReportsOfRuns(db, ids), runId),
		stages: of((ids) => stagesOfRuns(db, ids), runId),
		artifacts: of((ids) => artifactsOfRuns(db, ids), runId),
		samples: of((ids) => systemSamplesOfRuns(db, ids), runId),
		metricKeys: of((ids) => metricKeys(db, ids), runId),
		models: of(
			(stageKeys) => checkpointsOfStages(db, { stageKeys, kind: "model" }),
			({ stageKey }) => stageKey,
		),
		studyCounts: of(
			(ids) => studyCounts(db, ids),
			({ studyId }) => studyId,
		),
		studyRuns: of(
			(ids) => runsOfStudies(db, ids),
			(run) => run.studyId as string,
		),
		observations: new DataLoader((wanted) => observationsOfStudies(db, wanted), { cacheKeyFn: ({ id: key }) => key }),
		pair: pairLoader(db),
		imageHash: imageLoader(db),
	};
}

type Db = Database["db"];

/** Pairs are read data set by data set, of which one operation hardly ever shows two. */
function pairLoader(db: Db): Loaders["pair"] {
	const keyOf = ({ datasetId, sample }: PairKey) => `${datasetId} ${sample}`;
	return new DataLoader(
		async (keys) => {
			const wanted = Map.groupBy(keys, ({ datasetId }) => datasetId);
			const found = await Promise.all(
				[...wanted].map(([datasetId, ones]) => findPairs(db, { datasetId, samples: ones.map(({ sample }) => sample) })),
			);
			const rows = new Map(found.flat().map((pair) => [keyOf(pair), pair]));
			return keys.map((key) => rows.get(keyOf(key)) ?? null);
		},
		{ cacheKeyFn: keyOf },
	);
}

function imageLoader(db: Db): Loaders["imageHash"] {
	const keyOf = ({ datasetId, row }: ImageRow) => `${datasetId} ${row}`;
	return new DataLoader(
		async (keys) => {
			const rows = new Map((await imagesOfRows(db, keys)).map((image) => [keyOf(image), image.sha256]));
			return keys.map((key) => rows.get(keyOf(key)) ?? null);
		},
		{ cacheKeyFn: keyOf },
	);
}
