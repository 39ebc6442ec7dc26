/** PostgreSQL refuses to run as root: the account that it runs under instead, and how programs are started as that one. */
import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseError } from "../errors.ts";

export interface Account {
	readonly name: string;
	readonly uid: number;
	readonly gid: number;
	/** Whether a folder above the data or the programs keeps this account out. */
	readonly lockedOut: boolean;
}

/** Accounts that a system has anyway, best first; `nobody` is last because others share it. */
const CANDIDATES = ["postgres", "daemon", "nobody"];
const SETPRIV = "/usr/bin/setpriv";

/**
 * The account to run PostgreSQL under; null for the one that we have. No account is created.
 * @throws DatabaseError `server-unavailable` when root finds no way to run it.
 */
export function serverAccount({ folder, program }: { folder: string; program: string }): Account | null {
	if (process.getuid?.() !== 0) return null;
	const accounts = readFileSync("/etc/passwd", "utf8")
		.split("\n")
		.map((line) => line.split(":"));
	const entry = CANDIDATES.flatMap((name) => accounts.filter(([account]) => account === name))[0];
	if (!entry)
		throw new DatabaseError(
			"server-unavailable",
			`PostgreSQL does not run as root, and there is none of the accounts ${CANDIDATES.join(", ")} to run it under. Start Mithridate as another user, or set DATABASE_URL to a server.`,
			{ subject: "root" },
		);
	const closed = [...ancestors(folder), ...ancestors(program)].find((path) => (statSync(path).mode & 0o001) === 0);
	if (closed !== undefined && !existsSync(SETPRIV))
		throw new DatabaseError(
			"server-unavailable",
			`PostgreSQL does not run as root, and ${closed} keeps the account ${entry[0]} out. Set MITHRIDATE_DATA to a folder elsewhere, start Mithridate as another user, or set DATABASE_URL to a server.`,
			{ subject: closed },
		);
	return { name: entry[0]!, uid: Number(entry[2]), gid: Number(entry[3]), lockedOut: closed !== undefined };
}

/** Lets the account pass through a folder of ours without seeing what is in it. */
export function openTo(account: Account | null, folder: string): void {
	if (account === null) return;
	chownSync(folder, 0, account.gid);
	chmodSync(folder, 0o710);
}

export interface Finished {
	readonly status: number | null;
	/** Both of its outputs. */
	readonly output: string;
}

/** Runs one of PostgreSQL's programs under the account to its end. */
export function runAs(account: Account | null, program: string, args: readonly string[]): Promise<Finished> {
	// A folder above that only root may enter stays closed; the one right to pass closed folders goes with the program.
	const [command, all] = account?.lockedOut
		? [SETPRIV, [...privileges(account), program, ...args]]
		: [program, [...args]];
	const child = spawn(command, all, {
		...(account && !account.lockedOut ? { uid: account.uid, gid: account.gid } : {}),
		cwd: dirname(program),
		env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC", SystemRoot: "C:\\Windows" },
		stdio: ["ignore", "pipe", "pipe"],
		windowsHide: true,
	});
	return new Promise((resolve, reject) => {
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding("utf8").on("data", (text) => (output += text));
		child.once("error", reject);
		// Not "close": a server that was started keeps the outputs open.
		child.once("exit", (status) => resolve({ status, output }));
	});
}

function privileges({ uid, gid }: Account): string[] {
	return [
		`--reuid=${uid}`,
		`--regid=${gid}`,
		"--clear-groups",
		"--inh-caps=-all,+dac_override",
		"--ambient-caps=+dac_override",
		"--bounding-set=-all,+dac_override",
	];
}

function ancestors(path: string): string[] {
	const above = dirname(path);
	return above === path ? [] : [above, ...ancestors(above)];
}
