/** Runs by filter and order, their groups, and what people change about them. */
import {
	and,
	arrayContains,
	arrayOverlaps,
	asc,
	count,
	eq,
	gt,
	ilike,
	inArray,
	isNotNull,
	isNull,
	ne,
	notInArray,
	or,
	type SQL,
	sql,
} from "drizzle-orm";
import type { Db } from "../connect.ts";
import { runs } from "../schema/index.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";
import { containing } from "./rows.ts";
import { lockRuns, type Run, type RunStatus } from "./runs.ts";

export interface RunFilter {
	readonly status?: readonly RunStatus[];
	readonly studyId?: string;
	readonly datasetId?: string;
	readonly attack?: readonly string[];
	/** Runs with any of these defenses. */
	readonly defense?: readonly string[];
	readonly goal?: string;
	readonly seed?: number;
	readonly tag?: string;
	/** Part of the name or the notes. */
	readonly text?: string;
	/** Both kinds where it is left out. */
	readonly isArchived?: boolean;
	readonly groupHash?: string;
	readonly createdAfter?: Date;
}

export interface RunOrder {
	readonly field: "number" | "createdAt" | "endedAt" | "poisonedHitAt10";
	readonly direction: "asc" | "desc";
}

/** A page of runs, the latest first unless ordered otherwise. */
export function listRuns(
	db: Db,
	{
		filter = {},
		order = { field: "number", direction: "desc" },
		page,
	}: { filter?: RunFilter; order?: RunOrder; page: PageRequest },
): Promise<PageOf<Run>> {
	const tie = order.field === "number" ? {} : { id: runs.id };
	return paged({ key: runs[order.field], ...tie, direction: order.direction }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(runs)
			.where(and(where, matching(filter)))
			.orderBy(...orderBy)
			.limit(limit),
	);
}

export async function countRuns(db: Db, filter: RunFilter = {}): Promise<number> {
	const [row] = await db.select({ count: count() }).from(runs).where(matching(filter));
	return row!.count;
}

export async function findRunByNumber(db: Db, number: number): Promise<Run | null> {
	const [run] = await db.select().from(runs).where(eq(runs.number, number));
	return run ?? null;
}

/** The ids of the runs that a filter finds, at most `limit` of them. */
export async function findRunIds(db: Db, { filter, limit }: { filter: RunFilter; limit: number }): Promise<string[]> {
	const rows = await db.select({ id: runs.id }).from(runs).where(matching(filter)).orderBy(asc(runs.id)).limit(limit);
	return rows.map(({ id }) => id);
}

/** Runs that differ in nothing but the seed. */
export interface RunGroup {
	readonly groupHash: string;
	/** By seed. */
	readonly runIds: readonly string[];
}

/** A page of groups among the runs that a filter finds, ordered by their hash. */
export async function runGroups(
	db: Db,
	{ filter = {}, page }: { filter?: RunFilter; page: PageRequest },
): Promise<PageOf<RunGroup>> {
	const ids = sql<string[]>`array_agg(${runs.id} ORDER BY ${runs.seed}, ${runs.number})`;
	return paged({ key: runs.groupHash, direction: "asc" }, page, ({ where, orderBy, limit }) =>
		db
			.select({ groupHash: runs.groupHash, runIds: ids })
			.from(runs)
			.where(and(where, matching(filter)))
			.groupBy(runs.groupHash)
			.orderBy(...orderBy)
			.limit(limit),
	);
}

/** Changes what people write about a run; what is left out stays. Null when there is no such run. */
export async function annotateRun(
	db: Db,
	{ id, ...changes }: { id: string; name?: string; tags?: string[]; notes?: string | null },
): Promise<Run | null> {
	const [run] = await db
		.update(runs)
		.set({ id, ...changes })
		.where(eq(runs.id, id))
		.returning();
	return run ?? null;
}

/** Sets how soon a run is to be carried out. Null when there is no such run. */
export async function setPriority(db: Db, { id, priority }: { id: string; priority: number }): Promise<Run | null> {
	const [run] = await db.update(runs).set({ priority }).where(eq(runs.id, id)).returning();
	return run ?? null;
}

/** Puts runs out of sight that neither wait nor run; returns those that were archived by it. */
export function archiveRuns(db: Db, runIds: readonly string[]): Promise<Run[]> {
	const quiet = and(isNull(runs.archivedAt), notInArray(runs.status, ["queued", "running"]));
	return runIds.length === 0
		? Promise.resolve([])
		: db
				.update(runs)
				.set({ archivedAt: sql`now()` })
				.where(and(inArray(runs.id, [...runIds]), quiet))
				.returning();
}

/** Brings archived runs back; returns them. */
export async function restoreRuns(db: Db, runIds: readonly string[]): Promise<Run[]> {
	if (runIds.length === 0) return [];
	const gone = and(inArray(runs.id, [...runIds]), isNotNull(runs.archivedAt));
	return db.update(runs).set({ archivedAt: null }).where(gone).returning();
}

/** Deletes runs with all they recorded, except those that are running; what stages share stays. Returns the deleted ids. */
export function deleteRuns(db: Db, runIds: readonly string[]): Promise<string[]> {
	return db.transaction(async (tx) => {
		await lockRuns(tx, runIds);
		if (runIds.length === 0) return [];
		const deleted = await tx
			.delete(runs)
			.where(and(inArray(runs.id, [...runIds]), ne(runs.status, "running")))
			.returning({ id: runs.id });
		return deleted.map(({ id }) => id);
	});
}

function matching(filter: RunFilter): SQL | undefined {
	const { text, isArchived } = filter;
	return and(
		filter.status && inArray(runs.status, [...filter.status]),
		optionally(filter.studyId, (id) => eq(runs.studyId, id)),
		optionally(filter.datasetId, (id) => eq(runs.datasetId, id)),
		filter.attack && inArray(runs.attack, [...filter.attack]),
		filter.defense && arrayOverlaps(runs.defenses, [...filter.defense]),
		optionally(filter.goal, (goal) => eq(runs.goalsLabel, goal)),
		optionally(filter.seed, (seed) => eq(runs.seed, seed)),
		optionally(filter.tag, (tag) => arrayContains(runs.tags, [tag])),
		optionally(text, (part) => or(ilike(runs.name, containing(part)), ilike(runs.notes, containing(part)))),
		optionally(isArchived, (archived) => (archived ? isNotNull(runs.archivedAt) : isNull(runs.archivedAt))),
		optionally(filter.groupHash, (hash) => eq(runs.groupHash, hash)),
		optionally(filter.createdAfter, (time) => gt(runs.createdAt, time)),
	);
}

function optionally<Value>(value: Value | undefined, condition: (value: Value) => SQL | undefined): SQL | undefined {
	return value === undefined ? undefined : condition(value);
}
