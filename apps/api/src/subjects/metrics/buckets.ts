/** Gathers a curve's points in buckets without losing a spike, and lists what is no finite number. */
import type { DownsampleMethod, NonFiniteKind } from "./metric.type.ts";

/** A curve: steps ascending, values parallel to them. */
export interface Curve {
	readonly steps: ArrayLike<number>;
	readonly values: ArrayLike<number>;
}

export interface Buckets {
	readonly method: DownsampleMethod;
	readonly steps: number[];
	readonly last: (number | null)[];
	readonly min: (number | null)[] | null;
	readonly max: (number | null)[] | null;
	readonly nonFinite: { readonly index: number; readonly step: number; readonly kind: NonFiniteKind }[];
}

/** Non-finite points that are listed one by one. */
const MOST_LISTED = 1000;

const finite = (value: number) => (Number.isFinite(value) ? value : null);

/** What kind of non-finite number a value is. */
function kindOf(value: number): NonFiniteKind {
	if (Number.isNaN(value)) return "NAN";
	return value > 0 ? "POSITIVE_INFINITY" : "NEGATIVE_INFINITY";
}

/**
 * At most `most` buckets of as many points each as equal division gives. A curve that fits is returned raw, whatever
 * the method.
 */
export function gather({ steps, values }: Curve, most: number, method: DownsampleMethod): Buckets {
	const count = values.length;
	const isRaw = method === "RAW" || count <= most;
	const buckets = isRaw ? count : most;
	const made: Buckets = {
		method: isRaw ? "RAW" : "MIN_MAX_LAST",
		steps: [],
		last: [],
		min: isRaw ? null : [],
		max: isRaw ? null : [],
		nonFinite: [],
	};
	for (let bucket = 0; bucket < buckets; bucket++) {
		const from = Math.floor((bucket * count) / buckets);
		const to = Math.floor(((bucket + 1) * count) / buckets);
		let least = Number.POSITIVE_INFINITY;
		let greatest = Number.NEGATIVE_INFINITY;
		for (let at = from; at < to; at++) {
			const value = values[at] as number;
			if (Number.isFinite(value)) {
				least = Math.min(least, value);
				greatest = Math.max(greatest, value);
			} else if (made.nonFinite.length < MOST_LISTED)
				made.nonFinite.push({ index: bucket, step: steps[at] as number, kind: kindOf(value) });
		}
		made.steps.push(steps[to - 1] as number);
		made.last.push(finite(values[to - 1] as number));
		made.min?.push(finite(least));
		made.max?.push(finite(greatest));
	}
	return made;
}
