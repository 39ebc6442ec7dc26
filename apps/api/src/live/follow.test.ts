import type { Event } from "@mithridate/db";
import { expect, test } from "vitest";
import type { Feed, Placed } from "./feed.ts";
import { type Batch, follow } from "./follow.ts";

const HOUR_MS = 3_600_000;

/** A feed that is empty at first; `tell` adds events to it. */
function smallFeed() {
	const events: Placed[] = [];
	const waiting = new Set<() => void>();
	const feed: Feed = {
		get head() {
			return events.length;
		},
		page: async (after, most) => events.slice(after, after + most),
		isDrained: () => false,
		refresh: async () => {},
		wait: (_ms, signal) =>
			new Promise((resolve) => {
				waiting.add(resolve);
				signal.addEventListener("abort", () => resolve(), { once: true });
			}),
		share: (_key, make) => make(),
		size: () => ({ events: events.length, bytes: 0 }),
	};
	const tell = (count: number) => {
		for (let at = 0; at < count; at++)
			events.push({ position: events.length + 1, bytes: 10, event: { seq: events.length + 1 } as unknown as Event });
		for (const resolve of waiting) resolve();
		waiting.clear();
	};
	return { feed, tell };
}

const options = {
	name: { kind: "run", id: "01a214aa-9b94-70d0-8200-f7a2bd8783e3" },
	after: 0,
	minIntervalMs: HOUR_MS,
	matches: () => true,
	choice: "all",
	now: () => 0,
} as const;

test("a backlog of full batches comes at once, however long the interval between two batches of news", async () => {
	const { feed, tell } = smallFeed();
	const leave = new AbortController();
	const follower = follow({ ...options, feed, signal: leave.signal });
	const sizes: number[] = [];
	const first = follower.next();
	tell(1001);
	for (let next = first; sizes.length < 5; next = follower.next())
		sizes.push(((await next).value as Batch).events.length);
	expect(sizes).toEqual([200, 200, 200, 200, 200]);
	let isLast = false;
	const last = follower.next().then(() => {
		isLast = true;
	});
	await new Promise((resolve) => setTimeout(resolve, 20));
	// The one that is left waits for company.
	expect(isLast).toBe(false);
	leave.abort();
	await last;
});
