"use client";
/** The live state of one run for React: first answer, then the feed, drawn at most once a frame. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { subscribeOnce } from "../graphql/client.ts";
import { showConnection } from "./connection.ts";
import { openFeed } from "./feed.ts";
import { askFirstAnswer } from "./first-answer.ts";
import { random } from "./random.ts";
import { type RunEventBatch, RunEventsSubscription } from "./run-events.ts";
import { applyBatch, type FirstAnswer, type RunState, startRunState } from "./run-state.ts";

interface Store {
	readonly get: () => RunState;
	readonly apply: (batch: RunEventBatch) => void;
	/** Takes over a newer first answer; what hangs on other queries is asked again. */
	readonly restart: (first: FirstAnswer) => void;
	readonly subscribe: (listener: () => void) => () => void;
}

/** Applies at once and tells at the next frame, so that fifty points a second are drawn as one change. */
function createStore(first: FirstAnswer): Store {
	let state = startRunState(first);
	let shown = state;
	let frame = 0;
	const listeners = new Set<() => void>();
	const show = () => {
		if (frame !== 0) return;
		frame = requestAnimationFrame(() => {
			frame = 0;
			shown = state;
			for (const listener of listeners) listener();
		});
	};
	return {
		get: () => shown,
		apply(batch) {
			state = applyBatch(state, batch);
			show();
		},
		restart(first) {
			state = { ...startRunState(first), milestones: state.milestones + 1 };
			show();
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

const subscribeToNothing = () => () => undefined;

/** The state of the run, followed from `first` on, null until it is there; a new `first` of the same run does not start over. */
export function useRunFeed(runId: string, first: FirstAnswer | null): RunState | null {
	const isReady = first !== null;
	// biome-ignore lint/correctness/useExhaustiveDependencies: one store per run; later answers are older than the feed.
	const store = useMemo(() => (first ? createStore(first) : null), [runId, isReady]);
	useEffect(() => {
		if (!store) return;
		const feed = openFeed<RunEventBatch>({
			after: store.get().cursor,
			open: (after, sink) =>
				subscribeOnce(
					RunEventsSubscription,
					{ runId, after },
					{ ...sink, next: ({ runEvents }) => sink.next(runEvents) },
				),
			apply: store.apply,
			async resync() {
				const newer = await askFirstAnswer(runId);
				store.restart(newer);
				return newer.resumeCursor;
			},
			report: (status, replayed, reason) => showConnection({ status, replayed, reason, toggle: () => feed?.toggle() }),
			random,
			isOnline: () => navigator.onLine,
		});
		window.addEventListener("online", feed.networkChanged);
		window.addEventListener("offline", feed.networkChanged);
		return () => {
			window.removeEventListener("online", feed.networkChanged);
			window.removeEventListener("offline", feed.networkChanged);
			feed.close();
			showConnection(null);
		};
	}, [runId, store]);
	const get = () => store?.get() ?? null;
	return useSyncExternalStore(store?.subscribe ?? subscribeToNothing, get, get);
}
