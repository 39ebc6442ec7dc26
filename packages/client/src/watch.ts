/** What goes on as one iterable that survives lost connections: a run's events, each once, and the states of an import. */
import type { Connection } from "./connection.ts";
import { type DatasetImport, type RunEvent, watchDatasetImport, watchRun } from "./documents.ts";
import { ApiError } from "./errors.ts";

export interface WatchOptions {
	/** Goes on after this cursor; the whole run is replayed where it is left out. */
	readonly after?: string | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Told of the cursor of every batch that was handed out whole, to be kept for a later `after`. */
	onCursor?(cursor: string): void;
}

/** Milliseconds before the first reconnection; doubled up to `LONGEST`, each drawn between half and whole. */
const SHORTEST = 200;
const LONGEST = 10_000;

/** Yields stored events, then live ones, none lost and none twice; ends when the run has ended and all were seen. */
export async function* watch(
	connection: Connection,
	runId: string,
	{ after, signal, onCursor }: WatchOptions = {},
): AsyncGenerator<RunEvent, void> {
	let cursor = after ?? null;
	let last = -1;
	let failures = 0;
	for (;;) {
		try {
			for await (const { runEvents } of connection.subscribe(watchRun, { runId, after: cursor }, signal)) {
				failures = 0;
				for (const event of runEvents.events) {
					// A batch that was cut off half way comes again whole.
					if (event.seq <= last) continue;
					last = event.seq;
					yield event;
				}
				cursor = runEvents.cursor;
				onCursor?.(cursor);
			}
			return;
		} catch (error) {
			if (signal?.aborted) throw error;
			if (!isPassing(error)) throw error;
			await pause(Math.min(LONGEST, SHORTEST * 2 ** failures++), signal);
		}
	}
}

/** Yields an import as it is now and at each change; ends with the state it ended in. */
export async function* watchImport(
	connection: Connection,
	id: string,
	signal?: AbortSignal,
): AsyncGenerator<DatasetImport, void> {
	for (let failures = 0; ; ) {
		try {
			for await (const { datasetImportChanges } of connection.subscribe(watchDatasetImport, { id }, signal)) {
				failures = 0;
				yield datasetImportChanges;
			}
			return;
		} catch (error) {
			if (signal?.aborted || !isPassing(error)) throw error;
			await pause(Math.min(LONGEST, SHORTEST * 2 ** failures++), signal);
		}
	}
}

/** Whether a fault may be gone at the next try. A connection that breaks within a stream is a `TypeError` in every runtime. */
function isPassing(error: unknown): boolean {
	return error instanceof ApiError ? error.retryable : error instanceof TypeError;
}

function pause(longest: number, signal: AbortSignal | undefined): Promise<void> {
	const share = crypto.getRandomValues(new Uint8Array(1))[0]! / 255;
	return new Promise((resolve, reject) => {
		const timer = setTimeout(resolve, longest * (0.5 + share / 2));
		signal?.addEventListener("abort", () => {
			clearTimeout(timer);
			reject(signal.reason);
		});
	});
}
