/** Metric series of runs, in columns. */
import { and, asc, count, eq, gte, inArray, lte, max, sql } from "drizzle-orm";
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
	const series = db
		.select({
			runId: metricPoints.runId,
			key: metricPoints.key,
			count: count().as("count"),
			lastStep: max(metricPoints.step).as("last_step"),
			minimum: sql<number | null>`min(${metricPoints.value}) ${finite}`.as("minimum"),
			maximum: sql<number | null>`max(${metricPoints.value}) ${finite}`.as("maximum"),
		})
		.from(metricPoints)
		.where(inArray(metricPoints.runId, [...runIds]))
		.groupBy(metricPoints.runId, metricPoints.key)
		.as("series");
	const rows = await db
		.select({
			runId: series.runId,
			key: series.key,
			count: series.count,
			lastStep: series.lastStep,
			last: metricPoints.value,
			minimum: series.minimum,
			maximum: series.maximum,
		})
		.from(series)
		.innerJoin(
			metricPoints,
			and(
				eq(metricPoints.runId, series.runId),
				eq(metricPoints.key, series.key),
				eq(metricPoints.step, series.lastStep),
			),
		)
		.orderBy(asc(series.runId), asc(series.key));
	return rows.map((row) => ({ ...row, lastStep: row.lastStep! }));
}

/** The first `limit` keys of a run, ascending; no more is read than one entry of the index for each. */
export async function metricNames(
	db: Db,
	{ runId, limit }: { readonly runId: string; readonly limit: number },
): Promise<string[]> {
	const next = sql`SELECT min(key) AS key FROM ${metricPoints} WHERE run_id = ${runId}`;
	const { rows } = await db.execute<{ key: string }>(sql`
		WITH RECURSIVE found(key) AS (
			${next}
			UNION ALL
			SELECT (${next} AND key > found.key) FROM found WHERE found.key IS NOT NULL)
		SELECT key FROM found WHERE key IS NOT NULL LIMIT ${limit}`);
	return rows.map(({ key }) => key);
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
	// As the bytes that the database holds: to write and to read a hundred thousand numbers as text takes far longer.
	const rows = await db
		.select({
			key: metricPoints.key,
			steps: sql<Buffer>`string_agg(int4send(${metricPoints.step}), '' ORDER BY ${metricPoints.step})`,
			values: sql<Buffer>`string_agg(float8send(${metricPoints.value}), '' ORDER BY ${metricPoints.step})`,
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
		const { steps = none, values = none } = found.get(key) ?? {};
		return {
			key,
			steps: Int32Array.from({ length: steps.length / 4 }, (_, at) => steps.readInt32BE(4 * at)),
			values: Float64Array.from({ length: values.length / 8 }, (_, at) => values.readDoubleBE(8 * at)),
		};
	});
}

const none = Buffer.alloc(0);
