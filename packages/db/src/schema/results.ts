/** What a run found: its poisoned pairs, evaluations with every query's rank, and reports of its defenses. */
import { sql } from "drizzle-orm";
import {
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
	unique,
	uuid,
} from "drizzle-orm/pg-core";
import type { GoalSummary, MixtureComponent, RocPoint, ScoreHistogram } from "../shapes.ts";
import { createdAt, id, sha256 } from "./columns.ts";
import { runs } from "./runs.ts";
import { stages } from "./stages.ts";

export const direction = pgEnum("direction", ["text-to-image", "image-to-text"]);
/** random: the reference line, equally many queries of any class against the same targets. */
export const querySet = pgEnum("query_set", ["attack", "random"]);
export const poisonKind = pgEnum("poison_kind", ["replace-image", "inject", "drop"]);

const ofRun = () =>
	uuid()
		.notNull()
		.references(() => runs.id, { onDelete: "cascade" });

export const evaluations = pgTable(
	"evaluations",
	{
		id: id().primaryKey(),
		runId: ofRun(),
		model: text().notNull(),
		/** Null after training, the step of a measurement within it. */
		step: integer(),
		/** Steps of the whole training, of a measurement within it; null after training. */
		steps: integer(),
		stageKey: sha256().references(() => stages.key),
		hitAt1: doublePrecision("hit_at_1").notNull(),
		hitAt5: doublePrecision("hit_at_5").notNull(),
		hitAt10: doublePrecision("hit_at_10").notNull(),
		minRank: doublePrecision().notNull(),
		textRetrievalAt10: doublePrecision("text_retrieval_at_10").notNull(),
		imageRetrievalAt10: doublePrecision("image_retrieval_at_10").notNull(),
		seconds: doublePrecision().notNull(),
		numbers: jsonb().$type<Readonly<Record<string, number>>>().notNull(),
		goals: jsonb().$type<readonly GoalSummary[]>().notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		unique("evaluations_run_id_model_step_key").on(table.runId, table.model, table.step).nullsNotDistinct(),
		index("evaluations_stage_key_index").on(table.stageKey),
	],
);

export const evaluationQueries = pgTable(
	"evaluation_queries",
	{
		evaluationId: uuid()
			.notNull()
			.references(() => evaluations.id, { onDelete: "cascade" }),
		/** Place of the goal in the run's goals, from 0. */
		goal: integer().notNull(),
		direction: direction().notNull(),
		querySet: querySet().notNull(),
		position: integer().notNull(),
		/** `sample#number` of a caption or `sample` of an image. */
		query: text().notNull(),
		/** Zero-based rank of the best target; -1 for a query without any. */
		rank: integer().notNull(),
		/** The first items retrieved, best first, named like queries. */
		top: text().array().notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.evaluationId, table.goal, table.direction, table.querySet, table.position] }),
	],
);

export const poisonedPairs = pgTable(
	"poisoned_pairs",
	{
		runId: ofRun(),
		position: integer().notNull(),
		sample: text().notNull(),
		kind: poisonKind().notNull(),
		class: text(),
		captions: text().array().notNull(),
		/** Image rows of the data set; null where there is no image before or after the edit. */
		beforeRow: integer(),
		afterRow: integer(),
	},
	(table) => [primaryKey({ columns: [table.runId, table.position] })],
);

export const defenseReports = pgTable(
	"defense_reports",
	{
		id: id().primaryKey(),
		runId: ofRun(),
		defense: text().notNull(),
		threshold: doublePrecision().notNull(),
		kept: integer().notNull(),
		removed: integer().notNull(),
		poisonLeft: integer().notNull(),
		cleanLost: integer().notNull(),
		precision: doublePrecision(),
		recall: doublePrecision(),
		auroc: doublePrecision(),
		roc: jsonb().$type<readonly RocPoint[]>().notNull(),
		histogram: jsonb().$type<ScoreHistogram>().notNull(),
		mixture: jsonb().$type<readonly MixtureComponent[]>(),
		createdAt: createdAt(),
	},
	(table) => [
		unique("defense_reports_run_id_defense_key").on(table.runId, table.defense),
		check(
			"defense_reports_counts_not_negative",
			sql`least(${table.kept}, ${table.removed}, ${table.poisonLeft}, ${table.cleanLost}) >= 0`,
		),
	],
);

export const defenseScores = pgTable(
	"defense_scores",
	{
		reportId: uuid()
			.notNull()
			.references(() => defenseReports.id, { onDelete: "cascade" }),
		position: integer().notNull(),
		sample: text().notNull(),
		score: doublePrecision().notNull(),
		poisoned: boolean().notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.reportId, table.position] }),
		index("defense_scores_score_index").on(table.reportId, table.score),
	],
);
