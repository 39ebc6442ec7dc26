/** One metric of one run as columns that grow: cheap to append to, and never copied for a snapshot. */

export type NonFiniteKind = "NAN" | "POSITIVE_INFINITY" | "NEGATIVE_INFINITY";

export interface NonFinitePoint {
	readonly step: number;
	readonly kind: NonFiniteKind;
}

/**
 * Columns of equal capacity of which the first `length` entries count; `last` is NaN where the value was not finite.
 * `min` and `max` bound the points that a bucket stands for. Snapshots share the buffers: entries below a snapshot's
 * `length` never change, so an older snapshot stays right as long as only the newest one is appended to.
 */
export interface Series {
	readonly key: string;
	readonly length: number;
	readonly steps: Float64Array;
	readonly last: Float64Array;
	readonly min: Float64Array;
	readonly max: Float64Array;
	readonly nonFinite: readonly NonFinitePoint[];
	/** Points that exist on the server for this series, as far as is known. */
	readonly rawCount: number;
	/** How the server chose the points that are here. */
	readonly method: "RAW" | "MIN_MAX_LAST";
	/** Events up to this one are in. */
	readonly throughSeq: number;
}

export function emptySeries(key: string): Series {
	const none = new Float64Array(0);
	return {
		key,
		length: 0,
		steps: none,
		last: none,
		min: none,
		max: none,
		nonFinite: [],
		rawCount: 0,
		method: "RAW",
		throughSeq: 0,
	};
}

/** What the server sends for one series; null stands for a value that is not finite. */
export interface ServerSeries {
	readonly key: string;
	readonly rawCount: number;
	readonly method: "RAW" | "MIN_MAX_LAST";
	readonly steps: readonly number[];
	readonly last: readonly (number | null)[];
	readonly min: readonly (number | null)[] | null;
	readonly max: readonly (number | null)[] | null;
	readonly nonFinite: readonly { readonly step: number; readonly kind: NonFiniteKind }[];
	readonly throughSeq: number;
}

const column = (values: readonly (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);

export function fromServer(series: ServerSeries): Series {
	return {
		key: series.key,
		length: series.steps.length,
		steps: Float64Array.from(series.steps),
		last: column(series.last),
		min: column(series.min ?? series.last),
		max: column(series.max ?? series.last),
		nonFinite: series.nonFinite.map(({ step, kind }) => ({ step, kind })),
		rawCount: series.rawCount,
		method: series.method,
		throughSeq: series.throughSeq,
	};
}

function grown(values: Float64Array, capacity: number): Float64Array {
	const larger = new Float64Array(capacity);
	larger.set(values);
	return larger;
}

export interface Point {
	readonly step: number;
	/** Null where it is not finite. */
	readonly value: number | null;
	readonly nonFinite: NonFiniteKind | null;
	readonly seq: number;
}

/**
 * The series with one point more. A point of an event that is already in, or of a step that already has one, changes
 * nothing: a resumed run repeats its steps with the same values.
 */
export function append(series: Series, { step, value, nonFinite, seq }: Point): Series {
	if (seq <= series.throughSeq) return series;
	const { length } = series;
	if (length > 0 && step <= series.steps[length - 1]!) return { ...series, throughSeq: seq };
	let { steps, last, min, max } = series;
	if (length === steps.length) {
		const capacity = Math.max(64, 2 * length);
		steps = grown(steps, capacity);
		last = grown(last, capacity);
		min = grown(min, capacity);
		max = grown(max, capacity);
	}
	steps[length] = step;
	last[length] = min[length] = max[length] = value ?? Number.NaN;
	return {
		...series,
		steps,
		last,
		min,
		max,
		length: length + 1,
		rawCount: series.rawCount + 1,
		nonFinite: nonFinite ? [...series.nonFinite, { step, kind: nonFinite }] : series.nonFinite,
		throughSeq: seq,
	};
}
