/** What a trainer process and its supervisor say to each other over Node's IPC channel, with advanced serialization. */
import type { RecordItem } from "@mithridate/db";
import type { ExperimentConfig, StageRef } from "@mithridate/engine";
import type { HostEnvironment } from "./environment.ts";

/** Why a trainer is asked to stop: `pause` and `drain` keep the training state, `cancel` throws it away. */
export type StopReason = "pause" | "cancel" | "drain";

/** The first message a trainer gets. */
export interface Start {
	readonly type: "start";
	readonly config: ExperimentConfig;
	/** Folder of this attempt alone: files handed over in either direction. */
	readonly scratch: string;
	/** Where rendered data sets are kept. */
	readonly cacheFolder: string;
	/** Where imported data sets lie. */
	readonly datasetFolder: string;
	/** Steps between two saved training states. */
	readonly checkpointEvery: number;
	readonly host: HostEnvironment;
}

export type ToTrainer =
	| Start
	| { readonly type: "stop"; readonly reason: StopReason }
	| { readonly type: "answer"; readonly request: number; readonly value: unknown };

/** What a data set is registered with; its pixels lie in a file of the scratch folder. */
export interface DatasetRegistration {
	readonly name: string;
	readonly hash: string;
	readonly settings: Readonly<Record<string, unknown>>;
	readonly classes: string[];
	readonly imageSize: number;
	/** Raw bytes, rows of imageSize x imageSize x 3. */
	readonly pixels: string;
	readonly splits: readonly {
		readonly split: "train" | "test" | "trusted";
		readonly pairs: readonly {
			readonly sample: string;
			readonly class: string | null;
			readonly captions: string[];
			readonly imageRow: number;
			readonly imageSha256: string;
		}[];
	}[];
}

/** A finished model or a training state that lies in the scratch folder as `directoryStages` writes it. */
export interface CheckpointNotice {
	readonly stage: StageRef;
	readonly kind: "state" | "model";
	readonly step: number;
	/** Training seconds of this attempt so far, for a model. */
	readonly seconds: number;
}

/** Questions that wait for an answer, and the answers they get. */
export interface Questions {
	/** The store's files of a stage are wanted in the scratch folder. */
	readonly stage: { readonly ask: StageRef; readonly answer: "finished" | "begun" | "unknown" };
	/** Answered once the checkpoint is committed, or held safe while the database is away. */
	readonly checkpoint: { readonly ask: CheckpointNotice; readonly answer: null };
	/** Answered once the items are committed, or held safe while the database is away. */
	readonly record: { readonly ask: readonly RecordItem[]; readonly answer: null };
	/** Whether a data set of this hash still has to be registered. */
	readonly isDatasetWanted: { readonly ask: string; readonly answer: boolean };
	readonly dataset: { readonly ask: DatasetRegistration; readonly answer: null };
}

export type Question = {
	[Kind in keyof Questions]: {
		readonly type: "ask";
		readonly kind: Kind;
		readonly request: number;
		readonly ask: Questions[Kind]["ask"];
	};
}[keyof Questions];

/** How a trainer that reached its end ended. */
export type Ending =
	| { readonly outcome: "succeeded" }
	| { readonly outcome: "stopped" }
	| { readonly outcome: "failed"; readonly code: string; readonly message: string };

export type FromTrainer = Question | { readonly type: "end"; readonly ending: Ending };
