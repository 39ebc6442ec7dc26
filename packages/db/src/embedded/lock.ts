/** One process at a time: who starts, adopts or stops a folder's server. Held for seconds, never while the server runs. */
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import { DatabaseError } from "../errors.ts";

/** Milliseconds after which a lock is taken for left behind although its process id is in use: it may be another's by now. */
const STALE_AFTER = 120_000;
const WAIT = 150_000;

/** Does some work while no other process does work under the same lock file. */
export async function exclusively<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
	// Unlike a process id alone, never another's.
	const owner = `${process.pid} ${v7()}`;
	await acquire(file, owner);
	try {
		return await work();
	} finally {
		if (ownerOf(file) === owner) rmSync(file, { force: true });
	}
}

async function acquire(file: string, owner: string): Promise<void> {
	const until = Date.now() + WAIT;
	const ticket = `${file}.${v7()}`;
	writeFileSync(ticket, owner, { mode: 0o600 });
	try {
		while (!tryLink(ticket, file)) {
			if (isStale(file)) breakLock(file);
			else if (Date.now() > until) throw inUse(file);
			else await sleep(50);
		}
		utimesSync(file, new Date(), new Date());
	} finally {
		rmSync(ticket, { force: true });
	}
}

function tryLink(ticket: string, file: string): boolean {
	try {
		linkSync(ticket, file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}

function isStale(file: string): boolean {
	const owner = ownerOf(file);
	return owner !== null && (!isAlive(Number.parseInt(owner, 10)) || ageOf(file) > STALE_AFTER);
}

/** Takes a stale lock away. It is moved first and looked at again, since another process may have taken it over meanwhile. */
function breakLock(file: string): void {
	const aside = `${file}.${v7()}`;
	try {
		renameSync(file, aside);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
		throw error;
	}
	if (!isStale(aside)) tryLink(aside, file);
	rmSync(aside, { force: true });
}

function ownerOf(file: string): string | null {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}

function ageOf(file: string): number {
	return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

/** Whether a process of this id runs, ours or not. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

function inUse(file: string): DatabaseError {
	const owner = ownerOf(file)?.split(" ")[0] ?? "unknown";
	return new DatabaseError(
		"server-unavailable",
		`Process ${owner} holds ${file} and does not let go of it. Wait for it or stop it, then start again.`,
		{ subject: owner },
	);
}
