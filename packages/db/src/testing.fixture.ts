/** Databases for tests: one server per run, started by the first test that asks, and a copy of a migrated template each. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { v7 } from "uuid";
import { afterAll, inject } from "vitest";
import { connect, type Database } from "./connect.ts";
import { locateCluster } from "./embedded/cluster.ts";
import { exclusively } from "./embedded/lock.ts";
import { addressOf } from "./embedded/postmaster.ts";
import { ensureServer } from "./embedded/server.ts";
import { migrate } from "./migrate.ts";

const TEMPLATE_LOCK = 7_311_530_042;
/** A test's data need not survive a power cut. */
const FAST = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "64MB" };

export interface TestDatabase extends Database {
	readonly url: string;
	readonly kind: "embedded" | "external";
}

/** A migrated database of its own for a test file, gone after its last test. Call it at the top of the file. */
export async function freshDatabase({ max = 10 }: { max?: number } = {}): Promise<TestDatabase> {
	const { url, kind, drop } = await createDatabase(await template());
	const database = connect({ url, max });
	let closed: Promise<void> | undefined;
	const close = () => {
		closed ??= database.close().then(drop);
		return closed;
	};
	afterAll(close);
	return { ...database, url, kind, close };
}

/** As `freshDatabase`, without any table. */
export async function emptyDatabase(): Promise<{ readonly url: string }> {
	const { url, drop } = await createDatabase("template0");
	afterAll(drop);
	return { url };
}

let server: Promise<{ url: string; kind: "embedded" | "external" }> | undefined;

function openServer() {
	server ??= (async () => {
		const { folder, url } = inject("databases");
		if (url !== null) return { url, kind: "external" };
		const cluster = await locateCluster(folder);
		const port = await exclusively(cluster.lock, () => ensureServer(cluster, FAST));
		return { url: addressOf(cluster, { port, database: "postgres" }), kind: "embedded" };
	})();
	return server;
}

async function createDatabase(from: string) {
	const { url: serverUrl, kind } = await openServer();
	const name = `mithridate_test_${v7().replaceAll("-", "")}`;
	await administer(serverUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from} ENCODING 'UTF8'`));
	const drop = () =>
		administer(serverUrl, async (client) => {
			await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
		});
	return { url: withDatabase(serverUrl, name), kind, drop };
}

/** The migrated template, made by whoever needs it first; its name changes with the migrations. */
async function template(): Promise<string> {
	const { url } = await openServer();
	const folder = join(import.meta.dirname, "migrations");
	const hash = createHash("sha256");
	for (const file of readdirSync(folder).sort())
		if (file.endsWith(".sql")) hash.update(readFileSync(join(folder, file)));
	const name = `mithridate_template_${hash.digest("hex").slice(0, 16)}`;
	await administer(url, async (client) => {
		await client.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
		const { rows } = await client.query("SELECT datistemplate FROM pg_database WHERE datname = $1", [name]);
		if (rows[0]?.datistemplate) return;
		await client.query(`DROP DATABASE IF EXISTS ${name}`);
		await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
		await migrate({ url: withDatabase(url, name) });
		await client.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
	});
	return name;
}

async function administer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		await work(client);
	} finally {
		await client.end();
	}
}

function withDatabase(url: string, name: string): string {
	const address = new URL(url);
	address.pathname = `/${name}`;
	return address.href;
}
