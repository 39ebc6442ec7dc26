/** Writes an attempt's records in order, and holds them in a spool while the database is away. */
import { setTimeout as sleep } from "node:timers/promises";
import { isOutage } from "./outage.ts";
import type { Spool } from "./spool.ts";

export interface WriterIo<Entry> {
	/** Commits one entry, fenced. Called again for the same entry after an outage, whether or not it was committed. */
	write(entry: Entry): Promise<void>;
	/** Renews the lease, and so finds out whether the attempt is still ours; throws when it is not. */
	confirm(): Promise<void>;
	readonly spool: Spool;
	/** Told when the database goes away, and when it is back and all that was held is written. */
	onOutage(isAway: boolean, cause?: unknown): void;
	readonly retryMilliseconds: number;
}

export interface Writer<Entry> {
	/** Resolves when the entry is committed or in the spool; rejects when the attempt is no longer ours. */
	write(entry: Entry): Promise<void>;
	/** Resolves when nothing is held. */
	drain(): Promise<void>;
	/** Gives up: nothing is written any more. Resolves with the place of what was held, null when that was nothing. */
	abandon(): Promise<string | null>;
}

/** One writer per attempt: what goes in first is written first, before and after an outage. */
export function createWriter<Entry>(io: WriterIo<Entry>): Writer<Entry> {
	const { spool, retryMilliseconds } = io;
	let order: Promise<unknown> = Promise.resolve();
	let ended: { readonly cause: unknown } | null = null;
	let away = false;

	/** One thing at a time. After the first failure that waiting cannot mend, all the others fail alike: no gaps. */
	const inOrder = (work: () => Promise<void>): Promise<void> => {
		const done = order.then(async () => {
			if (ended) throw ended.cause;
			try {
				await work();
			} catch (cause) {
				ended ??= { cause };
				throw cause;
			}
		});
		order = done.catch(() => {});
		return done;
	};
	/** Whether the database was there; goes from the first record again should it leave in the middle. */
	const isBack = async (): Promise<boolean> => {
		try {
			await io.confirm();
			await spool.replay((entry) => io.write(entry as Entry));
		} catch (error) {
			if (!isOutage(error)) throw error;
			return false;
		}
		away = false;
		io.onOutage(false);
		return true;
	};
	const recover = async () => {
		while (away && !ended) {
			await sleep(retryMilliseconds);
			await inOrder(async () => {
				if (away) await isBack();
			});
		}
	};
	const put = async (entry: Entry) => {
		if (!away) {
			try {
				return await io.write(entry);
			} catch (error) {
				if (!isOutage(error)) throw error;
				away = true;
				io.onOutage(true, error);
				// Whoever writes or drains next hears of a failure.
				recover().catch(() => {});
			}
		}
		if (await spool.append(entry)) return;
		while (!ended && !(await isBack())) await sleep(retryMilliseconds);
		if (ended) throw ended.cause;
		await io.write(entry);
	};

	return {
		write: (entry) => inOrder(() => put(entry)),
		async drain() {
			do {
				await inOrder(async () => {
					if (away) await isBack();
				});
				if (away) await sleep(retryMilliseconds);
			} while (away);
		},
		async abandon() {
			ended ??= { cause: new Error("The attempt was given up.") };
			await order;
			return spool.setAside();
		},
	};
}
