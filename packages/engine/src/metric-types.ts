/** Rankings, and the metrics that look at them. */
import type { EmbeddedSplit, Goal } from "./types.ts";

export type Direction = "text-to-image" | "image-to-text";

/** How a set of queries fared in a gallery. Ranks are zero-based: 0 is the first place. */
export interface Ranking {
	/** Items ahead of the best of the query's targets; -1 for a query without any. */
	readonly ranks: Int32Array;
	/** The first `depth` gallery rows of each query, best first: [queries, depth]. */
	readonly nearest: Int32Array;
	readonly depth: number;
	readonly gallery: number;
}

/**
 * One goal in one direction. Text-to-image: captions of class A against the target images. Image-to-text: the
 * target images against captions of class A. "random": equally many queries of any class against the same targets.
 */
export interface GoalRanking extends Ranking {
	readonly goal: Goal;
	readonly direction: Direction;
	readonly queries: "attack" | "random";
	/** Rows of the queries among the captions or the images. */
	readonly rows: Int32Array;
}

/** A filter's report beside the ground truth, which only evaluation holds. */
export interface FilterOutcome {
	/** Suspicion of each pair: the higher, the more suspicious. */
	readonly scores: Float64Array;
	readonly kept: readonly boolean[];
	readonly poisoned: readonly boolean[];
}

/** All that a metric may look at. */
export interface MetricInput {
	readonly embedded: EmbeddedSplit;
	readonly goals: readonly GoalRanking[];
	/** Every item against its own counterparts: the utility of the model. */
	readonly own: Readonly<Record<Direction, Ranking>>;
	/** K of Hit@K. */
	readonly cutoffs: readonly number[];
	/** The same split under the model to compare with, where there is one. */
	readonly before?: EmbeddedSplit;
	/** The same split under the model fine-tuned on clean data, once there is one. */
	readonly clean?: EmbeddedSplit;
	/** What a filter did, where there was one. */
	readonly filter?: FilterOutcome;
}

/** A metric: a pure function from embeddings and goals to named numbers. What cannot be measured is left out. */
export interface Metric {
	readonly description: string;
	readonly source: string;
	/** share: in [0, 1]. rank: from 0. distance: cosine distance in [0, 2]. contrast: in [-1, 1]. deviations: standard deviations. */
	readonly unit: "share" | "rank" | "distance" | "contrast" | "deviations";
	measure(input: MetricInput): Readonly<Record<string, number>>;
}
