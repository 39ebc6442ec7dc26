/** Events of runs as GraphQL types: one for each kind, in one union. */
import { createUnionType, Field, Float, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { NonFiniteKind } from "../metrics/metric.type.ts";
import { LogLevel, RunStatus } from "../runs/run.enums.ts";
import { Goal, Outcome } from "../runs/run-parts.type.ts";
import { DateTime, SafeInt } from "../scalars.ts";

/** Kinds by their names in the schema; the values are the database's. */
export const RunEventKind = {
	METRIC_POINTS: "metric-points",
	STATUS: "status",
	STAGE: "stage",
	ATTACK: "attack",
	EVALUATION: "evaluation",
	DEFENSE_REPORT: "defense-report",
	CHECKPOINT: "checkpoint",
	SYSTEM_SAMPLE: "system-sample",
	LOG: "log",
	PROGRESS: "progress",
} as const;
export type RunEventKind = (typeof RunEventKind)[keyof typeof RunEventKind];

registerEnumType(RunEventKind, {
	name: "RunEventKind",
	description: "What an event is about.",
	valuesConfig: {
		METRIC_POINTS: { description: "New points of metrics." },
		STATUS: { description: "The run began, ended, or was told to." },
		STAGE: { description: "A stage began or was found finished." },
		ATTACK: { description: "The data was poisoned." },
		EVALUATION: { description: "A model was evaluated." },
		DEFENSE_REPORT: { description: "A defense told how it decided." },
		CHECKPOINT: { description: "The training state or a model was saved." },
		SYSTEM_SAMPLE: { description: "What the trainer takes of its machine." },
		LOG: { description: "A line of the log." },
		PROGRESS: { description: "How far a stage has come." },
	},
});

/** What all events have. */
@ObjectType({ simpleResolvers: true })
abstract class Numbered {
	@Field(() => SafeInt, { description: "Number among the events of its run: from 1, without a gap." })
	seq!: number;

	@Field(() => DateTime, { description: "When it was stored." })
	at!: Date;

	@Field(() => Int, { description: "Number of the attempt that told it." })
	attempt!: number;
}

@ObjectType({ simpleResolvers: true, description: "The value of a metric at a step." })
export class MetricPoint {
	@Field(() => String, { description: "Stage and name, as `poisoned/loss`." })
	key!: string;

	@Field(() => Float, { nullable: true, description: "The value; null where it is not finite." })
	value!: number | null;

	@Field(() => NonFiniteKind, { nullable: true, description: "What it is where it is not finite." })
	nonFinite!: NonFiniteKind | null;
}

@ObjectType({ simpleResolvers: true, description: "New points of metrics." })
export class MetricPointsRecorded extends Numbered {
	@Field(() => String, { description: "The stage that is trained." })
	stage!: string;

	@Field(() => SafeInt, { description: "Its step, from 1." })
	step!: number;

	@Field(() => [MetricPoint], { description: "One point of each metric that was taken." })
	points!: MetricPoint[];
}

@ObjectType({ simpleResolvers: true, description: "The run began, ended, or was told to." })
export class RunStatusChanged extends Numbered {
	@Field(() => RunStatus, { description: "What it is from here on." })
	status!: RunStatus;

	@Field(() => String, { nullable: true, description: "Why, where there is something to say." })
	reason!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "A stage began or was found finished." })
export class StageStarted extends Numbered {
	@Field(() => String, { description: "Name of the stage." })
	stage!: string;

	@Field(() => Boolean, { description: "Whether another run had made it already." })
	reused!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "The data was poisoned." })
export class AttackCompleted extends Numbered {
	@Field(() => SafeInt, { description: "Training samples that were changed or added." })
	poisoned!: number;

	@Field(() => SafeInt, { description: "Training samples in all." })
	samples!: number;

	@Field(() => Float, { description: "Poisoned over all training samples." })
	poisonShare!: number;

	@Field(() => [Goal], { description: "What the attacker wants." })
	goals!: readonly Goal[];
}

@ObjectType({ simpleResolvers: true, description: "A model was evaluated." })
export class EvaluationCompleted extends Numbered {
	@Field(() => ID, { description: "The evaluation, with ranks and retrieved items." })
	evaluationId!: string;

	@Field(() => SafeInt, { nullable: true, description: "Training step of the model; null for a finished one." })
	step!: number | null;

	@Field(() => Outcome, { description: "The row of the result table." })
	outcome!: Outcome;
}

@ObjectType({ simpleResolvers: true, description: "A defense told how it decided." })
export class DefenseReported extends Numbered {
	@Field(() => ID, { description: "The report, with scores and their histograms." })
	reportId!: string;

	@Field(() => String, { description: "Name of the defense." })
	defense!: string;

	@Field(() => Float, {
		nullable: true,
		description: "Area under its ROC curve; null without poison or without clean pairs.",
	})
	auroc!: number | null;

	@Field(() => SafeInt, { description: "Pairs that it kept." })
	kept!: number;

	@Field(() => SafeInt, { description: "Poisoned pairs among them." })
	poisonLeft!: number;
}

@ObjectType({ simpleResolvers: true, description: "The training state or a model was saved." })
export class CheckpointSaved extends Numbered {
	@Field(() => String, { description: "Name of the stage." })
	stage!: string;

	@Field(() => SafeInt, { description: "Its step." })
	step!: number;

	@Field(() => ID, { nullable: true, description: "The model; null for a training state." })
	modelId!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "What the trainer takes of its machine." })
export class SystemSampled extends Numbered {
	@Field(() => Float, { description: "Busy time over wall time and cores, from 0 to 1." })
	cpuShare!: number;

	@Field(() => SafeInt, { description: "Memory held, in bytes." })
	residentBytes!: number;
}

@ObjectType({ simpleResolvers: true, description: "A line of the log." })
export class LogWritten extends Numbered {
	@Field(() => LogLevel, { description: "How much it matters." })
	level!: string;

	@Field(() => String, { description: "What it says." })
	message!: string;
}

@ObjectType({ simpleResolvers: true, description: "How far a stage has come." })
export class ProgressReported extends Numbered {
	@Field(() => String, { description: "Name of the stage." })
	stage!: string;

	@Field(() => SafeInt, { description: "Units of work that are done." })
	done!: number;

	@Field(() => SafeInt, { description: "Units of work in all." })
	total!: number;

	@Field(() => Float, { nullable: true, description: "Estimated time to the stage's end; null while unknown." })
	secondsLeft!: number | null;
}

export const RunEvent = createUnionType({
	name: "RunEvent",
	description: "Something that happened to a run.",
	types: () =>
		[
			MetricPointsRecorded,
			RunStatusChanged,
			StageStarted,
			AttackCompleted,
			EvaluationCompleted,
			DefenseReported,
			CheckpointSaved,
			SystemSampled,
			LogWritten,
			ProgressReported,
		] as const,
});
export type RunEvent = typeof RunEvent;
