/** Studies: sets of runs that answer one question. */
import { and, arrayContains, count, eq, ilike, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { DatabaseError } from "../errors.ts";
import { runs, studies } from "../schema/index.ts";
import type { SweepGrid } from "../shapes.ts";
import { type IdempotentRequest, idempotently } from "./idempotency.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";
import { containing } from "./rows.ts";
import { type Enqueue, insertRuns, type NewRun, type RunStatus } from "./runs.ts";

export type Study = typeof studies.$inferSelect;

export interface NewStudy {
	readonly slug: string;
	readonly name: string;
	readonly question?: string | null;
	readonly notes?: string | null;
	readonly tags?: readonly string[];
	readonly grid?: SweepGrid | null;
	/** The definition that its runs are cells of. */
	readonly definition?: StudyDefinitionRef;
}

/** Which study definition a study was made from, and for what. */
export interface StudyDefinitionRef {
	readonly name: string;
	readonly setting: Readonly<Record<string, unknown>>;
	/** SHA-256 of the definition as it was then. */
	readonly hash: string;
}

export interface StudyFilter {
	readonly text?: string;
	readonly tag?: string;
	/** Name of the definition it was made from. */
	readonly definition?: string;
	readonly isArchived?: boolean;
}

/**
 * Stores a study with its first runs, all or nothing, once per idempotency key.
 * @throws DatabaseError `conflict` when the slug is taken.
 */
export function createStudy(
	db: Db,
	{
		study: { tags = [], definition, ...study },
		runs: cells,
		enqueue,
		idempotency,
	}: { study: NewStudy; runs: readonly NewRun[]; enqueue: Enqueue; idempotency?: IdempotentRequest },
): Promise<{ study: Study; replayed: boolean }> {
	return db.transaction(async (tx) => {
		const create = async () => {
			const [created] = await tx
				.insert(studies)
				.values({
					...study,
					tags: [...tags],
					...(definition && {
						definition: definition.name,
						setting: definition.setting,
						definitionHash: definition.hash,
					}),
				})
				.onConflictDoNothing()
				.returning();
			if (!created)
				throw new DatabaseError(
					"conflict",
					`There is a study with the slug "${study.slug}" already. Choose another one.`,
					{
						subject: study.slug,
					},
				);
			await insertRuns(tx, { runs: cells.map((run) => ({ ...run, studyId: created.id })), enqueue });
			return created.id;
		};
		const { result: id, replayed } =
			idempotency === undefined
				? { result: await create(), replayed: false }
				: await idempotently(tx, idempotency, create);
		const [stored] = await findStudies(tx, [id]);
		return { study: stored!, replayed };
	});
}

/** The studies of some ids, in any order; unknown ids are left out. */
export async function findStudies(db: Db, ids: readonly string[]): Promise<Study[]> {
	return ids.length === 0
		? []
		: db
				.select()
				.from(studies)
				.where(inArray(studies.id, [...ids]));
}

export async function findStudyBySlug(db: Db, slug: string): Promise<Study | null> {
	const [study] = await db.select().from(studies).where(eq(studies.slug, slug));
	return study ?? null;
}

/** A page of studies, the latest first unless ordered otherwise. */
export function listStudies(
	db: Db,
	{
		filter = {},
		order = { field: "createdAt", direction: "desc" },
		page,
	}: {
		filter?: StudyFilter;
		order?: { field: "createdAt" | "name"; direction: "asc" | "desc" };
		page: PageRequest;
	},
): Promise<PageOf<Study>> {
	return paged(
		{ key: studies[order.field], id: studies.id, direction: order.direction },
		page,
		({ where, orderBy, limit }) =>
			db
				.select()
				.from(studies)
				.where(and(where, matching(filter)))
				.orderBy(...orderBy)
				.limit(limit),
	);
}

export async function countStudies(db: Db, filter: StudyFilter = {}): Promise<number> {
	const [row] = await db.select({ count: count() }).from(studies).where(matching(filter));
	return row!.count;
}

/** How many runs of each status studies have; runs that were archived are left out. */
export async function studyCounts(
	db: Db,
	studyIds: readonly string[],
): Promise<{ studyId: string; status: RunStatus; count: number }[]> {
	if (studyIds.length === 0) return [];
	const rows = await db
		.select({ studyId: runs.studyId, status: runs.status, count: count() })
		.from(runs)
		.where(and(inArray(runs.studyId, [...studyIds]), isNull(runs.archivedAt)))
		.groupBy(runs.studyId, runs.status);
	return rows.map((row) => ({ ...row, studyId: row.studyId! }));
}

/** Changes what people write about a study; what is left out stays. */
export async function annotateStudy(
	db: Db,
	{ id, ...changes }: { id: string; name?: string; question?: string | null; notes?: string | null; tags?: string[] },
): Promise<Study | null> {
	const [study] = await db
		.update(studies)
		.set({ id, ...changes })
		.where(eq(studies.id, id))
		.returning();
	return study ?? null;
}

/** Puts a study out of sight, or back. Its runs stay as they are. */
export async function archiveStudy(db: Db, { id, archived }: { id: string; archived: boolean }): Promise<Study | null> {
	const archivedAt = archived ? sql`coalesce(${studies.archivedAt}, now())` : null;
	const [study] = await db.update(studies).set({ archivedAt }).where(eq(studies.id, id)).returning();
	return study ?? null;
}

function matching({ text, tag, definition, isArchived }: StudyFilter) {
	return and(
		text === undefined
			? undefined
			: or(
					...[studies.name, studies.slug, studies.question, studies.notes].map((column) =>
						ilike(column, containing(text)),
					),
				),
		tag === undefined ? undefined : arrayContains(studies.tags, [tag]),
		definition === undefined ? undefined : eq(studies.definition, definition),
		isArchived === undefined ? undefined : isArchived ? isNotNull(studies.archivedAt) : isNull(studies.archivedAt),
	);
}
