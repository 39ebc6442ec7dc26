"use client";
/** What the connection chip shows: the state of the feed of the page that is open. */
import { useSyncExternalStore } from "react";

export type FeedStatus =
	| "connecting"
	| "live"
	| "replaying"
	| "reconnecting"
	| "paused"
	| "offline"
	| "refused"
	| "ended";

export interface Connection {
	readonly status: FeedStatus;
	/** Stored events applied since the feed was (re)connected. */
	readonly replayed: number;
	/** Why the server will not go on, where `status` is "refused". */
	readonly reason?: string | undefined;
	/** Pauses or resumes the feed. */
	readonly toggle: () => void;
}

let current: Connection | null = null;
const listeners = new Set<() => void>();

/** The page's feed tells how it is; null when the page has none any more. */
export function showConnection(connection: Connection | null): void {
	current = connection;
	for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

export function useConnection(): Connection | null {
	return useSyncExternalStore(
		subscribe,
		() => current,
		() => null,
	);
}
