/** Everything an experiment tells while it runs, noun-verb, in the order it happens. */
import type { ExperimentConfig } from "./config.ts";
import type { EvaluationResult } from "./evaluate.ts";
import type { Detection, RocPoint } from "./metrics/detection.ts";
import type { Runtime } from "./runtime/contract.ts";
import type { Edit, Goal, SnapshotEvent, StageEvent } from "./types.ts";

/** The experiment began, all input is checked: what is needed to make it again. */
export interface ExperimentStart {
	readonly type: "experiment-start";
	readonly config: ExperimentConfig;
	readonly dataset: { readonly name: string; readonly hash: string; readonly train: number; readonly test: number };
	/** SHA-256 of the weights of both checkpoints. */
	readonly checkpoints: { readonly start: string; readonly reference: string };
	readonly runtime: Pick<Runtime, "name" | "device" | "threads" | "reason" | "versions">;
}

/** Training pairs were poisoned. */
export interface AttackEnd {
	readonly type: "attack-end";
	readonly seed: number;
	readonly goals: readonly Goal[];
	/** Poisoned samples, and all samples of the poisoned training split. */
	readonly poisoned: number;
	readonly samples: number;
	/** The paper's phi: poisoned over all. */
	readonly poisonShare: number;
	readonly edits: readonly Edit[];
}

/** A model of the experiment is about to be made and evaluated. */
export interface StageStart {
	readonly type: "stage-start";
	readonly seed: number;
	readonly stage: string;
}

/** One row of the result table. */
export interface ResultRow {
	readonly model: string;
	readonly seed: number;
	readonly hitAt1: number;
	readonly hitAt5: number;
	readonly hitAt10: number;
	/** Mean over queries of the best zero-based rank of any target. */
	readonly minRank: number;
	readonly textRetrievalAt10: number;
	readonly imageRetrievalAt10: number;
	/** Training and evaluation of this model. */
	readonly seconds: number;
}

export interface EvaluationEnd {
	readonly type: "evaluation-end";
	readonly row: ResultRow;
	readonly evaluation: EvaluationResult;
}

/** As `evaluation-end`, for a model that is still in training: after `step` of `steps`. Its `row` counts no time. */
export interface ProbeEnd {
	readonly type: "probe-end";
	readonly step: number;
	readonly steps: number;
	readonly row: ResultRow;
	readonly evaluation: EvaluationResult;
}

/** How well a filter told poisoned from clean pairs. */
export interface FilterEnd {
	readonly type: "filter-end";
	readonly seed: number;
	readonly defense: string;
	/** Samples with a higher score were dropped. */
	readonly threshold: number;
	readonly detection: Detection;
	/** Null unless there are both clean and poisoned samples. */
	readonly roc: readonly RocPoint[] | null;
	readonly scores: readonly { readonly sample: string; readonly score: number; readonly poisoned: boolean }[];
}

/** The last event. `filter` is the mean over seeds of the first filter, null without one. */
export interface ExperimentEnd {
	readonly type: "experiment-end";
	readonly poisonShare: number;
	readonly rows: readonly ResultRow[];
	readonly filter: { readonly auroc: number | null; readonly kept: number; readonly poisonLeft: number } | null;
	readonly seconds: number;
	readonly peakMemoryBytes: number;
}

export type ExperimentEvent =
	| ExperimentStart
	| AttackEnd
	| StageStart
	/** `seed` is null for work that all seeds share. */
	| (Exclude<StageEvent, SnapshotEvent> & { readonly seed: number | null })
	| ProbeEnd
	| EvaluationEnd
	| FilterEnd
	| ExperimentEnd;
