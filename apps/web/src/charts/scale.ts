/** Scales and round ticks for charts drawn as SVG. */

export type Interval = readonly [number, number];
export type Scale = (value: number) => number;

/** Maps the domain onto the range, linearly and beyond its ends too; a domain without width maps to the range's middle. */
export function linear([from, to]: Interval, [start, end]: Interval): Scale {
	const width = to - from;
	return width === 0 ? () => (start + end) / 2 : (value) => start + ((value - from) / width) * (end - start);
}

/** Maps a positive domain onto the range by its logarithm. */
export function logarithmic([from, to]: Interval, range: Interval): Scale {
	const scale = linear([Math.log(from), Math.log(to)], range);
	return (value) => scale(Math.log(value));
}

/** Powers of ten within a positive interval, with 2 and 5 times them where fewer than four are there. */
export function logarithmicTicks([from, to]: Interval): readonly number[] {
	const powers = (factors: readonly number[]) => {
		const found: number[] = [];
		for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++)
			for (const factor of factors) {
				const tick = Number((factor * 10 ** power).toPrecision(12));
				if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) found.push(tick);
			}
		return found;
	};
	const whole = powers([1]);
	return whole.length >= 4 ? whole : powers([1, 2, 5]);
}

/** About `count` round numbers within the interval: steps of 1, 2 or 5 times a power of ten. */
export function ticks([from, to]: Interval, count: number): readonly number[] {
	if (!(to > from)) return [from];
	const rough = (to - from) / count;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
	const first = Math.ceil(from / step - 1e-9);
	const last = Math.floor(to / step + 1e-9);
	// From whole multiples, so that 0.1 + 0.2 does not show.
	return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** The smallest interval around all finite values, widened by a share of itself. */
export function extent(values: Iterable<number>, margin = 0): Interval {
	let low = Infinity;
	let high = -Infinity;
	for (const value of values) {
		if (value < low) low = value;
		if (value > high && value < Infinity) high = value;
	}
	if (!(high >= low)) return [0, 1];
	const more = (high - low || Math.abs(high) || 1) * margin;
	return [low - more, high + more];
}

/** The same, or one to either side of a single value: uPlot puts marks without end on an axis that has no length. */
export function widened([from, to]: Interval): Interval {
	return to > from ? [from, to] : [from - 1, from + 1];
}
