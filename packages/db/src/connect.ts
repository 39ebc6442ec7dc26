/** A pool of connections with the typed query builder over it. */

import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import pg from "pg";
import { takeBackBroken } from "./broken-connections.ts";
import * as schema from "./schema/index.ts";

type Schema = typeof schema;

/** What queries are made on: the database itself or an open transaction. */
export type Db = PgDatabase<NodePgQueryResultHKT, Schema>;

export interface Database {
	readonly db: NodePgDatabase<Schema>;
	readonly pool: pg.Pool;
	close(): Promise<void>;
}

export interface ConnectOptions {
	readonly url: string;
	/** Most connections at once. */
	readonly max?: number;
	/** Milliseconds a statement may take; 0 for no limit. */
	readonly statementTimeout?: number;
	/** Told when a connection breaks while nobody uses it. The pool replaces it by itself. */
	readonly onIdleError?: (error: Error) => void;
}

/** Opens a pool; the first connection is made by the first query. */
export function connect({ url, max = 10, statementTimeout = 8000, onIdleError }: ConnectOptions): Database {
	const pool = new pg.Pool({
		connectionString: url,
		max,
		statement_timeout: statementTimeout,
		// An abandoned transaction would hold a run's row, and with it every later event of the run.
		idle_in_transaction_session_timeout: 10_000,
		connectionTimeoutMillis: 10_000,
		keepAlive: true,
		application_name: "mithridate",
	});
	takeBackBroken(pool);
	pool.on("error", (error) => onIdleError?.(error));
	return { db: drizzle(pool, { schema, casing: "snake_case" }), pool, close: () => pool.end() };
}
