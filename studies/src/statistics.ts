/** Small statistics that studies share. */

/** Places of values in ascending order, from 1; equal values share the mean of their places. */
export function ranksOf(values: readonly number[]): number[] {
	const order = values.toSorted((a, b) => a - b);
	return values.map((value) => (order.indexOf(value) + order.lastIndexOf(value)) / 2 + 1);
}

/** Spearman's rank correlation; 0 where either list has no order at all. */
export function rankCorrelation(xs: readonly number[], ys: readonly number[]): number {
	if (xs.length !== ys.length) throw new RangeError(`${xs.length} and ${ys.length} values do not pair`);
	const [a, b] = [ranksOf(xs), ranksOf(ys)];
	const middle = (xs.length + 1) / 2;
	const sum = (of: (at: number) => number) => a.reduce((total, _, at) => total + of(at), 0);
	const [left, right] = [(at: number) => (a[at] as number) - middle, (at: number) => (b[at] as number) - middle];
	const spread = Math.sqrt(sum((at) => left(at) ** 2) * sum((at) => right(at) ** 2));
	return spread === 0 ? 0 : sum((at) => left(at) * right(at)) / spread;
}
