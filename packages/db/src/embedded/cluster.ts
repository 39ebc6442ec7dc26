/** The files of an embedded server: made whole or not at all, readable by nobody else. */
import { randomBytes } from "node:crypto";
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { v7 } from "uuid";
import { DatabaseError } from "../errors.ts";
import { type Account, openTo, runAs, serverAccount } from "./account.ts";
import { type Binaries, findBinaries } from "./binaries.ts";

export interface Cluster {
	/** `<data>/postgres`. */
	readonly folder: string;
	/** What PostgreSQL calls its data directory. */
	readonly files: string;
	readonly log: string;
	readonly lock: string;
	readonly binaries: Binaries;
	readonly account: Account | null;
}

export const OWNER = "mithridate";
const LARGEST_LOG = 10 * 2 ** 20;

/** The places of a data folder's cluster, which need not exist yet but for the folder itself. */
export async function locateCluster(dataFolder: string): Promise<Cluster> {
	const binaries = await findBinaries();
	mkdirSync(join(dataFolder, "postgres"), { recursive: true, mode: 0o700 });
	// Without links, so that every way to the folder leads to the same server.
	const folder = realpathSync(join(dataFolder, "postgres"));
	const files = join(folder, "cluster");
	const account = serverAccount({ folder: dirname(folder), program: binaries.postgres });
	return { folder, files, log: join(files, "server.log"), lock: join(folder, "lock"), binaries, account };
}

/** Makes the cluster unless it is there, under a name of its own that it loses when it is whole. The caller holds the lock. */
export async function ensureCluster(cluster: Cluster): Promise<void> {
	const { folder, files, binaries, account } = cluster;
	openTo(account, dirname(folder));
	openTo(account, folder);
	if (existsSync(files)) return checkVersion(cluster);
	for (const name of readdirSync(folder)) if (name.startsWith("new-")) rmSync(join(folder, name), { recursive: true });
	ensurePassword(folder);
	const unfinished = join(folder, `new-${v7()}`);
	mkdirSync(unfinished, { mode: 0o700 });
	const passwordFile = join(folder, `new-${v7()}`);
	writeFileSync(passwordFile, readPassword(folder), { mode: 0o600 });
	if (account !== null) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
	// The built-in provider sorts and folds alike on every system, whichever locales it has.
	const { status, output } = await runAs(account, binaries.initdb, [
		`--pgdata=${unfinished}`,
		`--username=${OWNER}`,
		`--pwfile=${passwordFile}`,
		"--auth=scram-sha-256",
		"--encoding=UTF8",
		"--locale=C",
		"--locale-provider=builtin",
		"--builtin-locale=C.UTF-8",
		"--no-instructions",
	]);
	rmSync(passwordFile, { force: true });
	if (status !== 0) {
		rmSync(unfinished, { recursive: true, force: true });
		throw new DatabaseError(
			"server-start-failed",
			`PostgreSQL could not make its files in ${folder}. Its last words:\n${lastLines(output)}`,
			{ subject: folder },
		);
	}
	renameSync(unfinished, files);
}

function checkVersion({ files, folder }: Cluster): void {
	const path = join(files, "PG_VERSION");
	if (!existsSync(path))
		throw new DatabaseError(
			"server-start-failed",
			`${files} is no PostgreSQL data directory: ${path} is missing. Restore it from a copy, or move the folder away to begin anew.`,
			{ subject: folder },
		);
	const made = readFileSync(path, "utf8").trim();
	if (made !== MAJOR)
		throw new DatabaseError(
			"server-start-failed",
			`${files} was made by PostgreSQL ${made}, and this is ${MAJOR}. Export with the version of Mithridate that made it, or move the folder away to begin anew.`,
			{ subject: folder },
		);
}

const MAJOR = "18";

function ensurePassword(folder: string): void {
	const path = join(folder, "password");
	if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("hex"), { mode: 0o600, flag: "wx" });
	chmodSync(path, 0o600);
}

/** @throws DatabaseError `server-start-failed` when the file is gone, since the server knows only a hash of it. */
export function readPassword(folder: string): string {
	const path = join(folder, "password");
	try {
		return readFileSync(path, "utf8").trim();
	} catch (cause) {
		throw new DatabaseError(
			"server-start-failed",
			`${path} is missing, and without it nobody can log in to the database beside it. Restore it from a copy, or move ${folder} away to begin anew.`,
			{ subject: path, cause },
		);
	}
}

/** Puts a log away that has grown too large; one older log is kept. */
export function rotateLog({ log }: Cluster): void {
	const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
	if (size > LARGEST_LOG) renameSync(log, `${log}.1`);
}

/** The end of the server's log, for a message. */
export function endOfLog({ log }: Cluster): string {
	return existsSync(log) ? lastLines(readFileSync(log, "utf8")) : "(it wrote no log)";
}

function lastLines(text: string): string {
	return text.trimEnd().split("\n").slice(-12).join("\n");
}
