/** Files named by their content: what the rows know of them. */
import { sql } from "drizzle-orm";
import { bigint, check, pgTable, text } from "drizzle-orm/pg-core";
import { createdAt, instant, sha256 } from "./columns.ts";

export const artifacts = pgTable(
	"artifacts",
	{
		sha256: sha256().primaryKey(),
		bytes: bigint({ mode: "number" }).notNull(),
		mediaType: text().notNull(),
		createdAt: createdAt(),
		/** When the file was found missing or with other content; null while it is thought to be sound. */
		damagedAt: instant(),
	},
	(table) => [
		check("artifacts_sha256_hex", sql`${table.sha256} ~ '^[0-9a-f]{64}$'`),
		check("artifacts_bytes_not_negative", sql`${table.bytes} >= 0`),
	],
);
