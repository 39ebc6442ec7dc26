/** Brings a database's tables to what this code expects: one migration after the other, each whole or not at all. */
import { join } from "node:path";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import pg from "pg";
import { DatabaseError } from "./errors.ts";

/** Any number will do that nobody else locks in the same database. */
const LOCK = 7_311_530_041;
const OLDEST_SERVER = 15;

/**
 * Applies the migrations that are missing. When two programs do so at once, one waits for the other. Killed half way, it
 * leaves the tables as they were after the last whole migration.
 * @returns how many were applied.
 * @throws DatabaseError `server-unsupported` or `migration-failed`.
 */
export async function migrate({
	url,
	folder = join(import.meta.dirname, "migrations"),
}: {
	url: string;
	folder?: string;
}): Promise<number> {
	const client = new pg.Client({ connectionString: url, application_name: "mithridate-migrate" });
	await client.connect();
	try {
		await checkServer(client);
		await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
		await client.query(`CREATE SCHEMA IF NOT EXISTS drizzle;
			CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`);
		const missing = await missingMigrations(client, readMigrationFiles({ migrationsFolder: folder }));
		for (const migration of missing) await apply(client, migration);
		return missing.length;
	} finally {
		// Ends the session, and with it the lock.
		await client.end();
	}
}

async function checkServer(client: pg.Client): Promise<void> {
	const { rows } = await client.query<{ version: string; encoding: string }>(
		"SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding",
	);
	const { version, encoding } = rows[0]!;
	const major = Math.floor(Number(version) / 10_000);
	if (major < OLDEST_SERVER)
		throw new DatabaseError(
			"server-unsupported",
			`The server is PostgreSQL ${major}, and ${OLDEST_SERVER} is the oldest that works. Upgrade it, or leave DATABASE_URL out to use the embedded one.`,
			{ subject: String(major) },
		);
	if (encoding !== "UTF8")
		throw new DatabaseError(
			"server-unsupported",
			`The database's encoding is ${encoding}, and captions need UTF8. Create it with ENCODING 'UTF8' TEMPLATE template0.`,
			{ subject: encoding },
		);
}

/** The migrations after those that the database has, which must be the first of ours, unchanged. */
async function missingMigrations(
	client: pg.Client,
	known: readonly MigrationMeta[],
): Promise<readonly MigrationMeta[]> {
	const { rows } = await client.query<{ hash: string }>("SELECT hash FROM drizzle.__drizzle_migrations ORDER BY id");
	const stranger = rows.findIndex(({ hash }, at) => known[at]?.hash !== hash);
	if (stranger !== -1)
		throw new DatabaseError(
			"migration-failed",
			`Migration ${stranger + 1} of the database is none of this version's ${known.length}: it was made by another version of Mithridate. Use that version, or a new database.`,
			{ subject: rows[stranger]!.hash },
		);
	return known.slice(rows.length);
}

async function apply(client: pg.Client, { sql, hash, folderMillis }: MigrationMeta): Promise<void> {
	await client.query("BEGIN");
	try {
		for (const statement of sql) await client.query(statement);
		await client.query("INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)", [
			hash,
			folderMillis,
		]);
		await client.query("COMMIT");
	} catch (cause) {
		await client.query("ROLLBACK").catch(() => undefined);
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new DatabaseError(
			"migration-failed",
			`A migration failed and was undone: ${reason}. The database is as it was before; repair what it names and start again.`,
			{ subject: hash, cause },
		);
	}
}
