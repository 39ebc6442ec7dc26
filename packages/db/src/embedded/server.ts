/** The server in a data folder, shared by all who open it: the first starts it, the last one to leave stops it. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Cluster, ensureCluster, locateCluster, OWNER } from "./cluster.ts";
import { exclusively } from "./lock.ts";
import { addressOf, findServer, type ServerSettings, startServer, stopServer } from "./postmaster.ts";

const KEEPER = "mithridate-keeper";
/** How long a closing process waits for its own connections to be gone from the server's list. */
const LEAVING_MS = 2000;

export interface EmbeddedServer {
	readonly url: string;
	/** Says that this user is done. Whoever says so last, with no other client left, stops the server. */
	release(): Promise<void>;
}

/**
 * Uses the server of a data folder: one that runs already, whoever started it, or a new one.
 *
 * A user is known by a connection that is open as long as it uses the server and that the system closes when it is
 * killed. So a server is never stopped under somebody, and one whose users were all killed is used and stopped by the
 * next one.
 */
export async function openServer(dataFolder: string, settings: ServerSettings = {}): Promise<EmbeddedServer> {
	const cluster = await locateCluster(dataFolder);
	const attach = () =>
		exclusively(cluster.lock, async () => {
			const port = await ensureServer(cluster, settings);
			await ensureDatabase(addressOf(cluster, { port, database: "postgres" }));
			const url = addressOf(cluster, { port, database: OWNER });
			return { url, client: await keep(url) };
		});
	const { url, client } = await attach();
	const keeper = keepAttached(client, attach);
	return { url, release: () => exclusively(cluster.lock, () => leave(cluster, keeper.stop())) };
}

/** The port of the cluster's server, which is made and started where need be. The caller holds the lock. */
export async function ensureServer(cluster: Cluster, settings: ServerSettings): Promise<number> {
	await ensureCluster(cluster);
	return (await findServer(cluster)) ?? (await startServer(cluster, settings));
}

/** Stops the server of a data folder, whoever uses it; nothing happens when none runs. */
export async function stopServerOf(dataFolder: string): Promise<void> {
	const cluster = await locateCluster(dataFolder);
	await exclusively(cluster.lock, async () => {
		if ((await findServer(cluster)) !== null) await stopServer(cluster);
	});
}

async function ensureDatabase(url: string): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [OWNER]);
		if (rowCount === 0) await client.query(`CREATE DATABASE ${OWNER}`);
	} finally {
		await client.end();
	}
}

async function keep(url: string): Promise<pg.Client> {
	const client = new pg.Client({ connectionString: url, application_name: KEEPER, keepAlive: true });
	await client.connect();
	return client;
}

/** Attaches anew whenever the connection is lost, which starts the server again if it is gone. */
function keepAttached(first: pg.Client, attach: () => Promise<{ client: pg.Client }>) {
	let stopped = false;
	let current: Promise<pg.Client> = Promise.resolve(first);
	const watch = (client: pg.Client) => {
		// A server that shuts down says so before its connection ends, which is a second error.
		client.on("error", () => undefined);
		client.once("error", () => {
			if (!stopped) current = reattach();
		});
	};
	const reattach = async (): Promise<pg.Client> => {
		for (;;) {
			await sleep(1000, undefined, { ref: false });
			if (stopped) return first;
			try {
				const { client } = await attach();
				watch(client);
				return client;
			} catch {
				// The server is still down; whoever asks it for something is told why.
			}
		}
	};
	watch(first);
	return {
		stop() {
			stopped = true;
			return current;
		},
	};
}

/** Ends this user's connection; stops the server unless somebody else is connected. */
async function leave(cluster: Cluster, keeper: Promise<pg.Client>): Promise<void> {
	const client = await keeper;
	let others = true;
	try {
		const until = Date.now() + LEAVING_MS;
		for (;;) {
			const { rows } = await client.query<{ users: string; clients: string }>(
				`SELECT count(*) FILTER (WHERE application_name = $1) AS users, count(*) AS clients
				FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
				[KEEPER],
			);
			others = Number(rows[0]!.clients) > 0;
			if (!others || Number(rows[0]!.users) > 0 || Date.now() > until) break;
			await sleep(20);
		}
	} catch {
		// The connection is gone, and with it most likely the server; if not, its next user stops it.
	} finally {
		await client.end().catch(() => undefined);
	}
	if (!others) await stopServer(cluster);
}
