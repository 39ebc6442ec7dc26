/** Keeps one feed open: reconnects with jitter from the newest cursor, waits while offline, pauses when asked. */
import type { FeedStatus } from "./connection.ts";
import { judge } from "./refusal.ts";

export interface FeedOptions<
	Batch extends { readonly cursor: string; readonly isReplay: boolean; readonly events: readonly unknown[] },
> {
	readonly after: string;
	/** Opens one subscription; returns what closes it. */
	readonly open: (
		after: string,
		sink: { opened(): void; next(batch: Batch): void; error(error: unknown): void; complete(): void },
	) => () => void;
	/** Applies a batch; only when it returns is the batch's cursor taken over. */
	readonly apply: (batch: Batch) => void;
	/** Asks the first answer again, takes it over, and gives the cursor to go on from. */
	readonly resync: () => Promise<string>;
	readonly report: (status: FeedStatus, replayed: number, reason?: string) => void;
	/** In [0, 1): spreads the reconnects of many pages. */
	readonly random: () => number;
	readonly isOnline: () => boolean;
}

/** Milliseconds before the first try again, doubled up to the longest, each shortened by up to a half at random. */
const firstWait = 250;
const longestWait = 8000;

export function waitBefore(attempt: number, random: number): number {
	const full = Math.min(longestWait, firstWait * 2 ** attempt);
	return full * (1 - random / 2);
}

export interface Feed {
	/** Pauses a running feed, resumes a paused one, and tries a refused one again. */
	toggle(): void;
	/** The browser went online or offline. */
	networkChanged(): void;
	close(): void;
}

export function openFeed<
	Batch extends { readonly cursor: string; readonly isReplay: boolean; readonly events: readonly unknown[] },
>(options: FeedOptions<Batch>): Feed {
	let after = options.after;
	let stop: (() => void) | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let attempt = 0;
	let replayed = 0;
	/** Rises with every (dis)connection: what an older subscription still says is not listened to. */
	let turn = 0;
	let state: "running" | "paused" | "refused" | "ended" = "running";

	const disconnect = () => {
		turn += 1;
		clearTimeout(timer);
		stop?.();
		stop = undefined;
	};
	const retry = (next: () => void) => {
		disconnect();
		if (!options.isOnline()) return options.report("offline", 0);
		options.report("reconnecting", 0);
		timer = setTimeout(next, waitBefore(attempt, options.random()));
		attempt += 1;
	};
	const resync = async () => {
		const mine = turn;
		try {
			const cursor = await options.resync();
			if (mine !== turn) return;
			after = cursor;
			connect();
		} catch {
			if (mine === turn) retry(resync);
		}
	};
	const interrupted = (error: unknown) => {
		const verdict = judge(error);
		if (verdict.kind === "retry") return retry(connect);
		if (verdict.kind === "resync") return retry(resync);
		disconnect();
		state = "refused";
		options.report("refused", 0, verdict.reason);
	};
	const connect = () => {
		disconnect();
		const mine = turn;
		replayed = 0;
		stop = options.open(after, {
			opened() {
				// A run that waits may say nothing for hours: that is no reason to seem unconnected.
				if (mine === turn) options.report("live", 0);
			},
			next(batch) {
				if (mine !== turn) return;
				options.apply(batch);
				after = batch.cursor;
				attempt = 0;
				if (batch.isReplay) replayed += batch.events.length;
				options.report(batch.isReplay && batch.events.length > 0 ? "replaying" : "live", replayed);
			},
			error(error) {
				if (mine === turn) interrupted(error);
			},
			complete() {
				if (mine !== turn) return;
				state = "ended";
				disconnect();
				options.report("ended", replayed);
			},
		});
	};

	options.report("connecting", 0);
	connect();
	return {
		toggle() {
			if (state === "ended") return;
			if (state === "running") {
				state = "paused";
				disconnect();
				options.report("paused", 0);
			} else {
				state = "running";
				attempt = 0;
				options.report("connecting", 0);
				connect();
			}
		},
		networkChanged() {
			if (state !== "running") return;
			attempt = 0;
			if (options.isOnline()) connect();
			else {
				disconnect();
				options.report("offline", 0);
			}
		},
		close: disconnect,
	};
}
