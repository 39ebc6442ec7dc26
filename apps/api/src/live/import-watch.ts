/** Follows imports: all that are watched on this server are looked at together, and each follower gets the newest state. */
import { type Database, findImports, type Import, importRevisions } from "@mithridate/db";
import type { Logger } from "pino";
import { ApiError } from "../errors.ts";

const LOOK_MS = 500;

const open: ReadonlySet<string> = new Set(["queued", "running"]);

interface Follower {
	readonly id: string;
	/** Revision it was told of. */
	seen: number;
	wake(): void;
}

export interface ImportWatch {
	/** The import as it is now and at each change, until it has ended. States in between may be left out. */
	follow(id: string, signal: AbortSignal): AsyncGenerator<Import, void>;
	readonly followers: number;
	close(): void;
}

export function createImportWatch({ database: { db }, log }: { database: Database; log: Logger }): ImportWatch {
	const followers = new Set<Follower>();
	const over = new AbortController();
	let isLooking = false;

	const look = async () => {
		if (isLooking || followers.size === 0) return;
		isLooking = true;
		try {
			const revisions = await importRevisions(db, [...new Set([...followers].map(({ id }) => id))]);
			// Waking one that finds its import gone ends it.
			for (const follower of followers) if (revisions.get(follower.id) !== follower.seen) follower.wake();
		} catch (error) {
			// A database that is away is asked again at the next look.
			log.warn({ err: error }, "imports could not be looked at");
		} finally {
			isLooking = false;
		}
	};
	const timer = setInterval(() => void look(), LOOK_MS);
	timer.unref();

	async function* follow(id: string, left: AbortSignal): AsyncGenerator<Import, void> {
		const signal = AbortSignal.any([left, over.signal]);
		let news = Promise.withResolvers<void>();
		const follower: Follower = { id, seen: -1, wake: () => news.resolve() };
		const leave = () => news.resolve();
		signal.addEventListener("abort", leave);
		followers.add(follower);
		try {
			while (!signal.aborted) {
				const [row] = await findImports(db, [id]);
				if (!row) throw new ApiError("NOT_FOUND", `There is no import ${id}.`);
				if (row.revision !== follower.seen) {
					follower.seen = row.revision;
					yield row;
				}
				if (!open.has(row.status)) return;
				await news.promise;
				news = Promise.withResolvers();
			}
		} finally {
			followers.delete(follower);
			signal.removeEventListener("abort", leave);
		}
	}
	return {
		follow,
		get followers() {
			return followers.size;
		},
		close() {
			clearInterval(timer);
			over.abort();
		},
	};
}
