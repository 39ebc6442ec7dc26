import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openFeed, waitBefore } from "./feed.ts";

interface Batch {
	readonly cursor: string;
	readonly isReplay: boolean;
	readonly events: readonly number[];
}

/** A server with a list of events whose connection can be cut; the cursor is the number of events behind it. */
function server(stored: number[]) {
	let online = true;
	let sink: { opened(): void; next(batch: Batch): void; error(error: unknown): void; complete(): void } | undefined;
	const asked: string[] = [];
	const seen: number[] = [];
	let resynced = 0;
	const states: string[] = [];
	const send = (isReplay: boolean, from: number) =>
		sink?.next({ cursor: String(stored.length), isReplay, events: stored.slice(from) });
	const feed = openFeed<Batch>({
		after: "0",
		open(after, given) {
			asked.push(after);
			sink = given;
			if (Number(after) < stored.length) send(true, Number(after));
			return () => {
				sink = undefined;
			};
		},
		apply: (batch) => seen.push(...batch.events),
		resync: async () => {
			resynced += 1;
			return String(stored.length);
		},
		report: (status, replayed, reason) => states.push(reason ?? (replayed > 0 ? `${status} ${replayed}` : status)),
		random: () => 0,
		isOnline: () => online,
	});
	return {
		feed,
		asked,
		seen,
		states,
		write(event: number) {
			stored.push(event);
			send(false, stored.length - 1);
		},
		open: () => sink?.opened(),
		cut: () => sink?.error(new Error("gone")),
		refuse: (code: string, retryable = false) =>
			sink?.error([{ message: `it is ${code}`, extensions: { code, retryable } }]),
		resynced: () => resynced,
		end: () => sink?.complete(),
		setOnline(value: boolean) {
			online = value;
			feed.networkChanged();
		},
	};
}

describe("a feed", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("goes on from the last applied batch after each cut, and loses and repeats nothing", async () => {
		const one = server([]);
		for (let event = 1; event <= 40; event++) {
			one.write(event);
			if (event % 7 === 0) {
				one.cut();
				one.write(++event);
				await vi.advanceTimersByTimeAsync(10_000);
			}
		}
		expect(one.seen).toEqual(Array.from({ length: one.seen.length }, (_, index) => index + 1));
		expect(one.seen.length).toBe(40);
		expect(one.asked).toEqual(["0", "7", "14", "21", "28", "35"]);
		expect(one.states).toContain("replaying 1");
	});

	it("does not move the cursor past a batch that could not be applied", () => {
		const asked: string[] = [];
		let fail = true;
		const feed = openFeed<Batch>({
			after: "a",
			open(after, sink) {
				asked.push(after);
				if (asked.length === 1) expect(() => sink.next({ cursor: "b", isReplay: false, events: [1] })).toThrow("full");
				return () => undefined;
			},
			apply() {
				if (fail) throw new Error("full");
			},
			resync: () => Promise.resolve("a"),
			report: () => undefined,
			random: () => 0,
			isOnline: () => true,
		});
		fail = false;
		feed.toggle();
		feed.toggle();
		expect(asked).toEqual(["a", "a"]);
	});

	it("is live as soon as the server is reached, before it says anything", () => {
		const one = server([]);
		expect(one.states).toEqual(["connecting"]);
		one.open();
		expect(one.states.at(-1)).toBe("live");
	});

	it("waits while offline and connects at once when the network is back", () => {
		const one = server([1]);
		one.setOnline(false);
		expect(one.states.at(-1)).toBe("offline");
		one.write(2);
		one.setOnline(true);
		expect(one.seen).toEqual([1, 2]);
	});

	it("hears nothing while paused and catches up when resumed", () => {
		const one = server([]);
		one.feed.toggle();
		one.write(1);
		one.write(2);
		expect([one.seen.length, one.states.at(-1)]).toEqual([0, "paused"]);
		one.feed.toggle();
		expect(one.seen).toEqual([1, 2]);
	});

	it("does not connect again after the run has ended", async () => {
		const one = server([1]);
		one.end();
		await vi.advanceTimersByTimeAsync(60_000);
		one.setOnline(true);
		one.feed.toggle();
		expect([one.asked, one.states.at(-1)]).toEqual([["0"], "ended 1"]);
	});

	it.each(["CURSOR_EXPIRED", "CURSOR_FUTURE"])(
		"asks the first answer again after %s and goes on from its cursor",
		async (code) => {
			const one = server([1, 2, 3]);
			one.refuse(code);
			await vi.advanceTimersByTimeAsync(10_000);
			one.write(4);
			expect([one.resynced(), one.asked, one.seen.at(-1)]).toEqual([1, ["0", "3"], 4]);
		},
	);

	it("shows what the server refuses for good and asks only when told to", async () => {
		const one = server([1]);
		one.refuse("FORBIDDEN");
		await vi.advanceTimersByTimeAsync(60_000);
		one.setOnline(true);
		expect([one.asked, one.states.at(-1)]).toEqual([["0"], "it is FORBIDDEN"]);
		one.feed.toggle();
		expect(one.asked).toEqual(["0", "1"]);
	});

	it("tries again what may succeed unchanged", async () => {
		const one = server([1]);
		one.refuse("SLOW_CONSUMER", true);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(one.asked).toEqual(["0", "1"]);
	});

	it("waits longer after each failure, up to eight seconds, spread over a half", () => {
		expect([0, 1, 2, 10].map((attempt) => waitBefore(attempt, 0))).toEqual([250, 500, 1000, 8000]);
		expect(waitBefore(10, 0.999)).toBeGreaterThan(4000);
	});
});
