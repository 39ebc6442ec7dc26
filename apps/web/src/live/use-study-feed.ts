"use client";
/** Hears of what happens in a study, so that its page asks again only then; tells when it cannot hear. */
import { useEffect, useRef, useState } from "react";
import { client, subscribeOnce } from "../graphql/client.ts";
import type { News } from "../graphql/use-fresh.ts";
import { type FeedStatus, showConnection } from "./connection.ts";
import { openFeed } from "./feed.ts";
import { gatherNews } from "./news.ts";
import { random } from "./random.ts";
import { StudyCursorQuery, type StudyEventBatch, StudyEventsSubscription } from "./study-events.ts";

/** Least milliseconds between two askings. */
const pace = 1000;

interface Followed {
	readonly id: string;
	/** Stands after the last event that the page's own answer holds. */
	readonly resumeCursor: string;
}

/** States in which nothing is missed, or nothing wanted. */
const heard: ReadonlySet<FeedStatus> = new Set(["live", "replaying", "paused"]);

/** Follows a study while `isOpen`: while a run of it waits, runs or is paused. Null until it is known. */
export function useStudyFeed(study: Followed | null, isOpen: boolean): News {
	const [count, setCount] = useState(0);
	const [isUnheard, setUnheard] = useState(true);
	const id = study?.id ?? null;
	// A newer answer of the page does not open the feed anew.
	const newest = useRef("");
	newest.current = study?.resumeCursor ?? "";
	useEffect(() => {
		if (id === null || !isOpen) return;
		const news = gatherNews(() => setCount((now) => now + 1), pace);
		const feed = openFeed<StudyEventBatch>({
			after: newest.current,
			open: (after, sink) =>
				subscribeOnce(
					StudyEventsSubscription,
					{ studyId: id, after },
					{ ...sink, next: ({ studyEvents }) => sink.next(studyEvents) },
				),
			apply({ events }) {
				if (events.length > 0) news.tell();
			},
			async resync() {
				const { data, error } = await client
					.query(StudyCursorQuery, { id }, { requestPolicy: "network-only" })
					.toPromise();
				if (error) throw error;
				if (!data?.node || !("resumeCursor" in data.node)) throw new Error(`There is no study ${id} any more.`);
				news.tell();
				return data.node.resumeCursor;
			},
			report(status, replayed, reason) {
				setUnheard(!heard.has(status));
				// Its last run has ended: that is the last news.
				if (status === "ended") news.tell();
				showConnection({ status, replayed, reason, toggle: () => feed?.toggle() });
			},
			random,
			isOnline: () => navigator.onLine,
		});
		window.addEventListener("online", feed.networkChanged);
		window.addEventListener("offline", feed.networkChanged);
		return () => {
			window.removeEventListener("online", feed.networkChanged);
			window.removeEventListener("offline", feed.networkChanged);
			feed.close();
			news.stop();
			setUnheard(true);
			showConnection(null);
		};
	}, [id, isOpen]);
	return { count, isUnheard };
}
