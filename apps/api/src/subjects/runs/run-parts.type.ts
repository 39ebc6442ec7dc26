/** What a run is made of, besides its configuration and its results. */
import type { Environment as EnvironmentRow, RunFailure as FailureRow, Goal as GoalRow } from "@mithridate/db";
import { Field, Float, Int, ObjectType } from "type-graphql";
import { DateTime, SafeInt, Sha256 } from "../scalars.ts";
import { AttemptOutcome, LogLevel } from "./run.enums.ts";

@ObjectType({ simpleResolvers: true, description: "Why a run or an attempt ended badly." })
export class RunFailure implements FailureRow {
	@Field(() => String, { description: "Kind of the fault, for programs." })
	code!: string;

	@Field(() => String, { description: "What went wrong and what can be done, for people." })
	message!: string;

	@Field(() => String, { nullable: true, description: "Finds the details in the server's log." })
	requestId?: string;
}

@ObjectType({ simpleResolvers: true, description: "How far a run has come." })
export class RunProgress {
	@Field(() => String, { description: "The stage it works at." })
	stage!: string;

	@Field(() => SafeInt, { description: "Units of the stage's work that are done." })
	done!: number;

	@Field(() => SafeInt, { description: "Units of the stage's work in all." })
	total!: number;

	@Field(() => Float, { nullable: true, description: "Estimated time to the end of the stage; null while unknown." })
	secondsLeft!: number | null;

	@Field(() => DateTime, { nullable: true, description: "When its worker was last heard of." })
	heartbeatAt!: Date | null;

	@Field(() => String, { nullable: true, description: "Name of the worker that has it." })
	worker!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "One try of a worker to carry out a run." })
export class Attempt {
	@Field(() => Int, { description: "From 1." })
	number!: number;

	@Field(() => String, { description: "Name of the worker." })
	worker!: string;

	@Field(() => DateTime, { description: "When it began." })
	startedAt!: Date;

	@Field(() => DateTime, { nullable: true, description: "When it ended; null while it goes on." })
	endedAt!: Date | null;

	@Field(() => AttemptOutcome, { nullable: true, description: "How it ended; null while it goes on." })
	outcome!: string | null;

	@Field(() => RunFailure, { nullable: true, description: "Why it ended badly." })
	error!: RunFailure | null;
}

@ObjectType({
	simpleResolvers: true,
	description: "What the attacker wants: captions of one class shall retrieve images of another.",
})
export class Goal implements GoalRow {
	@Field(() => String, { description: "Class A, whose captions are misled." })
	from!: string;

	@Field(() => String, { description: "Class B, which is retrieved instead." })
	to!: string;

	@Field(() => [String], { description: "Test samples that count as a hit." })
	targets!: readonly string[];
}

@ObjectType({
	simpleResolvers: true,
	description: "One row of the result table: a model, text to image, averaged over the attack's goals.",
})
export class Outcome {
	@Field(() => String, { description: "Name of the model: base, clean, poisoned, or what a defense made." })
	model!: string;

	@Field(() => Float, { description: "Share of attacked queries whose first item is a target." })
	hitAt1!: number;

	@Field(() => Float, { description: "Share of attacked queries with a target among the first 5." })
	hitAt5!: number;

	@Field(() => Float, { description: "Share of attacked queries with a target among the first 10." })
	hitAt10!: number;

	@Field(() => Float, {
		description: "Mean over queries of the best zero-based rank of any target: lower is a stronger attack.",
	})
	minRank!: number;

	@Field(() => Float, {
		description: "Utility: share of images that retrieve one of their captions among the first 10.",
	})
	textRetrievalAt10!: number;

	@Field(() => Float, { description: "Utility: share of captions that retrieve their image among the first 10." })
	imageRetrievalAt10!: number;

	@Field(() => Float, { description: "Time to make and evaluate the model." })
	seconds!: number;
}

@ObjectType({ simpleResolvers: true, description: "What a run was carried out with." })
export class Environment implements EnvironmentRow {
	@Field(() => String, { description: "Version or commit of the code." })
	codeVersion!: string;

	@Field(() => Sha256, { description: "Checksum of the dependency lock file." })
	lockHash!: string;

	@Field(() => String, { description: "What carried out the arithmetic." })
	runtime!: string;

	@Field(() => String, { description: "Why that runtime was chosen." })
	runtimeReason!: string;

	@Field(() => String, { description: "Where it was carried out." })
	device!: string;

	@Field(() => Int, { description: "Threads of the processor." })
	threads!: number;

	@Field(() => String, { description: "Model of the processor." })
	cpu!: string;

	@Field(() => String, { description: "Version of Node." })
	node!: string;

	@Field(() => String, { description: "Operating system and architecture." })
	platform!: string;
}

@ObjectType({ simpleResolvers: true, description: "A file that a run left behind." })
export class Artifact {
	@Field(() => String, { description: "What the run calls it." })
	name!: string;

	@Field(() => Sha256, { description: "Checksum of its content, which is its address." })
	sha256!: string;

	@Field(() => SafeInt, { description: "Size in bytes." })
	bytes!: number;

	@Field(() => String, { description: "Media type." })
	mediaType!: string;

	@Field(() => String, { description: "Where it is downloaded, on this server." })
	url!: string;
}

@ObjectType({ simpleResolvers: true, description: "What the trainer took of its machine at one moment." })
export class SystemSample {
	@Field(() => DateTime, { description: "When." })
	at!: Date;

	@Field(() => Int, { description: "Number of the attempt." })
	attempt!: number;

	@Field(() => Float, { description: "Busy time over wall time and cores, from 0 to 1." })
	cpuShare!: number;

	@Field(() => SafeInt, { description: "Memory held, in bytes." })
	residentBytes!: number;
}

@ObjectType({ simpleResolvers: true, description: "A line of a run's log." })
export class LogLine {
	@Field(() => DateTime, { description: "When it was written." })
	at!: Date;

	@Field(() => LogLevel, { description: "How much it matters." })
	level!: string;

	@Field(() => String, { description: "What it says." })
	message!: string;
}
