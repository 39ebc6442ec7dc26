/** One shared reader of a feed: it keeps the newest events in a bounded ring that every subscriber pulls from. */
import type { Event } from "@mithridate/db";
import type { FeedSource } from "./source.ts";

/** Bounds of what is kept in memory and read at once. */
export const FEED_LIMITS = {
	ringEvents: 1_024,
	ringBytes: 1024 * 1024,
	/** Events of one query. */
	page: 200,
} as const;

/** An event at its place, with its size as JSON text. */
export interface Placed {
	readonly position: number;
	readonly bytes: number;
	readonly event: Event;
}

export interface Feed {
	/** Position of the newest event that was read. */
	readonly head: number;
	/** At most `most` events after a position, from the ring or, where that has moved on, from the database. */
	page(after: number, most: number): Promise<readonly Placed[]>;
	/** Whether nothing is left after a position and nothing more will come. */
	isDrained(position: number): boolean;
	/** Reads what is new. Calls at the same moment share one reading. */
	refresh(): Promise<void>;
	/** Resolves at the next news, after `ms`, or when the signal fires. */
	wait(ms: number, signal: AbortSignal): Promise<void>;
	/** What subscribers at the same place make of the same news is made once: the first one's is handed to all. */
	share<Made>(key: string, make: () => Made): Made;
	/** Events in the ring and their bytes. */
	size(): { events: number; bytes: number };
}

/** A feed that begins at the source's newest event; older ones are read by whoever asks. Null where there is no such feed. */
export async function openFeed(
	source: FeedSource,
	limits: Record<keyof typeof FEED_LIMITS, number> = FEED_LIMITS,
): Promise<Feed | null> {
	const begin = await source.state();
	if (!begin) return null;
	let head = begin.last;
	let isOver = begin.isOver;
	let ring: Placed[] = [];
	let ringBytes = 0;
	let reading: Promise<void> | undefined;
	let again = false;
	const waiting = new Set<() => void>();
	const made = new Map<string, unknown>();

	const place = (event: Event): Placed => ({
		position: source.positionOf(event),
		bytes: JSON.stringify(event.body).length,
		event,
	});

	function keep(events: readonly Placed[]): void {
		ring.push(...events);
		for (const { bytes } of events) ringBytes += bytes;
		let drop = 0;
		while (ring.length - drop > limits.ringEvents || (ringBytes > limits.ringBytes && drop < ring.length - 1))
			ringBytes -= ring[drop++]!.bytes;
		if (drop > 0) ring = ring.slice(drop);
		made.clear();
	}

	async function read(): Promise<void> {
		let mayBeOver = isOver;
		for (;;) {
			const events = (await source.after(head, limits.page)).map(place);
			if (events.length === 0) break;
			// Positions have no gaps; one would mean deleted rows, and a ring with a hole must not answer.
			if (events[0]!.position !== head + 1) {
				ring = [];
				ringBytes = 0;
			}
			keep(events);
			head = events.at(-1)!.position;
			mayBeOver ||= events.some(({ event }) => event.kind === "status");
			wake();
			if (events.length < limits.page) break;
		}
		if (!mayBeOver) return;
		const state = await source.state();
		isOver = state === null || (state.isOver && state.last <= head);
		if (isOver) wake();
	}

	function wake(): void {
		for (const go of [...waiting]) go();
	}

	async function refresh(): Promise<void> {
		if (reading) {
			again = true;
			return reading;
		}
		reading = (async () => {
			do {
				again = false;
				await read();
			} while (again);
		})().finally(() => {
			reading = undefined;
		});
		return reading;
	}

	return {
		get head() {
			return head;
		},
		async page(after, most) {
			const first = ring[0]?.position;
			if (first !== undefined && after + 1 >= first) return ring.slice(after + 1 - first, after + 1 - first + most);
			if (after >= head) return [];
			return (await source.after(after, most)).map(place);
		},
		isDrained: (position) => isOver && position >= head,
		refresh,
		wait(ms, signal) {
			return new Promise((resolve) => {
				const done = () => {
					waiting.delete(done);
					clearTimeout(timer);
					signal.removeEventListener("abort", done);
					resolve();
				};
				const timer = setTimeout(done, ms);
				signal.addEventListener("abort", done);
				waiting.add(done);
				if (signal.aborted) done();
			});
		},
		share<Made>(key: string, make: () => Made): Made {
			const known = made.get(key) as Made | undefined;
			if (known !== undefined) return known;
			const fresh = make();
			made.set(key, fresh);
			return fresh;
		},
		size: () => ({ events: ring.length, bytes: ringBytes }),
	};
}
