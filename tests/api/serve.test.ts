/** The program as it is started: what it listens on, what it refuses, what it leaves on disk, and how it ends. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRuns, migrate, openDatabase } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { afterAll, expect, test } from "vitest";
import { figure } from "./api.fixture.ts";
import { runningStudy } from "./runs.fixture.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "mithridate-serve-"));
const dataFolder = join(folder, "data");
const program = [
	"--disable-warning=ExperimentalWarning",
	"--import",
	"./apps/api/decorators.ts",
	"apps/api/src/main.ts",
];
const database = await freshDatabase();
const env = { PATH: "/usr/bin:/bin", MITHRIDATE_DATA: dataFolder, DATABASE_URL: database.url };
const children: ChildProcess[] = [];
afterAll(() => {
	for (const child of children) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

function refuse(args: readonly string[]) {
	const started = performance.now();
	const { status, stderr } = spawnSync(process.execPath, [...program, ...args], { cwd: root, env, encoding: "utf8" });
	return { status, stderr, seconds: (performance.now() - started) / 1000 };
}

test("a start that would open the server to others is refused, and the missing setting named", () => {
	const tls = ["--tls-certificate", "c.pem"];
	const refusals: [readonly string[], string][] = [
		[["--host", "0.0.0.0"], "--shared"],
		[["--host", "0.0.0.0", "--no-auth"], "--shared"],
		[["--host", "192.0.2.1"], "--shared"],
		[["--shared"], "--allowed-hosts"],
		[["--shared", "--no-auth", "--allowed-hosts", "lab.example", "--behind-proxy"], "--no-auth"],
		[["--shared", "--allowed-hosts", "*.example", "--behind-proxy"], "wildcard"],
		[["--shared", "--allowed-hosts", "lab.example"], "--tls-certificate"],
		[["--shared", "--allowed-hosts", "lab.example", ...tls], "--tls-key"],
		[["--shared", "--allowed-hosts", "lab.example", "--behind-proxy"], "token"],
		[["--port", "99999"], "--port"],
	];
	const results = refusals.map(([args, setting]) => ({ args, setting, ...refuse(args) }));
	figure("refused-starts", {
		starts: results.length,
		slowestSeconds: +Math.max(...results.map(({ seconds }) => seconds)).toFixed(1),
	});
	for (const { args, setting, status, stderr } of results) {
		expect([args, status]).toEqual([args, 2]);
		expect(stderr).toContain(setting);
		expect(stderr).not.toContain("    at ");
	}
}, 120_000);

/** Starts the server and waits for the address it prints. */
async function serve(args: readonly string[]): Promise<{ child: ChildProcess; said: string; url: URL }> {
	const child = spawn(process.execPath, [...program, "--port", "0", ...args], { cwd: root, env });
	children.push(child);
	let said = "";
	const url = await new Promise<URL>((resolve, reject) => {
		child.stdout!.on("data", (data) => {
			said += data;
			const found = /https?:\/\/\S+/.exec(said);
			if (found && said.endsWith("\n")) resolve(new URL(found[0]));
		});
		child.stderr!.on("data", (data) => (said += data));
		child.once("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
	});
	return { child, said, url };
}

/** Addresses that a process listens on, from the kernel's tables. */
function listening(pid: number): string[] {
	const { stdout } = spawnSync("ss", ["-ltnpH"], { encoding: "utf8" });
	return stdout
		.split("\n")
		.filter((line) => line.includes(`pid=${pid},`))
		.map((line) => line.trim().split(/\s+/)[3]!);
}

test.skipIf(process.platform !== "linux")(
	"it listens on loopback alone, keeps its token to itself, and ends when asked",
	async () => {
		const { child, url } = await serve([]);
		const addresses = listening(child.pid!);
		const modes = ["", "token"].map((name) => (statSync(join(dataFolder, name)).mode & 0o777).toString(8));
		const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
		const signedIn = await fetch(url, { redirect: "manual" });
		child.kill("SIGTERM");
		figure("local-start", { addresses: addresses.join(" "), folderMode: modes[0]!, tokenMode: modes[1]! });
		expect(signedIn.status).toBe(303);
		expect(addresses.length).toBeGreaterThan(0);
		for (const address of addresses) expect(address).toMatch(/^(127\.0\.0\.1|\[::1\]):/);
		expect(modes).toEqual(["700", "600"]);
		expect(await ended).toBe(0);
		const token = readFileSync(join(dataFolder, "token"), "utf8");
		expect(readFileSync(`/proc/${process.pid}/cmdline`, "utf8")).not.toContain(token);
	},
	120_000,
);

test("a server without workers takes back the run of a worker that died", async () => {
	const [run] = (await runningStudy(database, { slug: "orphan", runs: 1 })).runs;
	await database.pool.query("UPDATE runs SET lease_until = now() - interval '1 second' WHERE id = $1", [run!.id]);
	const { child } = await serve([]);
	const status = async () => (await findRuns(database.db, [run!.id]))[0]!.status;
	await expect.poll(status, { timeout: 30_000, interval: 100 }).toBe("queued");
	child.kill("SIGTERM");
	await once(child, "exit");
}, 120_000);

test("without a token it warns, and still serves loopback alone", async () => {
	const { child, said, url } = await serve(["--no-auth"]);
	const response = await fetch(new URL("/graphql", url), {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ query: "{ viewer { role } }" }),
	});
	const answer = await response.json();
	child.kill("SIGTERM");
	expect(said).toContain("WARNING: --no-auth");
	expect(answer).toEqual({ data: { viewer: { role: "ADMIN" } } });
}, 120_000);

test("the shared profile starts with all it needs, behind a proxy", async () => {
	const { child, url } = await serve([
		"--shared",
		"--allowed-hosts",
		"lab.example",
		"--behind-proxy",
		"--host",
		"127.0.0.1",
	]);
	const [address] = listening(child.pid!);
	const sandbox = await fetch(`http://${address}/sandbox`, { headers: { host: "lab.example" } }).catch(() => undefined);
	child.kill("SIGTERM");
	expect(url.href).toBe("https://lab.example/");
	// Fetch sends its own Host, which is not on the list.
	expect(sandbox?.status).toBe(403);
}, 120_000);

/** The program on an embedded database of its own. */
function startEmbedded(name: string, ...args: readonly string[]) {
	const own = join(folder, name);
	const child = spawn(process.execPath, [...program, "--port", "0", ...args], {
		cwd: root,
		env: { PATH: env.PATH, MITHRIDATE_DATA: own },
	});
	children.push(child);
	let said = "";
	for (const output of [child.stdout!, child.stderr!]) output.on("data", (data) => (said += data));
	return {
		child,
		ended: once(child, "exit").then(([code]) => code as number | null),
		said: () => said,
		hasDatabase: () => existsSync(join(own, "postgres", "cluster", "postmaster.pid")),
	};
}

test.each([
	["as soon as its database is there", ({ hasDatabase }: ReturnType<typeof startEmbedded>) => hasDatabase()],
	["when it serves", ({ said }: ReturnType<typeof startEmbedded>) => said().includes("Open ")],
])("asked to end twice %s, it leaves no database behind", { timeout: 120_000 }, async (when, isTime) => {
	const server = startEmbedded(when.replaceAll(" ", "-"));
	await expect.poll(() => isTime(server), { timeout: 60_000, interval: 20 }).toBe(true);
	server.child.kill("SIGINT");
	server.child.kill("SIGTERM");
	expect([await server.ended, server.said()]).toEqual([0, expect.not.stringContaining("    at ")]);
	expect(server.hasDatabase()).toBe(false);
});

test("a port that is taken is said, and no database stays behind", { timeout: 120_000 }, async () => {
	const other = createServer().listen(0, "127.0.0.1");
	await once(other, "listening");
	const { port } = other.address() as AddressInfo;
	const server = startEmbedded("taken", "--port", String(port));
	expect(await server.ended).toBe(2);
	expect(server.said()).toContain(`Port ${port} is taken`);
	expect(server.hasDatabase()).toBe(false);
	other.close();
});

test("a worker and a server that cannot use the database say why, and leave no database running", async () => {
	const foreign = join(folder, "foreign");
	const opened = await openDatabase({ dataFolder: foreign });
	await migrate({ url: opened.url });
	await opened.pool.query("UPDATE drizzle.__drizzle_migrations SET hash = 'of another version' WHERE id = 1");
	await opened.close();
	for (const started of [["apps/api/src/worker/main.ts"], [...program, "--port", "0"]]) {
		const { status, stdout, stderr } = spawnSync(process.execPath, started, {
			cwd: root,
			env: { PATH: "/usr/bin:/bin", MITHRIDATE_DATA: foreign },
			encoding: "utf8",
			timeout: 60_000,
		});
		expect(status).toBe(1);
		expect(stdout + stderr).toContain("made by another version of Mithridate");
		expect(existsSync(join(foreign, "postgres", "cluster", "postmaster.pid"))).toBe(false);
	}
}, 120_000);
