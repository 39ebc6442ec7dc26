/** Stages, which are the same work by the same key in every run, their checkpoints, and the files of both. */
import { sql } from "drizzle-orm";
import {
	boolean,
	check,
	doublePrecision,
	index,
	integer,
	pgEnum,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid,
} from "drizzle-orm/pg-core";
import { artifacts } from "./artifacts.ts";
import { createdAt, id, instant, sha256 } from "./columns.ts";
import { runs } from "./runs.ts";

export const stageStatus = pgEnum("stage_status", ["begun", "finished"]);
/** state: all that training needs to go on. model: the finished weights. */
export const checkpointKind = pgEnum("checkpoint_kind", ["state", "model"]);

export const stages = pgTable("stages", {
	/** Content address: a hash over everything that decides the result. */
	key: sha256().primaryKey(),
	name: text().notNull(),
	madeByRun: uuid().references(() => runs.id, { onDelete: "set null" }),
	status: stageStatus().notNull().default("begun"),
	/** Time of training, once finished. */
	seconds: doublePrecision(),
	createdAt: createdAt(),
	finishedAt: instant(),
});

export const runStages = pgTable(
	"run_stages",
	{
		runId: uuid()
			.notNull()
			.references(() => runs.id, { onDelete: "cascade" }),
		name: text().notNull(),
		stageKey: sha256()
			.notNull()
			.references(() => stages.key),
		/** Whether another run had finished it before. */
		reused: boolean().notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		primaryKey({ columns: [table.runId, table.name] }),
		index("run_stages_stage_key_index").on(table.stageKey),
	],
);

export const checkpoints = pgTable(
	"checkpoints",
	{
		id: id().primaryKey(),
		stageKey: sha256()
			.notNull()
			.references(() => stages.key, { onDelete: "cascade" }),
		kind: checkpointKind().notNull(),
		step: integer().notNull(),
		runId: uuid().references(() => runs.id, { onDelete: "set null" }),
		epoch: integer().notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		uniqueIndex("checkpoints_stage_run_attempt_key").on(
			table.stageKey,
			table.kind,
			table.step,
			table.runId,
			table.epoch,
		),
		index("checkpoints_run_id_index").on(table.runId),
		check("checkpoints_step_not_negative", sql`${table.step} >= 0`),
	],
);

export const checkpointFiles = pgTable(
	"checkpoint_files",
	{
		checkpointId: uuid()
			.notNull()
			.references(() => checkpoints.id, { onDelete: "cascade" }),
		name: text().notNull(),
		sha256: sha256()
			.notNull()
			.references(() => artifacts.sha256),
	},
	(table) => [
		primaryKey({ columns: [table.checkpointId, table.name] }),
		index("checkpoint_files_sha256_index").on(table.sha256),
	],
);

export const runArtifacts = pgTable(
	"run_artifacts",
	{
		runId: uuid()
			.notNull()
			.references(() => runs.id, { onDelete: "cascade" }),
		name: text().notNull(),
		sha256: sha256()
			.notNull()
			.references(() => artifacts.sha256),
	},
	(table) => [primaryKey({ columns: [table.runId, table.name] }), index("run_artifacts_sha256_index").on(table.sha256)],
);
