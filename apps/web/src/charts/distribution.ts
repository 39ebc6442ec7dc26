/** Empirical distributions for charts. */
import type { XyPoint } from "./xy-chart.tsx";

/** Share of `values` that are at most x, as steps from `from` to `to`. */
export function cumulative(values: readonly number[], from: number, to: number): readonly XyPoint[] {
	const sorted = values.toSorted((a, b) => a - b);
	const points: XyPoint[] = [{ x: from, y: 0 }];
	for (const [index, x] of sorted.entries()) {
		if (sorted[index + 1] === x || x > to) continue;
		points.push({ x: Math.max(from, x), y: (index + 1) / sorted.length });
	}
	const last = points.at(-1)!;
	return last.x < to ? [...points, { x: to, y: last.y }] : points;
}
