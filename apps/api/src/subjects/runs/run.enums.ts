/** The closed lists of words about runs. */
import { registerEnumType } from "type-graphql";

export const RunStatus = {
	QUEUED: "queued",
	RUNNING: "running",
	PAUSED: "paused",
	SUCCEEDED: "succeeded",
	FAILED: "failed",
	CANCELLED: "cancelled",
	QUARANTINED: "quarantined",
} as const;
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];

registerEnumType(RunStatus, {
	name: "RunStatus",
	description: "What a run is now.",
	valuesConfig: {
		QUEUED: { description: "Waits for a worker." },
		RUNNING: { description: "A worker has it." },
		PAUSED: { description: "Stopped with its state saved, until it is resumed." },
		SUCCEEDED: { description: "Ended with all its results." },
		FAILED: { description: "Ended by an error." },
		CANCELLED: { description: "Ended because somebody asked for it." },
		QUARANTINED: { description: "Set aside: several attempts in a row made no progress." },
	},
});

export const RunIntent = { RUN: "run", PAUSE: "pause", CANCEL: "cancel" } as const;

registerEnumType(RunIntent, {
	name: "RunIntent",
	description: "What is wanted of a run that is under way.",
	valuesConfig: {
		RUN: { description: "To go on." },
		PAUSE: { description: "To save its state and stop." },
		CANCEL: { description: "To stop for good." },
	},
});

export const AttemptOutcome = {
	SUCCEEDED: "succeeded",
	FAILED: "failed",
	CANCELLED: "cancelled",
	PAUSED: "paused",
	LOST: "lost",
} as const;

registerEnumType(AttemptOutcome, {
	name: "AttemptOutcome",
	description: "How an attempt ended.",
	valuesConfig: {
		SUCCEEDED: { description: "With all results." },
		FAILED: { description: "With an error." },
		CANCELLED: { description: "Because somebody asked for it." },
		PAUSED: { description: "With its state saved." },
		LOST: { description: "Its worker stopped answering." },
	},
});

export const LogLevel = { INFO: "info", WARN: "warn", ERROR: "error" } as const;

registerEnumType(LogLevel, {
	name: "LogLevel",
	description: "How much a log line matters.",
	valuesConfig: {
		INFO: { description: "Good to know." },
		WARN: { description: "Something is not as it should be." },
		ERROR: { description: "Something went wrong." },
	},
});

export const PoisonKind = { REPLACE_IMAGE: "replace-image", INJECT: "inject", DROP: "drop" } as const;

registerEnumType(PoisonKind, {
	name: "PoisonKind",
	description: "What an attack did to a training pair.",
	valuesConfig: {
		REPLACE_IMAGE: { description: "Its captions stand beside another image." },
		INJECT: { description: "It was added." },
		DROP: { description: "It was taken out." },
	},
});

export const OrderDirection = { ASC: "ASC", DESC: "DESC" } as const;

registerEnumType(OrderDirection, {
	name: "OrderDirection",
	description: "Which end comes first.",
	valuesConfig: { ASC: { description: "The smallest first." }, DESC: { description: "The largest first." } },
});

export const ExportFormat = { JSON: "json", CSV: "csv" } as const;

registerEnumType(ExportFormat, {
	name: "ExportFormat",
	description: "Form of a download.",
	valuesConfig: {
		JSON: { description: "One JSON document with all there is." },
		CSV: { description: "A table with a line of column names." },
	},
});
