/** Metric series of runs, in columns. */
import { and, asc, eq, gte, inArray, lte, sql } from "drizzle-orm";
import type { Db } from "../connect.ts";
import { metricPoints } from "../schema/index.ts";

/** One series at a glance. `minimum` and `maximum` are over its finite points, null where there is none. */
export interface MetricKey {
	readonly runId: string;
	readonly key: string;
	readonly count: number;
	readonly lastStep: number;
	readonly last: number;
	readonly minimum: number | null;
	readonly maximum: number | null;
}

/** The series of runs, by key. */
export async function metricKeys(db: Db, runIds: readonly string[]): Promise<MetricKey[]> {
	if (runIds.length === 0) return [];
	// PostgreSQL takes NaN for the largest number, which would hide every other maximum.
	const finite = sql`FILTER (WHERE ${metricPoints.value} NOT IN ('NaN', 'Infinity', '-Infinity'))`;
	return db
		.select({
			runId: metricPoints.runId,
			key: metricPoints.key,
			count: sql`count(*)`.mapWith(Number),
			lastStep: sql`max(${metricPoints.step})`.mapWith(Number),
			last: sql<number>`(array_agg(${metricPoints.value} ORDER BY ${metricPoints.step} DESC))[1]`,
			minimum: sql<number | null>`min(${metricPoints.value}) ${finite}`,
			maximum: sql<number | null>`max(${metricPoints.value}) ${finite}`,
		})
		.from(metricPoints)
		.where(inArray(metricPoints.runId, [...runIds]))
		.groupBy(metricPoints.runId, metricPoints.key)
		.orderBy(asc(metricPoints.runId), asc(metricPoints.key));
}

/** A series of a run: step and value of each point, in the order of steps. */
export interface MetricColumns {
	readonly key: string;
	readonly steps: Int32Array;
	readonly values: Float64Array;
}

/** Series of a run between two steps, both included; a key without points gives empty columns. */
export async function metricColumns(
	db: Db,
	{ runId, keys, from, to }: { runId: string; keys: readonly string[]; from?: number; to?: number },
): Promise<MetricColumns[]> {
	if (keys.length === 0) return [];
	const rows = await db
		.select({
			key: metricPoints.key,
			steps: sql<number[]>`array_agg(${metricPoints.step} ORDER BY ${metricPoints.step})`,
			values: sql<number[]>`array_agg(${metricPoints.value} ORDER BY ${metricPoints.step})`,
		})
		.from(metricPoints)
		.where(
			and(
				eq(metricPoints.runId, runId),
				inArray(metricPoints.key, [...keys]),
				from === undefined ? undefined : gte(metricPoints.step, from),
				to === undefined ? undefined : lte(metricPoints.step, to),
			),
		)
		.groupBy(metricPoints.key);
	const found = new Map(rows.map((row) => [row.key, row]));
	return keys.map((key) => {
		const row = found.get(key);
		return { key, steps: Int32Array.from(row?.steps ?? []), values: Float64Array.from(row?.values ?? []) };
	});
}
