/** Crowds of subscribers against a server in a process of its own, whose memory can be told from the crowd's. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestDatabase } from "@mithridate/db/testing";
import { onTestFinished } from "vitest";
import WebSocket from "ws";
import { quantile } from "../api/api.fixture.ts";
import { idOf, keepLeases, log, runningStudy, type Study } from "../api/runs.fixture.ts";

const root = join(import.meta.dirname, "..", "..");

export interface ServerProcess {
	readonly port: number;
	readonly token: string;
	/** Asks over HTTP with the owner's token. */
	ask(query: string): Promise<{ readonly errors?: unknown }>;
	/** Resident memory in MiB. */
	resident(): number;
	/** Seconds of processor time that it has used. */
	busy(): number;
}

/** Starts the program on a database; it is ended with the test that started it. */
export async function startProcess(database: { readonly url: string }): Promise<ServerProcess> {
	const dataFolder = mkdtempSync(join(tmpdir(), "mithridate-crowd-"));
	const program = ["--import", "./apps/api/decorators.ts", "apps/api/src/main.ts", "--port", "0"];
	const env = { PATH: "/usr/bin:/bin", MITHRIDATE_DATA: dataFolder, DATABASE_URL: database.url };
	const child: ChildProcess = spawn(process.execPath, program, {
		cwd: root,
		env,
		stdio: ["ignore", "pipe", "inherit"],
	});
	onTestFinished(() => {
		child.kill("SIGKILL");
		rmSync(dataFolder, { recursive: true, force: true });
	});
	const url = await new Promise<URL>((resolve, reject) => {
		let said = "";
		child.stdout!.on("data", (data) => {
			said += data;
			const found = /https?:\/\/\S+\n/.exec(said);
			if (found) resolve(new URL(found[0].trim()));
		});
		child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
	});
	const status = `/proc/${child.pid}/status`;
	const token = readFileSync(join(dataFolder, "token"), "utf8");
	return {
		port: Number(url.port),
		token,
		async ask(query) {
			const response = await fetch(`http://localhost:${url.port}/graphql`, {
				method: "POST",
				headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
				body: JSON.stringify({ query }),
			});
			return (await response.json()) as { readonly errors?: unknown };
		},
		busy() {
			// Fields 14 and 15, counted from behind the name: user and system time in ticks of 10 ms.
			const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
			return (Number(fields[11]) + Number(fields[12])) / 100;
		},
		resident: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, "utf8"))![1]) / 1024,
	};
}

/** A subscriber of one run. */
export interface Subscriber {
	readonly socket: WebSocket;
	/** Numbers of the log lines it got. */
	readonly got: number[];
	/** Milliseconds from before a line was stored until it was here. */
	readonly delays: number[];
	cursor: string | undefined;
	/** When the server closed it, in milliseconds of this process. */
	closedAt: number | undefined;
}

const query = `subscription ($runId: ID!, $after: Cursor) {
	runEvents(runId: $runId, after: $after, kinds: [LOG], minIntervalMs: 0) { cursor events { ... on LogWritten { message } } }
}`;

/** Subscribes to a run; lines are `<number> <milliseconds when written> <padding>`. */
export async function subscribe(server: ServerProcess, runId: string, after?: string): Promise<Subscriber> {
	const socket = new WebSocket(`ws://127.0.0.1:${server.port}/graphql`, "graphql-transport-ws");
	const subscriber: Subscriber = { socket, got: [], delays: [], cursor: after, closedAt: undefined };
	await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
	const acknowledged = new Promise((resolve) => socket.once("message", resolve));
	socket.send(JSON.stringify({ type: "connection_init", payload: { token: server.token } }));
	await acknowledged;
	socket.on("message", (data) => {
		const { type, payload } = JSON.parse(String(data));
		if (type !== "next" || !payload.data) return;
		const { cursor, events } = payload.data.runEvents;
		for (const { message } of events as { message: string }[]) {
			const [number, writtenAt] = message.split(" ", 2);
			subscriber.got.push(Number(number));
			subscriber.delays.push(Date.now() - Number(writtenAt));
		}
		subscriber.cursor = cursor;
	});
	socket.on("close", () => {
		subscriber.closedAt = performance.now();
	});
	socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query, variables: { runId, after } } }));
	return subscriber;
}

/** Writes numbered lines to every run of a study at an even pace; returns how many each got. */
export async function write(
	database: TestDatabase,
	study: Study,
	{ perSecond, seconds, bytes = 0 }: { perSecond: number; seconds: number; bytes?: number },
): Promise<number> {
	const padding = "x".repeat(bytes);
	const letGo = keepLeases(database, study);
	const started = performance.now();
	const total = perSecond * seconds;
	// Paces above 20 a second are kept by several lines in one transaction.
	const together = Math.max(1, Math.round(perSecond / 20));
	for (let at = 0; at < total; at += together) {
		const wait = started + (at / perSecond) * 1000 - performance.now();
		if (wait > 0) await sleep(wait);
		const numbers = Array.from({ length: Math.min(together, total - at) }, (_, next) => at + next);
		await Promise.all(
			study.runs.map((run) =>
				log(
					database,
					run,
					numbers.map((number) => `${number} ${Date.now()} ${padding}`),
				),
			),
		);
	}
	letGo();
	return total;
}

/** Waits until all have got so many lines, or the patience is over. */
export async function settled(subscribers: readonly Subscriber[], total: number, patienceMs: number): Promise<void> {
	const end = performance.now() + patienceMs;
	while (performance.now() < end && subscribers.some(({ got }) => got.length < total)) await sleep(50);
}

/** How many lines a subscriber lacks, and how many it got twice or out of order. */
export function faults({ got }: Subscriber, total: number): { lost: number; disordered: number } {
	const disordered = got.filter((number, at) => at > 0 && number <= got[at - 1]!).length;
	return { lost: total - new Set(got).size, disordered };
}

export interface CrowdFigures {
	readonly subscribers: number;
	readonly perSecond: number;
	readonly seconds: number;
	readonly delivered: number;
	readonly lost: number;
	readonly disordered: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly peakMiB: number;
	/** Processor time of the server over the time of writing: 1 is a whole core. */
	readonly busyShare: number;
}

/** Many subscribers of a few runs that tell events at an even pace. */
export async function crowd(
	database: TestDatabase,
	server: ServerProcess,
	{ subscribers: count, perSecond, seconds }: { subscribers: number; perSecond: number; seconds: number },
): Promise<CrowdFigures> {
	const study = await runningStudy(database, { slug: `crowd-${count}-${seconds}`, runs: 10 });
	const subscribers: Subscriber[] = [];
	for (let at = 0; at < count; at += 50)
		subscribers.push(
			...(await Promise.all(
				Array.from({ length: Math.min(50, count - at) }, (_, next) =>
					subscribe(server, idOf(study.runs[(at + next) % study.runs.length]!)),
				),
			)),
		);
	let peakMiB = server.resident();
	const watching = setInterval(() => {
		peakMiB = Math.max(peakMiB, server.resident());
	}, 250);
	const busyBefore = server.busy();
	const total = await write(database, study, { perSecond, seconds });
	await settled(subscribers, total, 10_000);
	const busy = server.busy() - busyBefore;
	clearInterval(watching);
	const found = subscribers.map((subscriber) => faults(subscriber, total));
	const delays = subscribers.flatMap((subscriber) => subscriber.delays);
	for (const { socket } of subscribers) socket.terminate();
	return {
		subscribers: count,
		perSecond,
		seconds,
		delivered: delays.length,
		lost: found.reduce((sum, { lost }) => sum + lost, 0),
		disordered: found.reduce((sum, { disordered }) => sum + disordered, 0),
		p50Ms: quantile(delays, 0.5),
		p99Ms: quantile(delays, 0.99),
		peakMiB: Math.round(peakMiB),
		busyShare: +(busy / seconds).toFixed(2),
	};
}
