import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { openDatabase } from "../open.ts";
import { isAlive } from "./lock.ts";
import { openServer, stopServerOf } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "mithridate-embedded-"));
const cluster = join(folder, "postgres", "cluster");
const children: ChildProcess[] = [];
afterEach(async () => {
	for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
	await stopServerOf(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Another process that opens a folder, tells the server's address and closes when told to. */
async function opener(
	dataFolder = folder,
	account: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; url: string }> {
	const program = join(dataFolder, "opener.ts");
	const module = join(import.meta.dirname, "server.ts");
	writeFileSync(
		program,
		`import { openServer } from ${JSON.stringify(module)};
		const server = await openServer(${JSON.stringify(dataFolder)});
		process.send(server.url);
		process.once("message", async () => { await server.release(); process.disconnect(); });`,
	);
	const child = fork(program, { execArgv: [], ...account });
	children.push(child);
	const [url] = (await once(child, "message")) as [string];
	return { child, url };
}

const serverProcess = () => Number(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[0]);

test("two processes that open one folder at once share one server, and the last to leave stops it", async () => {
	const [first, second] = await Promise.all([opener(), opener()]);
	expect(first.url).toBe(second.url);
	const pid = serverProcess();
	first.child.send("leave");
	await once(first.child, "exit");
	expect(isAlive(pid)).toBe(true);
	second.child.send("leave");
	await once(second.child, "exit");
	expect(readdirSync(cluster)).not.toContain("postmaster.pid");
});

test("a server whose parent was killed is used by the next one with its data, and stopped by it", async () => {
	const { child, url } = await opener();
	const pid = serverProcess();
	child.kill("SIGKILL");
	await once(child, "exit");
	const database = await openDatabase({ dataFolder: folder });
	expect(database).toMatchObject({ kind: "embedded", url });
	expect(serverProcess()).toBe(pid);
	const { rows } = await database.pool.query("SHOW server_encoding");
	expect(rows).toEqual([{ server_encoding: "UTF8" }]);
	await database.close();
	expect(readdirSync(cluster)).not.toContain("postmaster.pid");
});

test("a server that was killed with its parent starts anew on the same port", async () => {
	const { child, url } = await opener();
	process.kill(serverProcess(), "SIGKILL");
	child.kill("SIGKILL");
	await once(child, "exit");
	const server = await openServer(folder);
	expect(server.url).toBe(url);
	await server.release();
});

test("files are for their owner alone, and the server listens on loopback only", async () => {
	const server = await openServer(folder);
	const modes = [folder, join(folder, "postgres")].map((path) => statSync(path).mode & 0o077);
	// As root, the server's account may pass through, and see nothing.
	expect(modes).toEqual(process.getuid?.() === 0 ? [0o010, 0o010] : [0, 0]);
	expect(statSync(cluster).mode & 0o777).toBe(0o700);
	expect(statSync(join(folder, "postgres", "password")).mode & 0o777).toBe(0o600);
	expect(readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n").slice(4, 6)).toEqual(["", "127.0.0.1"]);
	await server.release();
});

test("a port that somebody else took is left to them", async () => {
	const port = Number(readFileSync(join(folder, "postgres", "port"), "utf8"));
	const other = createServer().listen(port, "127.0.0.1");
	await once(other, "listening");
	const server = await openServer(folder);
	expect(new URL(server.url).port).not.toBe(String(port));
	await server.release();
	other.close();
});

test("a server that cannot start says why in its own words", async () => {
	writeFileSync(join(cluster, "postgresql.auto.conf"), "shared_buffers = 'many'\n");
	const { uid, gid } = statSync(cluster);
	chownSync(join(cluster, "postgresql.auto.conf"), uid, gid);
	const failure = openServer(folder);
	await expect(failure).rejects.toMatchObject({ code: "server-start-failed" });
	await expect(failure).rejects.toThrow(/invalid value for parameter "shared_buffers"/);
	writeFileSync(join(cluster, "postgresql.auto.conf"), "");
});

/** An account without any rights, on every system that has root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
/** Whether others may pass through all folders above this file. */
const isReachable = (path: string): boolean =>
	(statSync(path).mode & 0o001) !== 0 && (dirname(path) === path || isReachable(dirname(path)));

test.skipIf(!isRoot || !isReachable(import.meta.dirname))(
	"an account without rights starts and stops a server of its own",
	async () => {
		const own = mkdtempSync(join(tmpdir(), "mithridate-unprivileged-"));
		chownSync(own, NOBODY, NOBODY);
		const { child } = await opener(own, { uid: NOBODY, gid: NOBODY });
		const files = join(own, "postgres", "cluster");
		expect(statSync(files)).toMatchObject({ uid: NOBODY, gid: NOBODY });
		child.send("leave");
		await once(child, "exit");
		expect(readdirSync(files)).not.toContain("postmaster.pid");
		rmSync(own, { recursive: true });
	},
);
