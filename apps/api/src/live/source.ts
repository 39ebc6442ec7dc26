/** Where a feed's events are stored. */
import {
	type Database,
	type Event,
	eventsAfter,
	findRuns,
	lastSeq,
	studyCounts,
	studyEventsAfter,
} from "@mithridate/db";
import type { FeedName } from "./cursor.ts";

/** Newest number of a feed, and whether more is expected. */
export interface FeedState {
	readonly last: number;
	readonly isOver: boolean;
}

export interface FeedSource {
	readonly name: FeedName;
	/** Events after a position, in order, at most `limit`. */
	after(position: number, limit: number): Promise<Event[]>;
	/** Null where there is no such run or study. */
	state(): Promise<FeedState | null>;
	positionOf(event: Event): number;
}

const open: ReadonlySet<string> = new Set(["queued", "running", "paused"]);

/** The events of a run or study in the database. */
export function createSource({ db }: Database, name: FeedName): FeedSource {
	if (name.kind === "run")
		return {
			name,
			after: (after, limit) => eventsAfter(db, { runId: name.id, after, limit }),
			async state() {
				const [run] = await findRuns(db, [name.id]);
				return run ? { last: run.lastSeq, isOver: !open.has(run.status) } : null;
			},
			positionOf: ({ seq }) => seq,
		};
	return {
		name,
		after: (after, limit) => studyEventsAfter(db, { studyId: name.id, after, limit }),
		async state() {
			// Counted first: a run that ends in between is then seen as open, and asked for again.
			const counts = await studyCounts(db, [name.id]);
			const last = await lastSeq(db, { studyId: name.id });
			if (last === null) return null;
			return { last, isOver: counts.every(({ status, count }) => count === 0 || !open.has(status)) };
		},
		positionOf: ({ studySeq }) => studySeq!,
	};
}
