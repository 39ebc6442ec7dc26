/** What goes on as one iterable that survives lost connections: events, each once, and the states of an import. */
import type { Connection } from "./connection.ts";
import { type DatasetImport, type RunEvent, type RunEventKind, watchDatasetImport, watchRun } from "./documents.ts";
import { ApiError } from "./errors.ts";
import { type StudyEvent, watchStudy as watchStudyDocument } from "./study-documents.ts";

export interface WatchOptions {
	/** Goes on after this cursor; all is replayed where it is left out. */
	readonly after?: string | undefined;
	/** Only events of these kinds; all where they are left out. */
	readonly kinds?: readonly RunEventKind[] | undefined;
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
	{ after, kinds, signal, onCursor }: WatchOptions = {},
): AsyncGenerator<RunEvent, void> {
	let cursor = after ?? null;
	let last = -1;
	const open = () =>
		connection.subscribe(watchRun, { runId, after: cursor, ...(kinds && { kinds: [...kinds] }) }, signal);
	for await (const { runEvents } of persistently(open, signal)) {
		for (const event of runEvents.events) {
			// A batch that was cut off half way comes again whole.
			if (event.seq <= last) continue;
			last = event.seq;
			yield event;
		}
		cursor = runEvents.cursor;
		onCursor?.(cursor);
	}
}

/** The same for all runs of a study; ends when none of them waits, runs or is paused and all events were seen. */
export async function* watchStudy(
	connection: Connection,
	studyId: string,
	{ after, kinds, signal, onCursor }: WatchOptions = {},
): AsyncGenerator<StudyEvent, void> {
	let cursor = after ?? null;
	/** Numbers count within a run. */
	const last = new Map<string, number>();
	const open = () =>
		connection.subscribe(watchStudyDocument, { studyId, after: cursor, ...(kinds && { kinds: [...kinds] }) }, signal);
	for await (const { studyEvents } of persistently(open, signal)) {
		for (const told of studyEvents.events) {
			const { run, event } = told;
			if (event.seq <= (last.get(run.id) ?? -1)) continue;
			last.set(run.id, event.seq);
			yield told;
		}
		cursor = studyEvents.cursor;
		onCursor?.(cursor);
	}
}

/** Yields an import as it is now and at each change; ends with the state it ended in. */
export async function* watchImport(
	connection: Connection,
	id: string,
	signal?: AbortSignal,
): AsyncGenerator<DatasetImport, void> {
	const open = () => connection.subscribe(watchDatasetImport, { id }, signal);
	for await (const { datasetImportChanges } of persistently(open, signal)) yield datasetImportChanges;
}

/** Subscribes until the server completes it, again and ever more slowly when the connection is lost. */
async function* persistently<Result>(
	open: () => AsyncGenerator<Result, void>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Result, void> {
	for (let failures = 0; ; ) {
		try {
			for await (const result of open()) {
				failures = 0;
				yield result;
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
