/** Asks the gallery process, one request at a time; the API's own loop never computes. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromChild, GalleryRequest, ResultOf, ToChild } from "./protocol.ts";

export interface GalleryOptions {
	/** Folder for data sets and embeddings. */
	readonly cacheFolder: string;
	/** Folder of imported data sets. */
	readonly datasetFolder?: string;
	/** Milliseconds one request may take before the process is ended. */
	readonly timeoutMs?: number;
	/** Requests that may wait. */
	readonly mostWaiting?: number;
	/** The program to start; tests give another. */
	readonly program?: string;
}

export interface Gallery {
	/** Where it keeps what can be made again. */
	readonly cacheFolder: string;
	/**
	 * Answers a request in its turn.
	 * @throws GalleryError when too many wait, it took too long, the process died, or the request itself is at fault.
	 */
	ask<Request extends GalleryRequest>(request: Request, signal?: AbortSignal): Promise<ResultOf<Request>>;
	close(): Promise<void>;
}

/** Why there is no answer. `request`: the request is at fault, and the message says how to put it right. */
export class GalleryError extends Error {
	override readonly name = "GalleryError";
	readonly reason: "busy" | "timeout" | "died" | "aborted" | "request";
	readonly subject: string | null;

	constructor(reason: GalleryError["reason"], message: string, subject: string | null = null) {
		super(message);
		this.reason = reason;
		this.subject = subject;
	}
}

interface Waiting {
	readonly id: number;
	readonly request: GalleryRequest;
	settle(answer: unknown): void;
	fail(error: GalleryError): void;
}

const TIMEOUT_MS = 60_000;
const MOST_WAITING = 16;

/** A gallery whose process starts with the first request and is replaced when it died. */
export function createGallery({
	cacheFolder,
	datasetFolder,
	timeoutMs = TIMEOUT_MS,
	mostWaiting = MOST_WAITING,
	program,
}: GalleryOptions): Gallery {
	const path = program ?? fileURLToPath(new URL("./child.ts", import.meta.url));
	const waiting: Waiting[] = [];
	let child: ChildProcess | undefined;
	let current: Waiting | undefined;
	let timer: NodeJS.Timeout | undefined;
	let lastId = 0;
	let closed = false;

	function start(): ChildProcess {
		// It needs no secret of this process: its environment is empty.
		const started = fork(path, datasetFolder === undefined ? [cacheFolder] : [cacheFolder, datasetFolder], {
			serialization: "advanced",
			execArgv: ["--disable-warning=ExperimentalWarning"],
			env: {},
		});
		started.on("message", (message: FromChild) => finish(message));
		started.on("exit", (code, signal) => {
			// A process that was ended for taking too long has been replaced, and its request answered.
			if (child !== started) return;
			child = undefined;
			end(new GalleryError("died", `The gallery process ended (${signal ?? code}) while it worked. Try again.`));
		});
		return started;
	}

	function finish(message: FromChild): void {
		if (message.id !== current?.id) return;
		if ("result" in message) end(null, message.result);
		else end(new GalleryError("request", message.fault.message, message.fault.subject));
	}

	function end(error: GalleryError | null, result?: unknown): void {
		clearTimeout(timer);
		const done = current;
		current = undefined;
		if (error) done?.fail(error);
		else done?.settle(result);
		next();
	}

	function next(): void {
		if (current || closed) return;
		current = waiting.shift();
		if (!current) return;
		child ??= start();
		timer = setTimeout(() => {
			const seconds = timeoutMs / 1000;
			current?.fail(
				new GalleryError("timeout", `The gallery took more than ${seconds} s. Try a smaller data set or model.`),
			);
			current = undefined;
			child?.kill("SIGKILL");
			child = undefined;
			next();
		}, timeoutMs);
		child.send({ id: current.id, request: current.request } satisfies ToChild);
	}

	return {
		cacheFolder,
		ask: (request, signal) =>
			new Promise((settle, reject) => {
				if (signal?.aborted) return reject(new GalleryError("aborted", "The caller left."));
				if (closed) return reject(new GalleryError("died", "The server is shutting down. Try again."));
				if (waiting.length >= mostWaiting)
					return reject(
						new GalleryError("busy", `${mostWaiting} requests wait for the gallery already. Try again in a moment.`),
					);
				lastId += 1;
				const entry: Waiting = { id: lastId, request, settle: settle as Waiting["settle"], fail: reject };
				waiting.push(entry);
				signal?.addEventListener(
					"abort",
					() => {
						const at = waiting.indexOf(entry);
						if (at >= 0) waiting.splice(at, 1);
						// What is under way goes on: its result is kept for the next who asks.
						reject(new GalleryError("aborted", "The caller left."));
					},
					{ once: true },
				);
				next();
			}),
		async close() {
			closed = true;
			const stopped = child;
			for (const entry of waiting.splice(0))
				entry.fail(new GalleryError("died", "The server is shutting down. Try again."));
			if (!stopped) return;
			const gone = new Promise((settle) => stopped.once("exit", settle));
			stopped.kill("SIGKILL");
			await gone;
		},
	};
}
