/** What attacks did to pairs, and what defenses made of them. */
import { and, asc, count, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { defenseReports, defenseScores, poisonedPairs } from "../schema/index.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";
import { naming } from "./rows.ts";

export type DefenseReport = typeof defenseReports.$inferSelect;
export type DefenseScore = typeof defenseScores.$inferSelect;
export type PoisonedPair = typeof poisonedPairs.$inferSelect;

/** The reports of some ids, in any order; unknown ids are left out. */
export async function findDefenseReports(db: Db, ids: readonly string[]): Promise<DefenseReport[]> {
	return ids.length === 0
		? []
		: db
				.select()
				.from(defenseReports)
				.where(inArray(defenseReports.id, [...ids]));
}

/** The reports of runs, in the order they were made. */
export async function defenseReportsOfRuns(db: Db, runIds: readonly string[]): Promise<DefenseReport[]> {
	if (runIds.length === 0) return [];
	return db
		.select()
		.from(defenseReports)
		.where(inArray(defenseReports.runId, [...runIds]))
		.orderBy(asc(defenseReports.runId), asc(defenseReports.createdAt), asc(defenseReports.id));
}

/** A page of a report's scores in the order of their pairs; the key is the position. */
export function listScores(
	db: Db,
	{ reportId, page }: { reportId: string; page: PageRequest },
): Promise<PageOf<DefenseScore>> {
	return paged({ key: defenseScores.position, direction: "asc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(defenseScores)
			.where(sql`${defenseScores.reportId} = ${reportId} AND (${where ?? sql`true`})`)
			.orderBy(...orderBy)
			.limit(limit),
	);
}

/** The pairs whose score is closest to some value, closest first. */
export function scoresNear(
	db: Db,
	{ reportId, near, limit }: { reportId: string; near: number; limit: number },
): Promise<DefenseScore[]> {
	return db
		.select()
		.from(defenseScores)
		.where(eq(defenseScores.reportId, reportId))
		.orderBy(asc(sql`abs(${defenseScores.score} - ${near})`), asc(defenseScores.position))
		.limit(limit);
}

export interface PoisonedPairFilter {
	readonly runId: string;
	readonly class?: string;
	/** Part of the sample's name or of a caption. */
	readonly text?: string;
}

const matchingPoison = ({ runId, class: wanted, text }: PoisonedPairFilter) =>
	and(
		eq(poisonedPairs.runId, runId),
		wanted === undefined ? undefined : eq(poisonedPairs.class, wanted),
		text === undefined ? undefined : naming(poisonedPairs, text),
	);

/** A page of the pairs that a run's attack changed, in its order; the key is the position. */
export function listPoisonedPairs(
	db: Db,
	{ page, ...filter }: PoisonedPairFilter & { page: PageRequest },
): Promise<PageOf<PoisonedPair>> {
	return paged({ key: poisonedPairs.position, direction: "asc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(poisonedPairs)
			.where(and(where, matchingPoison(filter)))
			.orderBy(...orderBy)
			.limit(limit),
	);
}

export async function countPoisonedPairs(db: Db, filter: PoisonedPairFilter): Promise<number> {
	const [row] = await db.select({ count: count() }).from(poisonedPairs).where(matchingPoison(filter));
	return row!.count;
}
