/** What runs leave besides results: samples of their machine, files and logs. */
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { artifacts, events, runArtifacts, systemSamples } from "../schema/index.ts";
import type { Event } from "./events.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";
import type { StoredFile } from "./record-items.ts";

export type SystemSample = typeof systemSamples.$inferSelect;

/** The samples of runs, in order of time. */
export async function systemSamplesOfRuns(db: Db, runIds: readonly string[]): Promise<SystemSample[]> {
	if (runIds.length === 0) return [];
	return db
		.select()
		.from(systemSamples)
		.where(inArray(systemSamples.runId, [...runIds]))
		.orderBy(asc(systemSamples.runId), asc(systemSamples.at));
}

/** The files of runs, by name; those of checkpoints stand with the checkpoints. */
export async function artifactsOfRuns(
	db: Db,
	runIds: readonly string[],
): Promise<(StoredFile & { readonly runId: string })[]> {
	if (runIds.length === 0) return [];
	return db
		.select({
			runId: runArtifacts.runId,
			name: runArtifacts.name,
			sha256: runArtifacts.sha256,
			bytes: artifacts.bytes,
			mediaType: artifacts.mediaType,
		})
		.from(runArtifacts)
		.innerJoin(artifacts, eq(artifacts.sha256, runArtifacts.sha256))
		.where(inArray(runArtifacts.runId, [...runIds]))
		.orderBy(asc(runArtifacts.runId), asc(runArtifacts.name));
}

/** A page of a run's log events, in order; the key is the event's number. */
export function listLogs(db: Db, { runId, page }: { runId: string; page: PageRequest }): Promise<PageOf<Event>> {
	return paged({ key: events.seq, direction: "asc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(events)
			.where(and(where, eq(events.runId, runId), eq(events.kind, "log")))
			.orderBy(...orderBy)
			.limit(limit),
	);
}
