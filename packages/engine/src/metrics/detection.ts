/** Detection: how well a filter told poisoned pairs from clean ones, against the ground truth. */
import type { FilterOutcome, Metric } from "../metric-types.ts";

/** One operating point of a score: pairs at or above `threshold` are called poisoned. */
export interface RocPoint {
	readonly threshold: number;
	readonly falsePositiveRate: number;
	readonly truePositiveRate: number;
}

/** Counts and shares of one filter run. A share of nothing is null. */
export interface Detection {
	readonly auroc: number | null;
	readonly kept: number;
	readonly removed: number;
	/** Poisoned pairs kept. */
	readonly poisonLeft: number;
	/** Clean pairs removed. */
	readonly cleanLost: number;
	/** Poisoned share of what was removed. */
	readonly precision: number | null;
	/** Removed share of the poison. */
	readonly recall: number | null;
	/** Kept share of the clean pairs. */
	readonly cleanKept: number | null;
}

/** Scores a filter's decisions; the three lists run parallel to the pairs. */
export function detect({ scores, kept, poisoned }: FilterOutcome): Detection {
	if (scores.length !== kept.length || scores.length !== poisoned.length)
		throw new RangeError(
			`${scores.length} scores, ${kept.length} decisions and ${poisoned.length} truths differ in number`,
		);
	const count = (decision: boolean, truth: boolean) =>
		kept.reduce((sum, keep, pair) => sum + Number(keep === decision && poisoned[pair] === truth), 0);
	const poisonLeft = count(true, true);
	const cleanLost = count(false, false);
	const poisonRemoved = count(false, true);
	const cleanKept = count(true, false);
	return {
		auroc: auroc(scores, poisoned),
		kept: cleanKept + poisonLeft,
		removed: poisonRemoved + cleanLost,
		poisonLeft,
		cleanLost,
		precision: share(poisonRemoved, poisonRemoved + cleanLost),
		recall: share(poisonRemoved, poisonRemoved + poisonLeft),
		cleanKept: share(cleanKept, cleanKept + cleanLost),
	};
}

/** Probability that a poisoned pair scores above a clean one, equal scores counting half; null unless there are both. */
export function auroc(scores: Float64Array, poisoned: readonly boolean[]): number | null {
	const points = rocCurve(scores, poisoned);
	if (points === null) return null;
	let area = 0;
	for (let at = 1; at < points.length; at++) {
		const [left, right] = [points[at - 1] as RocPoint, points[at] as RocPoint];
		area += ((right.falsePositiveRate - left.falsePositiveRate) * (left.truePositiveRate + right.truePositiveRate)) / 2;
	}
	return area;
}

/** One point per distinct score, from (0, 0) at the highest score (threshold `Number.MAX_VALUE`) to (1, 1); null unless there are both kinds. */
export function rocCurve(scores: Float64Array, poisoned: readonly boolean[]): RocPoint[] | null {
	const positives = poisoned.filter(Boolean).length;
	const negatives = poisoned.length - positives;
	if (positives === 0 || negatives === 0) return null;
	const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
	const points: RocPoint[] = [{ threshold: Number.MAX_VALUE, falsePositiveRate: 0, truePositiveRate: 0 }];
	let [truePositives, falsePositives] = [0, 0];
	for (const [at, pair] of order.entries()) {
		if (poisoned[pair]) truePositives++;
		else falsePositives++;
		if (at + 1 < order.length && scores[order[at + 1]!] === scores[pair]) continue;
		points.push({
			threshold: scores[pair]!,
			falsePositiveRate: falsePositives / negatives,
			truePositiveRate: truePositives / positives,
		});
	}
	return points;
}

/** `filter/auroc` and so on, where there was a filter. */
export const detection: Metric = {
	description: "How well the filter's scores and decisions tell poisoned pairs from clean ones.",
	source: "ROC analysis; Table 7 of Yang et al., ICML 2023, gives only its effect on Hit@K",
	unit: "share",
	measure: ({ filter }) => {
		if (filter === undefined) return {};
		const { auroc, precision, recall, cleanKept } = detect(filter);
		const numbers = { auroc, precision, recall, "clean-kept": cleanKept };
		return Object.fromEntries(
			Object.entries(numbers).flatMap(([name, value]) => (value === null ? [] : [[`filter/${name}`, value]])),
		);
	},
};

function share(part: number, whole: number): number | null {
	return whole === 0 ? null : part / whole;
}
