/** What a run tells while it works: numbered events, metric points and samples of its machine. */
import { sql } from "drizzle-orm";
import {
	bigint,
	check,
	doublePrecision,
	integer,
	jsonb,
	pgEnum,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
	uuid,
} from "drizzle-orm/pg-core";
import { EVENT_KINDS, type EventBody } from "../shapes.ts";
import { createdAt, instant } from "./columns.ts";
import { runs, studies } from "./runs.ts";

export const eventKind = pgEnum("event_kind", EVENT_KINDS);

const ofRun = () =>
	uuid()
		.notNull()
		.references(() => runs.id, { onDelete: "cascade" });

export const events = pgTable(
	"events",
	{
		runId: ofRun(),
		/** From 1, without a gap. */
		seq: bigint({ mode: "number" }).notNull(),
		studyId: uuid().references(() => studies.id),
		/** Number among the events of all runs of the study, from 1. */
		studySeq: bigint({ mode: "number" }),
		epoch: integer().notNull(),
		kind: eventKind().notNull(),
		body: jsonb().$type<EventBody>().notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		primaryKey({ columns: [table.runId, table.seq] }),
		uniqueIndex("events_study_id_study_seq_key")
			.on(table.studyId, table.studySeq)
			.where(sql`${table.studyId} IS NOT NULL`),
		check("events_study_is_numbered", sql`(${table.studyId} IS NULL) = (${table.studySeq} IS NULL)`),
		check("events_seq_positive", sql`${table.seq} > 0`),
	],
);

export const metricPoints = pgTable(
	"metric_points",
	{
		runId: ofRun(),
		/** `<stage>/<name>`. */
		key: text().notNull(),
		step: integer().notNull(),
		value: doublePrecision().notNull(),
		/** The attempt that recorded it first. */
		epoch: integer().notNull(),
	},
	(table) => [primaryKey({ columns: [table.runId, table.key, table.step] })],
);

export const systemSamples = pgTable(
	"system_samples",
	{
		runId: ofRun(),
		at: instant().notNull(),
		epoch: integer().notNull(),
		/** Busy time over wall time and cores, from 0 to 1. */
		cpuShare: doublePrecision().notNull(),
		residentBytes: bigint({ mode: "number" }).notNull(),
	},
	(table) => [primaryKey({ columns: [table.runId, table.at] })],
);
