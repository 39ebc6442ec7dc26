/** A subscriber: a cursor that pulls from a feed, in batches, and is cut when it stops pulling. */
import type { Event } from "@mithridate/db";
import { ApiError } from "../errors.ts";
import { encodeCursor, type FeedName } from "./cursor.ts";
import type { Feed, Placed } from "./feed.ts";

const FOLLOW_LIMITS = {
	/** Longest silence: then an empty batch says that the feed is alive. */
	beatMs: 15_000,
	/** A subscriber that leaves a batch lying for so long while more waits is cut. */
	stallMs: 20_000,
	/** Events of one batch. */
	batchEvents: 200,
	/** Bytes of event bodies in one batch. */
	batchBytes: 256 * 1024,
} as const;

/** What one pull answers with. */
export interface Batch {
	/** Stands after the last event that was looked at, shown or not. */
	readonly cursor: string;
	readonly events: readonly Event[];
	/** Whether these events were stored before the subscription began. */
	readonly isReplay: boolean;
}

export interface FollowOptions {
	readonly name: FeedName;
	readonly feed: Feed;
	/** Position after which to begin. */
	readonly after: number;
	/** Least time between two batches of new events. */
	readonly minIntervalMs: number;
	/** Which events are shown, and a name for the choice: equal names choose the same. */
	matches(event: Event): boolean;
	readonly choice: string;
	readonly signal: AbortSignal;
	now(): number;
}

export interface Follower extends AsyncIterableIterator<Batch> {
	/** Whether a batch has lain unread for longer than allowed while more waits. */
	isStalled(): boolean;
	/** Makes the next pull fail with SLOW_CONSUMER. */
	cut(): ApiError;
}

/** As many events as fit a batch; always at least one. */
function fit(events: readonly Placed[]): readonly Placed[] {
	let bytes = 0;
	const end = events.findIndex((placed, at) => {
		bytes += placed.bytes;
		return at > 0 && bytes > FOLLOW_LIMITS.batchBytes;
	});
	return end < 0 ? events : events.slice(0, end);
}

/** Follows a feed until it is over and drained. */
export function follow({ name, feed, after, minIntervalMs, matches, choice, signal, now }: FollowOptions): Follower {
	const stop = new AbortController();
	const ending = stop.signal;
	const leave = () => stop.abort();
	signal.addEventListener("abort", leave);
	if (signal.aborted) leave();
	const replayThrough = feed.head;
	let position = after;
	let lastShown = after;
	let handedAt: number | undefined;
	let failure: ApiError | undefined;

	async function* pull(): AsyncGenerator<Batch, undefined, undefined> {
		try {
			let nextAt = 0;
			let most: number = FOLLOW_LIMITS.batchEvents;
			let beatAt = now() + FOLLOW_LIMITS.beatMs;
			while (!ending.aborted) {
				const known = feed.head;
				const read = await feed.page(position, most);
				const page = fit(read);
				const isFull = read.length >= most || page.length < read.length;
				// Long events are read as few at a time as a batch holds, or most would be read again and again.
				most = page.length < read.length ? page.length : Math.min(FOLLOW_LIMITS.batchEvents, most * 2);
				const first = page[0]?.position ?? Math.max(known, position) + 1;
				if (first !== position + 1) throw expired(name, first);
				const early = nextAt - now();
				if (page.length > 0 && early > 0 && !isFull && page[0]!.position > replayThrough) {
					// Events of the meantime join the batch; one that is full would only fall behind.
					await sleep(early, ending);
					continue;
				}
				const isReplay = page.length > 0 && page[0]!.position <= replayThrough;
				const from = position;
				position = page.at(-1)?.position ?? position;
				const make = () => ({
					cursor: encodeCursor(name, position),
					events: page.filter(({ event }) => matches(event)).map(({ event }) => event),
					isReplay,
				});
				// Those who keep up stand at the same places; who replays is alone, and would only fill memory.
				const keepsUp = !isReplay && position === feed.head;
				const batch = keepsUp ? feed.share(`${from} ${position} ${choice}`, make) : make();
				if (batch.events.length > 0 || now() >= beatAt) {
					handedAt = now();
					yield batch;
					handedAt = undefined;
					lastShown = position;
					if (failure) throw failure;
					nextAt = now() + minIntervalMs;
					beatAt = now() + FOLLOW_LIMITS.beatMs;
				}
				if (page.length > 0) continue;
				if (feed.isDrained(position)) return;
				// News may have come while the page was awaited: then there is nothing to wait for.
				if (feed.head > position) continue;
				await feed.wait(Math.max(0, beatAt - now()), ending);
			}
			if (failure) throw failure;
		} finally {
			signal.removeEventListener("abort", leave);
		}
	}

	const batches = pull();
	return {
		next: () => batches.next(),
		return() {
			// A generator that waits cannot be returned from; ending the wait lets it.
			stop.abort();
			signal.removeEventListener("abort", leave);
			return batches.return(undefined);
		},
		[Symbol.asyncIterator]() {
			return this;
		},
		isStalled: () => handedAt !== undefined && now() - handedAt > FOLLOW_LIMITS.stallMs && feed.head > position,
		cut() {
			failure = new ApiError(
				"SLOW_CONSUMER",
				`Nothing was read for ${FOLLOW_LIMITS.stallMs / 1000} s while events waited. Subscribe again after \`cursor\`; nothing is lost.`,
				{ cursor: encodeCursor(name, lastShown) },
			);
			stop.abort();
			return failure;
		},
	};
}

function expired(name: FeedName, first: number): ApiError {
	return new ApiError(
		"CURSOR_EXPIRED",
		`Events before number ${first} are no longer kept. Query the ${name.kind} anew and go on from its resumeCursor.`,
		{ resyncFrom: encodeCursor(name, first - 1) },
	);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener("abort", done);
		if (signal.aborted) done();
	});
}
