/** Reads curves together with the number of the newest event they include, so that a subscription goes on exactly there. */
import { lastSeq, type MetricKey as MetricKeyRow, metricColumns, metricNames } from "@mithridate/db";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { encodeCursor } from "../../live/cursor.ts";
import { gather } from "./buckets.ts";
import type { DownsampleMethod, MetricKey, MetricSeries, StepRange } from "./metric.type.ts";

const MOST_KEYS = 100;
const MOST_BUCKETS = 10_000;
/** Points that may be sent as they are; more of them are a download. */
const MOST_RAW = 100_000;

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

/** A curve in short. */
export function metricKey({ key, count, last, lastStep, minimum, maximum }: MetricKeyRow): MetricKey {
	const [stage = "", ...name] = key.split("/");
	return {
		key,
		stage,
		name: name.join("/"),
		last: finite(last),
		min: finite(minimum),
		max: finite(maximum),
		lastStep,
		rawCount: count,
	};
}

export interface SeriesRequest {
	/** All there are where it is null. */
	readonly keys: readonly string[] | null;
	readonly range: StepRange | null;
	readonly maxBuckets: number;
	readonly method: DownsampleMethod;
}

/**
 * Curves of a run, in one snapshot.
 * @throws ApiError `BAD_USER_INPUT` for more keys, buckets or raw points than may be had at once.
 */
export async function metricSeries(
	{ database }: Context,
	runId: string,
	request: SeriesRequest,
): Promise<MetricSeries[]> {
	const { range, maxBuckets, method } = request;
	if (request.keys && request.keys.length > MOST_KEYS)
		throw tooMany(`${request.keys.length} keys`, `${MOST_KEYS} keys`);
	if (maxBuckets < 1 || maxBuckets > MOST_BUCKETS) throw tooMany(`${maxBuckets} buckets`, `1 to ${MOST_BUCKETS}`);
	const bounds = { ...(range?.from != null && { from: range.from }), ...(range?.to != null && { to: range.to }) };
	const { through, keys, columns } = await database.db.transaction(
		async (tx) => {
			const through = (await lastSeq(tx, { runId })) ?? 0;
			const keys = request.keys ?? (await metricNames(tx, { runId, limit: MOST_KEYS }));
			return { through, keys, columns: await metricColumns(tx, { runId, keys: [...new Set(keys)], ...bounds }) };
		},
		{ isolationLevel: "repeatable read", accessMode: "read only" },
	);
	const curves = new Map(columns.map((curve) => [curve.key, curve]));
	const resumeCursor = encodeCursor({ kind: "run", id: runId }, through);
	return keys.map((key) => {
		const { steps, values } = curves.get(key) ?? { steps: [], values: [] };
		if (method === "RAW" && values.length > MOST_RAW)
			throw tooMany(`${values.length} raw points of ${key}`, `${MOST_RAW}, or a range of steps, or download them`);
		const { method: used, ...buckets } = gather({ steps, values }, maxBuckets, method);
		return {
			key,
			rawCount: values.length,
			buckets: buckets.steps.length,
			method: used,
			...buckets,
			throughSeq: through,
			resumeCursor,
		};
	});
}

function tooMany(what: string, limit: string): ApiError {
	return new ApiError("BAD_USER_INPUT", `${what} cannot be asked for: give at most ${limit}.`);
}
