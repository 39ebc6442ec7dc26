/** Imports of data sets, which workers carry out, and the rows they left out. */
import { sql } from "drizzle-orm";
import {
	bigint,
	boolean,
	check,
	index,
	integer,
	jsonb,
	pgEnum,
	pgTable,
	primaryKey,
	text,
	uuid,
} from "drizzle-orm/pg-core";
import type { ImportSettings, RunFailure } from "../shapes.ts";
import { createdAt, id, instant, sha256 } from "./columns.ts";
import { datasets } from "./datasets.ts";
import { workers } from "./runs.ts";

export const importStatus = pgEnum("import_status", ["queued", "running", "succeeded", "failed", "cancelled"]);

/** One import. The row is the truth about it: workers claim it here, and what shows its progress reads it here. */
export const imports = pgTable(
	"imports",
	{
		id: id().primaryKey(),
		/** Name of the importer. */
		kind: text().notNull(),
		path: text().notNull(),
		/** Folder that the path must not lead out of; null where any readable path may be imported. */
		root: text(),
		settings: jsonb().$type<ImportSettings>().notNull(),
		status: importStatus().notNull().default("queued"),
		/** Whether the user wants it stopped. */
		isCancelled: boolean().notNull().default(false),
		/** Number of the newest attempt; every write of an attempt carries it. 0 before the first. */
		epoch: integer().notNull().default(0),
		/** Attempts lost in a row without progress. */
		stalledAttempts: integer().notNull().default(0),
		leaseUntil: instant(),
		workerId: uuid().references(() => workers.id, { onDelete: "set null" }),
		/** Raised with every change, so that whoever follows it knows when to look. */
		revision: bigint({ mode: "number" }).notNull().default(0),
		/** Rows that are done, and all of them as far as they are counted; 0 while they are not. */
		done: integer().notNull().default(0),
		total: integer().notNull().default(0),
		/** Rows left out, of which the first are kept here. */
		faultCount: integer().notNull().default(0),
		error: jsonb().$type<RunFailure>(),
		/** Hash of the version in the data folder, by which experiments name it. */
		versionHash: sha256(),
		datasetId: uuid().references(() => datasets.id),
		createdAt: createdAt(),
		startedAt: instant(),
		endedAt: instant(),
	},
	(table) => [
		index("imports_created_at_index").on(table.createdAt, table.id),
		index("imports_open_index").on(table.createdAt).where(sql`${table.status} IN ('queued', 'running')`),
		check(
			"imports_counts_not_negative",
			sql`${table.epoch} >= 0 AND ${table.done} >= 0 AND ${table.total} >= 0 AND ${table.faultCount} >= 0`,
		),
		check("imports_lease_while_running", sql`(${table.status} = 'running') = (${table.leaseUntil} IS NOT NULL)`),
		check("imports_success_has_dataset", sql`${table.status} <> 'succeeded' OR ${table.datasetId} IS NOT NULL`),
	],
);

export const importFaults = pgTable(
	"import_faults",
	{
		importId: uuid()
			.notNull()
			.references(() => imports.id, { onDelete: "cascade" }),
		/** From 0. */
		position: integer().notNull(),
		file: text().notNull(),
		/** Counts from 1. */
		row: integer().notNull(),
		/** Column or field, where one is to blame. */
		column: text(),
		reason: text().notNull(),
		detail: text().notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.importId, table.position] }),
		check("import_faults_position_not_negative", sql`${table.position} >= 0`),
	],
);
