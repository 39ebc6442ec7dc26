/** Who may do what, and what was asked before. */
import { customType, jsonb, pgEnum, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, id, instant, sha256 } from "./columns.ts";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

export const role = pgEnum("role", ["viewer", "researcher", "admin"]);

export const tokens = pgTable("tokens", {
	id: id().primaryKey(),
	name: text().notNull(),
	/** SHA-256 of the secret, which is stored nowhere. */
	hash: bytea().notNull().unique(),
	/** The secret's first letters, to tell tokens apart. */
	prefix: text().notNull(),
	role: role().notNull(),
	scopes: text().array().notNull(),
	createdAt: createdAt(),
	expiresAt: instant(),
	revokedAt: instant(),
	lastUsedAt: instant(),
});

/** Answers to requests that may be sent twice. */
export const idempotency = pgTable(
	"idempotency",
	{
		/** Who asked for what: a key means something only within it. */
		scope: text().notNull(),
		key: text().notNull(),
		inputHash: sha256().notNull(),
		result: jsonb(),
		createdAt: createdAt(),
	},
	(table) => [primaryKey({ columns: [table.scope, table.key] })],
);
