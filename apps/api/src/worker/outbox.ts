/** Sends what is to be recorded to the supervisor in batches, in order, and holds the trainer back when too many are unanswered. */
import type { RecordItem } from "@mithridate/db";
import type { Ask } from "./asking.ts";

/** Items wait at most this long. */
const BATCH_MILLISECONDS = 200;
/** Batches under way; more only when the supervisor can keep neither in the database nor in its spool. */
const UNANSWERED = 16;

export interface Outbox {
	/** Adds items; resolves when the trainer may go on. */
	add(items: readonly RecordItem[]): Promise<void>;
	/** Sends what waits, so that it goes before whatever is asked next. */
	flush(): Promise<void>;
	/** Resolves when all is answered. */
	drain(): Promise<void>;
}

export function createOutbox(ask: Ask): Outbox {
	let waiting: RecordItem[] = [];
	let timer: NodeJS.Timeout | undefined;
	const unanswered = new Set<Promise<unknown>>();

	const send = () => {
		clearTimeout(timer);
		timer = undefined;
		if (waiting.length === 0) return;
		const answer: Promise<unknown> = ask("record", waiting).finally(() => unanswered.delete(answer));
		unanswered.add(answer);
		waiting = [];
	};

	return {
		async add(items) {
			if (items.length === 0) return;
			waiting.push(...items);
			timer ??= setTimeout(send, BATCH_MILLISECONDS);
			while (unanswered.size >= UNANSWERED) await Promise.race(unanswered);
		},
		async flush() {
			send();
		},
		async drain() {
			send();
			await Promise.all(unanswered);
		},
	};
}
