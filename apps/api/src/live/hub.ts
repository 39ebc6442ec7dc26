/** All live feeds of this server: one reader each, woken by the database's bell and, should that be lost, by a poll. */
import type { Database, Event, Import } from "@mithridate/db";
import type { Logger } from "pino";
import { ApiError } from "../errors.ts";
import { decodeCursor, type FeedName } from "./cursor.ts";
import { type Feed, openFeed } from "./feed.ts";
import { type Batch, type Follower, follow } from "./follow.ts";
import { createImportWatch } from "./import-watch.ts";
import { createSource } from "./source.ts";

const POLL_MS = 2_000;
const STALL_CHECK_MS = 1_000;

export interface Subscribe {
	readonly feed: FeedName;
	/** A cursor; without one all events are replayed. */
	readonly after?: string | undefined;
	readonly minIntervalMs: number;
	matches(event: Event): boolean;
	/** Names what `matches` chooses: subscribers of one choice share what is made of an event. */
	readonly choice: string;
	readonly signal: AbortSignal;
	/** Cuts the connection when the subscriber stopped reading: on a full socket no message gets through. */
	cut?: ((reason: string) => void) | undefined;
}

export interface Hub {
	/** Follows a feed from a cursor. Throws typed cursor errors and NOT_FOUND. */
	subscribe(options: Subscribe): Promise<AsyncIterableIterator<Batch>>;
	/** An import as it is now and at each change, until it has ended. */
	followImport(id: string, signal: AbortSignal): AsyncGenerator<Import, void>;
	/** A bell: `<runId>:<seq>[:<studyId>:<studySeq>]`, or null when some may have been missed. */
	ring(payload: string | null): void;
	/** Open feeds, subscribers, and bytes kept for them. */
	size(): { feeds: number; subscribers: number; bytes: number };
	/** Ends all subscriptions. */
	close(): void;
}

interface Shared {
	readonly feed: Promise<Feed | null>;
	opened: Feed | null;
	users: number;
}

/** A hub over a database's events. */
export function createHub({ database, log }: { database: Database; log: Logger }): Hub {
	const feeds = new Map<string, Shared>();
	const followers = new Map<Follower, Subscribe>();
	const imports = createImportWatch({ database, log });
	const keyOf = ({ kind, id }: FeedName) => `${kind}:${id}`;

	function refresh(shared: Shared): void {
		// A database that is away is asked again with the next bell or poll.
		shared.opened?.refresh().catch((error: unknown) => log.warn({ err: error }, "a feed could not be read"));
	}

	const timers = [
		setInterval(() => {
			for (const shared of feeds.values()) refresh(shared);
		}, POLL_MS),
		setInterval(() => {
			for (const [follower, { cut, feed }] of followers) {
				if (!follower.isStalled()) continue;
				const reason = follower.cut();
				log.warn({ feed: keyOf(feed) }, "a subscriber stopped reading and was cut");
				followers.delete(follower);
				cut?.(`SLOW_CONSUMER ${reason.extensions.cursor}`);
			}
		}, STALL_CHECK_MS),
	];
	for (const timer of timers) timer.unref();

	function acquire(name: FeedName): Shared {
		const key = keyOf(name);
		const known = feeds.get(key);
		if (known) {
			known.users++;
			return known;
		}
		const shared: Shared = { feed: openFeed(createSource(database, name)), opened: null, users: 1 };
		feeds.set(key, shared);
		return shared;
	}

	function release(name: FeedName, shared: Shared): void {
		if (--shared.users === 0 && feeds.get(keyOf(name)) === shared) feeds.delete(keyOf(name));
	}

	async function subscribe(options: Subscribe): Promise<AsyncIterableIterator<Batch>> {
		const { feed: name } = options;
		const after = options.after === undefined ? 0 : decodeCursor(name, options.after);
		const shared = acquire(name);
		try {
			const feed = await shared.feed;
			if (!feed) throw new ApiError("NOT_FOUND", `There is no ${name.kind} ${name.id}.`);
			shared.opened = feed;
			// Another server may have written a moment ago; what it told its client must be known here.
			if (after > feed.head) await feed.refresh();
			if (after > feed.head)
				throw new ApiError(
					"CURSOR_FUTURE",
					"`after` lies beyond the newest event: the database was restored from an older copy. Query anew and go on from resumeCursor.",
				);
			const follower = follow({
				...options,
				name,
				feed,
				after,
				now: () => performance.now(),
			});
			followers.set(follower, options);
			return endingWith(follower, () => {
				followers.delete(follower);
				release(name, shared);
			});
		} catch (error) {
			release(name, shared);
			throw error;
		}
	}

	return {
		subscribe,
		followImport: imports.follow,
		ring(payload) {
			if (payload === null) {
				for (const shared of feeds.values()) refresh(shared);
				return;
			}
			const [runId, seq, studyId, studySeq] = payload.split(":");
			for (const [key, at] of [
				[`run:${runId}`, seq],
				[`study:${studyId}`, studySeq],
			] as const) {
				const shared = feeds.get(key);
				if (shared?.opened && Number(at) > shared.opened.head) refresh(shared);
			}
		},
		size() {
			let bytes = 0;
			for (const { opened } of feeds.values()) bytes += opened?.size().bytes ?? 0;
			return { feeds: feeds.size, subscribers: followers.size + imports.followers, bytes };
		},
		close() {
			for (const timer of timers) clearInterval(timer);
			imports.close();
			for (const follower of followers.keys()) void follower.return?.();
		},
	};
}

/** The same batches, with a step that is taken once when they end in any way. */
function endingWith(follower: Follower, onEnd: () => void): AsyncIterableIterator<Batch> {
	let ended = false;
	const end = () => {
		if (ended) return;
		ended = true;
		onEnd();
	};
	return {
		async next() {
			try {
				const result = await follower.next();
				if (result.done) end();
				return result;
			} catch (error) {
				end();
				throw error;
			}
		},
		async return() {
			end();
			return (await follower.return?.()) ?? { done: true, value: undefined };
		},
		[Symbol.asyncIterator]() {
			return this;
		},
	};
}
