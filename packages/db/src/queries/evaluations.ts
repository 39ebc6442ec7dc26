/** Evaluations of models, and what each query found. */
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { evaluationQueries, evaluations } from "../schema/index.ts";
import { type PageOf, type PageRequest, paged } from "./pages.ts";

export type Evaluation = typeof evaluations.$inferSelect;
export type EvaluationQuery = typeof evaluationQueries.$inferSelect;

/** Which queries of an evaluation: of one goal, in one direction, attacked ones or the reference line. */
export type QuerySetRef = Pick<EvaluationQuery, "evaluationId" | "goal" | "direction" | "querySet">;

/** The evaluations of some ids, in any order; unknown ids are left out. */
export async function findEvaluations(db: Db, ids: readonly string[]): Promise<Evaluation[]> {
	return ids.length === 0
		? []
		: db
				.select()
				.from(evaluations)
				.where(inArray(evaluations.id, [...ids]));
}

/** The evaluations of runs, in the order they were made; `finalOnly` leaves those within training out. */
export async function evaluationsOfRuns(
	db: Db,
	{ runIds, finalOnly = false }: { runIds: readonly string[]; finalOnly?: boolean },
): Promise<Evaluation[]> {
	if (runIds.length === 0) return [];
	return db
		.select()
		.from(evaluations)
		.where(and(inArray(evaluations.runId, [...runIds]), finalOnly ? isNull(evaluations.step) : undefined))
		.orderBy(asc(evaluations.runId), asc(evaluations.createdAt), asc(evaluations.id));
}

/** A page of queries, in their order; the key is the position. */
export function listQueries(
	db: Db,
	{ of, page }: { of: QuerySetRef; page: PageRequest },
): Promise<PageOf<EvaluationQuery>> {
	return paged({ key: evaluationQueries.position, direction: "asc" }, page, ({ where, orderBy, limit }) =>
		db
			.select()
			.from(evaluationQueries)
			.where(and(where, matching(of)))
			.orderBy(...orderBy)
			.limit(limit),
	);
}

/** The rank of every query of a set, in their order. */
export async function queryRanks(db: Db, of: QuerySetRef): Promise<number[]> {
	const rows = await db
		.select({ rank: evaluationQueries.rank })
		.from(evaluationQueries)
		.where(matching(of))
		.orderBy(asc(evaluationQueries.position));
	return rows.map(({ rank }) => rank);
}

function matching({ evaluationId, goal, direction, querySet }: QuerySetRef) {
	return and(
		eq(evaluationQueries.evaluationId, evaluationId),
		eq(evaluationQueries.goal, goal),
		eq(evaluationQueries.direction, direction),
		eq(evaluationQueries.querySet, querySet),
	);
}
