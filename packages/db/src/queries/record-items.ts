/** What an attempt may record. */
import type { AttackEnd, EvaluationEnd, FilterEnd } from "@mithridate/engine";
import type { Db } from "../connect.ts";
import type { runs } from "../schema/index.ts";
import type { Environment, LogLevel, MixtureComponent, RunProgress } from "../shapes.ts";

/** A file that the artifact store holds. */
export interface StoredFile {
	readonly name: string;
	readonly sha256: string;
	readonly bytes: number;
	readonly mediaType: string;
}

/** Something an attempt found. Each kind makes its own rows and, where it is news, an event. */
export type RecordItem =
	| { readonly kind: "metric-point"; readonly key: string; readonly step: number; readonly value: number }
	/** `key` is null for a model that is not trained. */
	| { readonly kind: "stage"; readonly name: string; readonly key: string | null; readonly reused: boolean }
	| { readonly kind: "dataset"; readonly datasetId: string }
	| { readonly kind: "environment"; readonly environment: Environment }
	| {
			readonly kind: "attack";
			readonly attack: Pick<AttackEnd, "goals" | "poisoned" | "samples" | "poisonShare" | "edits">;
	  }
	| {
			readonly kind: "evaluation";
			/** Null after training, the step of a measurement within it. */
			readonly step: number | null;
			/** Steps of the whole training, of a measurement within it. */
			readonly steps?: number | null;
			readonly stageKey: string | null;
			readonly row: EvaluationEnd["row"];
			readonly evaluation: EvaluationEnd["evaluation"];
	  }
	| {
			readonly kind: "defense-report";
			readonly report: FilterEnd;
			readonly mixture?: readonly MixtureComponent[] | null;
	  }
	| { readonly kind: "system-sample"; readonly at: Date; readonly cpuShare: number; readonly residentBytes: number }
	| ({ readonly kind: "artifact" } & StoredFile)
	| ({ readonly kind: "progress" } & RunProgress)
	| { readonly kind: "log"; readonly level: LogLevel; readonly message: string };

export type ItemOf<Kind extends RecordItem["kind"]> = Extract<RecordItem, { kind: Kind }>;

/** A result that came out otherwise when it was repeated. */
export interface Difference {
	readonly what: string;
	readonly stored: string;
	readonly repeated: string;
}

/** A batch while it is written. */
export interface Recording {
	readonly tx: Db;
	/** The run as it was before the batch; its row is locked. */
	readonly run: typeof runs.$inferSelect;
	/** What the items so far change in the run's row. */
	readonly changes: Partial<typeof runs.$inferInsert>;
	readonly differences: Difference[];
}
