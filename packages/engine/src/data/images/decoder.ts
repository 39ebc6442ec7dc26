/** Decodes images in processes of their own: one that crashes, hangs or grows costs one image and never the import. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { MithridateError } from "../../errors.ts";
import type { Decoded, ImageSettings } from "./decode.ts";
import { readFrames, writeFrame } from "./frames.ts";
import { mostMilliseconds, outOfMemoryStatus } from "./limits.ts";

/** Images a process holds: the one it works on and the next, so that it never waits. */
const held = 2;

export interface Decoder {
	/** Decodes one image; many may be asked for at once. */
	decode(bytes: Uint8Array): Promise<Decoded>;
	/** Ends the processes. */
	close(): void;
}

interface Job {
	readonly bytes: Uint8Array;
	resolve(decoded: Decoded): void;
	reject(error: unknown): void;
}

interface Worker {
	readonly child: ChildProcessByStdio<Writable, Readable, null>;
	readonly jobs: Job[];
	ready: boolean;
	timedOut: boolean;
	timer: NodeJS.Timeout | undefined;
}

/** What a test puts in the place of the real decoder, or of its patience. */
export interface DecoderOptions {
	readonly processes: number;
	readonly program?: string;
	readonly milliseconds?: number;
}

/** A pool of decoder processes, each started when there is work for it. */
export function openDecoder(settings: ImageSettings, options: DecoderOptions): Decoder {
	const { processes, milliseconds = mostMilliseconds } = options;
	const program = options.program ?? join(import.meta.dirname, "decoder-process.ts");
	const waiting: Job[] = [];
	const workers = new Set<Worker>();
	let closed = false;

	const start = (): Worker => {
		const flags = ["--permission", "--allow-addons", "--allow-fs-read=*", "--max-old-space-size=128"];
		const child = spawn(process.execPath, [...flags, program, JSON.stringify(settings)], {
			stdio: ["pipe", "pipe", "ignore"],
			// Fewer arenas of malloc: less memory that is held and not used.
			env: { MALLOC_ARENA_MAX: "2" },
		});
		const worker: Worker = { child, jobs: [], ready: false, timedOut: false, timer: undefined };
		workers.add(worker);
		// A pipe to a process that has died breaks; its end is told by "close".
		child.stdin.on("error", () => {});
		child.on("error", () => {});
		listen(worker).catch(() => child.kill("SIGKILL"));
		child.on("close", (status) => bury(worker, status));
		return worker;
	};

	const listen = async (worker: Worker): Promise<void> => {
		for await (const { header, payload } of readFrames(worker.child.stdout)) {
			if (!worker.ready) {
				worker.ready = true;
				watch(worker);
				continue;
			}
			worker.jobs
				.shift()
				?.resolve({ ...(header as object), ...(payload.length > 0 && { pixels: payload }) } as Decoded);
			watch(worker);
			pump();
		}
	};

	/** Gives the first image of a worker its time. */
	const watch = (worker: Worker) => {
		clearTimeout(worker.timer);
		if (worker.jobs.length === 0 || !worker.ready) return;
		worker.timer = setTimeout(() => {
			worker.timedOut = true;
			worker.child.kill("SIGKILL");
		}, milliseconds);
	};

	/** A process has ended: its first image is to blame, the others go to another process. */
	const bury = (worker: Worker, status: number | null) => {
		clearTimeout(worker.timer);
		workers.delete(worker);
		const [blamed, ...others] = worker.jobs;
		waiting.unshift(...others);
		if (blamed && (closed || !worker.ready)) blamed.reject(closed ? stopped() : notStarted(status));
		else blamed?.resolve(faultOf(worker, status, milliseconds));
		pump();
	};

	const pump = () => {
		while (waiting.length > 0 && !closed) {
			const idle = [...workers]
				.filter(({ jobs }) => jobs.length < held)
				.sort((a, b) => a.jobs.length - b.jobs.length)[0];
			const worker = idle?.jobs.length === 0 || workers.size >= processes ? idle : start();
			if (!worker) return;
			const job = waiting.shift()!;
			worker.jobs.push(job);
			writeFrame(worker.child.stdin, {}, job.bytes);
			if (worker.jobs.length === 1) watch(worker);
		}
	};

	return {
		decode: (bytes) =>
			new Promise((resolve, reject) => {
				waiting.push({ bytes, resolve, reject });
				pump();
			}),
		close() {
			closed = true;
			for (const job of waiting.splice(0)) job.reject(stopped());
			for (const { child } of workers) child.kill("SIGKILL");
		},
	};
}

function faultOf(worker: Worker, status: number | null, milliseconds: number): Decoded {
	if (worker.timedOut) return { fault: "image-timeout", detail: `not decoded within ${milliseconds} ms` };
	if (status === outOfMemoryStatus)
		return { fault: "image-out-of-memory", detail: "decoding took more memory than a decoder may" };
	const how = status === null ? "by a signal" : `with status ${status}`;
	return { fault: "image-decoder-crash", detail: `the decoder ended ${how}` };
}

function stopped(): MithridateError {
	return new MithridateError("aborted", "The import was stopped before it finished.");
}

function notStarted(status: number | null): MithridateError {
	const message = `The image decoder did not start (exit status ${status}); install sharp anew with npm ci.`;
	return new MithridateError("runtime-unavailable", message, { subject: "sharp" });
}
