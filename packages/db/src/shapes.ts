/** The shapes inside JSON columns. */
import type { EvaluationEnd, FilterEnd } from "@mithridate/engine";

type Evaluation = EvaluationEnd["evaluation"];
type RankSummary = Evaluation["goals"][number]["directions"]["text-to-image"]["attack"]["minRank"];

/** A number as JSON holds it, which has no spelling for three of them. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

/** Captions of class `from` shall retrieve the targets, sample ids of class `to`. */
export interface Goal {
	readonly from: string;
	readonly to: string;
	readonly targets: readonly string[];
}

/** Why a run or an attempt ended badly. `requestId` finds the details in the log. */
export interface RunFailure {
	readonly code: string;
	readonly message: string;
	readonly requestId?: string;
}

/** How a data set is imported, besides what and from where. */
export interface ImportSettings {
	readonly params: Readonly<Record<string, unknown>>;
	readonly images: Readonly<Record<string, unknown>>;
	readonly seed: number;
	readonly duplicateBits: number;
}

export interface RunProgress {
	readonly stage: string;
	readonly done: number;
	readonly total: number;
	readonly secondsLeft: number | null;
}

/** What a run was carried out with. */
export interface Environment {
	readonly codeVersion: string;
	readonly lockHash: string;
	readonly runtime: string;
	readonly runtimeReason: string;
	readonly device: string;
	readonly threads: number;
	readonly cpu: string;
	readonly node: string;
	readonly platform: string;
}

/** Values of each axis of a sweep, by the axis's name. */
export type SweepGrid = Readonly<Record<string, readonly unknown[]>>;

/** One goal in one direction, without its queries. */
export interface GoalSummary {
	readonly from: string;
	readonly to: string;
	readonly direction: "text-to-image" | "image-to-text";
	readonly gallery: number;
	readonly targets: number;
	/** Share of hits, keyed `hit@1` and so on. */
	readonly hits: Readonly<Record<string, number>>;
	readonly randomHits: Readonly<Record<string, number>>;
	readonly minRank: RankSummary;
}

export type RocPoint = NonNullable<FilterEnd["roc"]>[number];

/** Counts of scores in 512 bins of equal width between the two ends. */
export interface ScoreHistogram {
	readonly minimum: number;
	readonly maximum: number;
	readonly clean: readonly number[];
	readonly poisoned: readonly number[];
}

export interface MixtureComponent {
	readonly weight: number;
	readonly mean: number;
	readonly deviation: number;
}

export const EVENT_KINDS = [
	"metric-points",
	"status",
	"stage",
	"attack",
	"evaluation",
	"defense-report",
	"checkpoint",
	"system-sample",
	"log",
	"progress",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export type LogLevel = "info" | "warn" | "error";

/** The numbers of one row of the result table. */
export interface Outcome {
	readonly hitAt1: number;
	readonly hitAt5: number;
	readonly hitAt10: number;
	readonly minRank: number;
	readonly textRetrievalAt10: number;
	readonly imageRetrievalAt10: number;
	readonly seconds: number;
}

/** The body of an event by its kind. */
export interface EventBodies {
	/** New points of one stage at one step. */
	readonly "metric-points": {
		readonly stage: string;
		readonly step: number;
		readonly points: readonly { readonly key: string; readonly value: JsonNumber }[];
	};
	readonly status: { readonly status: string; readonly reason: string | null };
	readonly stage: { readonly stage: string; readonly stageKey: string | null; readonly reused: boolean };
	readonly attack: {
		readonly poisoned: number;
		readonly samples: number;
		readonly poisonShare: number;
		readonly goals: readonly Goal[];
	};
	readonly evaluation: {
		readonly evaluationId: string;
		readonly model: string;
		readonly step: number | null;
		readonly outcome: Outcome;
	};
	readonly "defense-report": {
		readonly reportId: string;
		readonly defense: string;
		readonly auroc: number | null;
		readonly kept: number;
		readonly poisonLeft: number;
	};
	readonly checkpoint: {
		readonly checkpointId: string;
		readonly stage: string;
		readonly kind: "state" | "model";
		readonly step: number;
	};
	readonly "system-sample": { readonly cpuShare: number; readonly residentBytes: number };
	readonly log: { readonly level: LogLevel; readonly message: string };
	readonly progress: RunProgress;
}

export type EventBody = EventBodies[EventKind];

/** An event before it is numbered. */
export type NewEvent = { [Kind in EventKind]: { readonly kind: Kind; readonly body: EventBodies[Kind] } }[EventKind];

/** A number as JSON can hold it. */
export function toJsonNumber(value: number): JsonNumber {
	return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}

/** The number that JSON held. */
export function fromJsonNumber(value: JsonNumber): number {
	return Number(value);
}
