/** Studies, their runs, the attempts to carry a run out, and the workers that make them. */
import type { ExperimentConfig } from "@mithridate/engine";
import { sql } from "drizzle-orm";
import {
	type AnyPgColumn,
	bigint,
	boolean,
	check,
	doublePrecision,
	index,
	integer,
	jsonb,
	pgEnum,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid,
} from "drizzle-orm/pg-core";
import type { Environment, Goal, RunFailure, RunProgress, SweepGrid } from "../shapes.ts";
import { createdAt, id, instant, sha256 } from "./columns.ts";
import { datasets } from "./datasets.ts";

export const runStatus = pgEnum("run_status", [
	"queued",
	"running",
	"paused",
	"succeeded",
	"failed",
	"cancelled",
	"quarantined",
]);
/** What the user wants of a run that is under way. */
export const runIntent = pgEnum("run_intent", ["run", "pause", "cancel"]);
export const attemptOutcome = pgEnum("attempt_outcome", ["succeeded", "failed", "cancelled", "paused", "lost"]);

export const studies = pgTable(
	"studies",
	{
		id: id().primaryKey(),
		slug: text().notNull().unique(),
		name: text().notNull(),
		question: text(),
		notes: text(),
		tags: text().array().notNull().default([]),
		/** The sweep it was made from; null for a set of runs put together by hand or from a definition. */
		grid: jsonb().$type<SweepGrid>(),
		/** Name of the study definition that its cells, views and verdicts come from; null for any other study. */
		definition: text(),
		/** What the definition's cells were made for: data set, scale and whatever else it can be asked with. */
		setting: jsonb().$type<Readonly<Record<string, unknown>>>(),
		/** Hash of the definition when the study was started, so that a later change of it shows. */
		definitionHash: sha256(),
		/** Number of the newest event of all its runs. */
		lastSeq: bigint({ mode: "number" }).notNull().default(0),
		createdAt: createdAt(),
		archivedAt: instant(),
	},
	(table) => [
		index("studies_definition_index").on(table.definition, table.createdAt),
		check(
			"studies_definition_is_whole",
			sql`num_nulls(${table.definition}, ${table.setting}, ${table.definitionHash}) IN (0, 3)`,
		),
	],
);

export const workers = pgTable("workers", {
	id: id().primaryKey(),
	name: text().notNull(),
	host: text().notNull(),
	pid: integer().notNull(),
	version: text().notNull(),
	threads: integer().notNull(),
	startedAt: createdAt(),
	heartbeatAt: createdAt(),
	runId: uuid().references((): AnyPgColumn => runs.id, { onDelete: "set null" }),
});

/** One experiment with exactly one seed. The row is the truth about it; a queue only points at it. */
export const runs = pgTable(
	"runs",
	{
		id: id().primaryKey(),
		number: integer().generatedAlwaysAsIdentity().notNull().unique(),
		name: text().notNull(),
		studyId: uuid().references(() => studies.id),
		/** Name of the study definition's cell that it repeats; null outside of such studies. */
		cell: text(),
		config: jsonb().$type<ExperimentConfig>().notNull(),
		configHash: sha256().notNull(),
		/** As `configHash`, of everything but the seed. */
		groupHash: sha256().notNull(),
		seed: bigint({ mode: "number" }).notNull(),
		attack: text().notNull(),
		goalsLabel: text().notNull(),
		defenses: text().array().notNull(),
		status: runStatus().notNull().default("queued"),
		intent: runIntent().notNull().default("run"),
		/** The higher, the sooner. */
		priority: integer().notNull().default(0),
		/** Number of the newest attempt; every write of an attempt carries it. 0 before the first. */
		epoch: integer().notNull().default(0),
		/** Attempts lost in a row without progress. */
		stalledAttempts: integer().notNull().default(0),
		leaseUntil: instant(),
		workerId: uuid().references(() => workers.id, { onDelete: "set null" }),
		/** Number of the newest event. */
		lastSeq: bigint({ mode: "number" }).notNull().default(0),
		datasetId: uuid().references(() => datasets.id),
		/** Poisoned over all training samples; null until the attack is made. */
		poisonShare: doublePrecision(),
		goals: jsonb().$type<readonly Goal[]>().notNull().default([]),
		/** Hit@10 of the poisoned model after training, which runs are ordered by. */
		poisonedHitAt10: doublePrecision("poisoned_hit_at_10"),
		progress: jsonb().$type<RunProgress>(),
		error: jsonb().$type<RunFailure>(),
		environment: jsonb().$type<Environment>(),
		tags: text().array().notNull().default([]),
		notes: text(),
		createdAt: createdAt(),
		queuedAt: createdAt(),
		startedAt: instant(),
		endedAt: instant(),
		archivedAt: instant(),
	},
	(table) => [
		index("runs_study_id_index").on(table.studyId, table.number),
		uniqueIndex("runs_study_id_cell_seed_key")
			.on(table.studyId, table.cell, table.seed)
			.where(sql`${table.cell} IS NOT NULL`),
		index("runs_dataset_id_index").on(table.datasetId),
		index("runs_group_hash_index").on(table.groupHash, table.seed),
		index("runs_created_at_index").on(table.createdAt, table.id),
		index("runs_ended_at_index").on(table.endedAt, table.id),
		index("runs_poisoned_hit_at_10_index").on(table.poisonedHitAt10, table.id),
		index("runs_lease_until_index").on(table.leaseUntil).where(sql`${table.status} = 'running'`),
		index("runs_queued_index").on(table.priority.desc(), table.queuedAt).where(sql`${table.status} = 'queued'`),
		check(
			"runs_counts_not_negative",
			sql`${table.epoch} >= 0 AND ${table.stalledAttempts} >= 0 AND ${table.lastSeq} >= 0`,
		),
		check("runs_cell_is_of_a_study", sql`${table.cell} IS NULL OR ${table.studyId} IS NOT NULL`),
		check("runs_lease_while_running", sql`(${table.status} = 'running') = (${table.leaseUntil} IS NOT NULL)`),
	],
);

export const attempts = pgTable(
	"attempts",
	{
		runId: uuid()
			.notNull()
			.references(() => runs.id, { onDelete: "cascade" }),
		epoch: integer().notNull(),
		workerId: uuid().references(() => workers.id, { onDelete: "set null" }),
		/** Name of the worker, kept when its row is gone. */
		worker: text().notNull(),
		host: text().notNull(),
		pid: integer().notNull(),
		startedAt: createdAt(),
		endedAt: instant(),
		outcome: attemptOutcome(),
		error: jsonb().$type<RunFailure>(),
		/** Whether it recorded a new checkpoint or new metric points. */
		madeProgress: boolean().notNull().default(false),
	},
	(table) => [
		primaryKey({ columns: [table.runId, table.epoch] }),
		check("attempts_end_has_outcome", sql`(${table.endedAt} IS NULL) = (${table.outcome} IS NULL)`),
	],
);
