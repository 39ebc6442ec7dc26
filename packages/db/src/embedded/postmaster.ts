/** One server process: found, started and stopped. The caller holds the folder's lock. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { DatabaseError } from "../errors.ts";
import { runAs } from "./account.ts";
import { type Cluster, endOfLog, OWNER, readPassword, rotateLog } from "./cluster.ts";
import { isAlive } from "./lock.ts";

const HOST = "127.0.0.1";
const PATIENCE_SECONDS = 60;

/** Settings of the server by name, e.g. for tests that can do without safety. */
export type ServerSettings = Readonly<Record<string, string>>;

/** Address of a database of the server for whoever holds the password. */
export function addressOf({ folder }: Cluster, { port, database }: { port: number; database: string }): string {
	return `postgres://${OWNER}:${readPassword(folder)}@${HOST}:${port}/${database}`;
}

/**
 * The port of the server that runs on the cluster's files, left behind by whomever; null when there is none.
 * @throws DatabaseError `server-start-failed` when one runs that does not let us in.
 */
export async function findServer(cluster: Cluster): Promise<number | null> {
	const until = Date.now() + PATIENCE_SECONDS * 1000;
	for (;;) {
		const running = readPostmaster(cluster);
		if (running === null) return null;
		const refusal = await knock(cluster, running.port);
		if (refusal === null) return running.port;
		if (!isAlive(running.pid) || !isPostgres(running.pid)) {
			// What a power cut leaves. PostgreSQL itself takes such a file for its own only while the process id is in use.
			rmSync(join(cluster.files, "postmaster.pid"), { force: true });
			return null;
		}
		if (Date.now() > until)
			throw new DatabaseError(
				"server-start-failed",
				`Process ${running.pid} is a PostgreSQL server on ${cluster.files} that does not let us in: ${refusal}. Stop it, then start again. Its last words:\n${endOfLog(cluster)}`,
				{ subject: String(running.pid) },
			);
		await sleep(100);
	}
}

/** Lines of postmaster.pid: process, data directory, start time, port, ... */
function readPostmaster({ files }: Cluster): { pid: number; port: number } | null {
	const path = join(files, "postmaster.pid");
	if (!existsSync(path)) return null;
	const lines = readFileSync(path, "utf8").split("\n");
	return { pid: Number(lines[0]), port: Number(lines[3]) };
}

/** Logs in and compares the data directory: another server may have the port by now. Returns why it is not ours; null when it is. */
async function knock(cluster: Cluster, port: number): Promise<string | null> {
	if (!Number.isInteger(port) || port < 1) return "it has not chosen its port yet";
	const connectionString = addressOf(cluster, { port, database: "postgres" });
	const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 });
	try {
		await client.connect();
		const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
		const theirs = rows[0]!.data_directory;
		return theirs === cluster.files ? null : `it serves ${theirs}`;
	} catch (error) {
		return error instanceof Error ? error.message || error.name : String(error);
	} finally {
		await client.end().catch(() => undefined);
	}
}

/** Whether a process is a PostgreSQL server, where the system tells. */
function isPostgres(pid: number): boolean {
	const path = `/proc/${pid}/cmdline`;
	return !existsSync(path) || readFileSync(path, "utf8").includes("postgres");
}

/** Starts the server on the port it had before, or on a free one; returns the port. */
export async function startServer(cluster: Cluster, settings: ServerSettings): Promise<number> {
	rotateLog(cluster);
	const port = await choosePort(join(cluster.folder, "port"));
	const all: ServerSettings = {
		listen_addresses: HOST,
		port: String(port),
		unix_socket_directories: "",
		max_connections: "200",
		timezone: "UTC",
		log_timezone: "UTC",
		...settings,
	};
	const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value === "" ? "''" : value}`);
	const { status, output } = await runAs(cluster.account, cluster.binaries.pgCtl, [
		"start",
		"--wait",
		`--timeout=${PATIENCE_SECONDS}`,
		`--pgdata=${cluster.files}`,
		`--log=${cluster.log}`,
		`--options=${options.join(" ")}`,
	]);
	if (status !== 0)
		throw new DatabaseError(
			"server-start-failed",
			`The embedded PostgreSQL did not start (${output.trim().split("\n").at(-1)}). Its last words:\n${endOfLog(cluster)}`,
			{ subject: cluster.folder },
		);
	return port;
}

/** Stops the server: its clients are cut off, everything committed is on disk. */
export async function stopServer(cluster: Cluster): Promise<void> {
	const { status, output } = await runAs(cluster.account, cluster.binaries.pgCtl, [
		"stop",
		"--wait",
		`--timeout=${PATIENCE_SECONDS}`,
		"--mode=fast",
		`--pgdata=${cluster.files}`,
	]);
	if (status !== 0 && readPostmaster(cluster) !== null)
		throw new DatabaseError(
			"server-unavailable",
			`The embedded PostgreSQL did not stop (${output.trim().split("\n").at(-1)}). Its last words:\n${endOfLog(cluster)}`,
			{ subject: cluster.folder },
		);
}

/** Keeps the port from one start to the next, so that connections find the server again after a restart. */
async function choosePort(file: string): Promise<number> {
	const before = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
	const port = (await tryListen(before)) ?? (await tryListen(0))!;
	if (port !== before) writeFileSync(file, String(port), { mode: 0o600 });
	return port;
}

/** The port when it is free, or a free one for 0; null when it is taken. */
function tryListen(port: number): Promise<number | null> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once("error", () => resolve(null));
		probe.listen(port, HOST, () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : null));
		});
	});
}
