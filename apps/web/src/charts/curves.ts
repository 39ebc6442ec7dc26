/** From stored columns to what is drawn: the part in view, smoothed, in no more buckets than the screen has room for. */
import type { Series } from "../live/series.ts";
import type { Interval } from "./scale.ts";

/** Index of the first step not below `step`, of `length` ascending steps. */
export function firstFrom(steps: Float64Array, length: number, step: number): number {
	let low = 0;
	let high = length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (steps[middle]! < step) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Index of the step nearest to `step`; -1 without any. */
export function nearest({ steps, length }: Pick<Series, "steps" | "length">, step: number): number {
	const after = firstFrom(steps, length, step);
	if (after === length) return length - 1;
	if (after > 0 && step - steps[after - 1]! < steps[after]! - step) return after - 1;
	return after;
}

/**
 * Exponential moving average, freed of its start at zero; values that are not finite stay gaps and do not move it.
 * @param weight share that the past keeps, in [0, 1)
 */
export function smooth(values: Float64Array, length: number, weight: number): Float64Array {
	const smoothed = new Float64Array(length);
	let mean = 0;
	let debt = 1;
	for (let index = 0; index < length; index++) {
		const value = values[index]!;
		if (Number.isFinite(value)) {
			mean = weight * mean + (1 - weight) * value;
			debt *= weight;
			smoothed[index] = mean / (1 - debt);
		} else smoothed[index] = Number.NaN;
	}
	return smoothed;
}

/** Columns as they are drawn. `bucketed` says whether `min` and `max` stand for more points than the line shows. */
export interface Drawn {
	readonly steps: readonly number[];
	/** The line: smoothed if asked for. NaN is a gap. */
	readonly line: readonly number[];
	readonly raw: readonly number[];
	readonly min: readonly number[];
	readonly max: readonly number[];
	readonly bucketed: boolean;
}

const lower = (a: number, b: number) => (Number.isNaN(a) || b < a ? b : a);
const higher = (a: number, b: number) => (Number.isNaN(a) || b > a ? b : a);

/**
 * The part of a series in `range` with one point on either side, as it is if that is at most `limit` points, otherwise
 * in `limit` / 2 buckets of equally many points: last value as the line, smallest and largest around it. Nothing
 * is sampled away: every point is within the band of its bucket.
 */
export function draw(
	series: Series,
	range: Interval,
	{ limit, line }: { readonly limit: number; readonly line: Float64Array },
): Drawn {
	const start = Math.max(0, firstFrom(series.steps, series.length, range[0]) - 1);
	const end = Math.min(series.length, firstFrom(series.steps, series.length, range[1]) + 1);
	const size = end - start > limit ? Math.ceil((end - start) / Math.floor(limit / 2)) : 1;
	const drawn = {
		steps: [] as number[],
		line: [] as number[],
		raw: [] as number[],
		min: [] as number[],
		max: [] as number[],
	};
	for (let from = start; from < end; from += size) {
		const to = Math.min(end, from + size);
		let min = Number.NaN;
		let max = Number.NaN;
		for (let index = from; index < to; index++) {
			min = lower(min, series.min[index]!);
			max = higher(max, series.max[index]!);
		}
		drawn.steps.push(series.steps[to - 1]!);
		drawn.line.push(line[to - 1]!);
		drawn.raw.push(series.last[to - 1]!);
		drawn.min.push(min);
		drawn.max.push(max);
	}
	return { ...drawn, bucketed: size > 1 || series.method !== "RAW" };
}

/** All steps of several columns, ascending and once each, and per column its indices by step (-1 where it has none). */
export function align(columns: readonly { readonly steps: readonly number[] }[]): {
	readonly steps: readonly number[];
	readonly indices: readonly Int32Array[];
} {
	const steps = [...new Set(columns.flatMap((column) => column.steps))].sort((a, b) => a - b);
	const place = new Map(steps.map((step, index) => [step, index]));
	const indices = columns.map((column) => {
		const found = new Int32Array(steps.length).fill(-1);
		for (const [index, step] of column.steps.entries()) found[place.get(step)!] = index;
		return found;
	});
	return { steps, indices };
}

/** A series with the finer points of `detail` in place of its own within the detail's steps. */
export function splice(series: Series, detail: Series): Series {
	if (detail.length === 0) return series;
	const from = firstFrom(series.steps, series.length, detail.steps[0]!);
	const to = firstFrom(series.steps, series.length, detail.steps[detail.length - 1]! + 1);
	const length = from + detail.length + series.length - to;
	const joined = (name: "steps" | "last" | "min" | "max") => {
		const column = new Float64Array(length);
		column.set(series[name].subarray(0, from));
		column.set(detail[name].subarray(0, detail.length), from);
		column.set(series[name].subarray(to, series.length), from + detail.length);
		return column;
	};
	return { ...series, length, steps: joined("steps"), last: joined("last"), min: joined("min"), max: joined("max") };
}

/** First and last finite value of a series, for its summary in words. */
export function ends(series: Series): { readonly first: number; readonly last: number } | null {
	let from = 0;
	let to = series.length - 1;
	while (from <= to && !Number.isFinite(series.last[from])) from += 1;
	while (to >= from && !Number.isFinite(series.last[to])) to -= 1;
	return from > to ? null : { first: series.last[from]!, last: series.last[to]! };
}
