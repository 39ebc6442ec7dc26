/** Data set versions, which never change, and their pairs. */
import { sql } from "drizzle-orm";
import {
	check,
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
import { artifacts } from "./artifacts.ts";
import { createdAt, id, sha256 } from "./columns.ts";

export const splitName = pgEnum("split_name", ["train", "test", "trusted"]);

export const datasets = pgTable("datasets", {
	id: id().primaryKey(),
	name: text().notNull(),
	hash: sha256().notNull().unique(),
	settings: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
	classes: text().array().notNull(),
	/** Height and width of every image, in pixels. */
	imageSize: integer().notNull(),
	trainCount: integer().notNull(),
	testCount: integer().notNull(),
	trustedCount: integer().notNull(),
	/** RGB bytes, image after image, each image size x size x 3; null where the pixels were not kept. */
	imagesSha256: sha256().references(() => artifacts.sha256),
	createdAt: createdAt(),
});

export const pairs = pgTable(
	"pairs",
	{
		datasetId: uuid()
			.notNull()
			.references(() => datasets.id, { onDelete: "cascade" }),
		split: splitName().notNull(),
		/** Place in the split, from 0. */
		position: integer().notNull(),
		sample: text().notNull(),
		/** Null for material without a label. */
		class: text(),
		captions: text().array().notNull(),
		/** Row of the data set's image store. */
		imageRow: integer().notNull(),
		imageSha256: sha256().notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.datasetId, table.split, table.position] }),
		uniqueIndex("pairs_dataset_id_sample_key").on(table.datasetId, table.sample),
		index("pairs_class_index").on(table.datasetId, table.split, table.class, table.position),
		check("pairs_position_not_negative", sql`${table.position} >= 0 AND ${table.imageRow} >= 0`),
	],
);
