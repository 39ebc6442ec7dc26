/** What is given to find runs, to start them, and to do something about many at once. */
import { Field, ID, InputType, Int, registerEnumType } from "type-graphql";
import { experiment } from "../experiment-config.ts";
import { MutationInput } from "../failures/payload.type.ts";
import { DateTime, Sha256 } from "../scalars.ts";
import { OrderDirection, RunStatus } from "./run.enums.ts";

@InputType({ description: "Which runs: all conditions that are given must hold." })
export class RunFilter {
	@Field(() => [RunStatus], { nullable: true, description: "With one of these statuses." })
	status?: RunStatus[] | null;

	@Field(() => ID, { nullable: true, description: "Of this study." })
	studyId?: string | null;

	@Field(() => ID, { nullable: true, description: "On this data set." })
	datasetId?: string | null;

	@Field(() => [String], { nullable: true, description: "With one of these attacks." })
	attack?: string[] | null;

	@Field(() => [String], { nullable: true, description: "With one of these defenses." })
	defense?: string[] | null;

	@Field(() => String, { nullable: true, description: 'With these goals, spelled as in lists: "sheep → aeroplane".' })
	goal?: string | null;

	@Field(() => Int, { nullable: true, description: "With this seed." })
	seed?: number | null;

	@Field(() => String, { nullable: true, description: "With this tag." })
	tag?: string | null;

	@Field(() => String, { nullable: true, description: "With this text in name or notes." })
	text?: string | null;

	@Field(() => Boolean, {
		nullable: true,
		defaultValue: false,
		description: "Archived ones, or those in sight; null for both.",
	})
	isArchived?: boolean | null;

	@Field(() => Sha256, { nullable: true, description: "Repetitions of one configuration." })
	groupHash?: string | null;

	@Field(() => DateTime, { nullable: true, description: "Asked for after this time." })
	createdAfter?: Date | null;
}

export const RunOrderField = {
	NUMBER: "number",
	CREATED_AT: "createdAt",
	ENDED_AT: "endedAt",
	POISONED_HIT_AT_10: "poisonedHitAt10",
} as const;
export type RunOrderField = (typeof RunOrderField)[keyof typeof RunOrderField];

registerEnumType(RunOrderField, {
	name: "RunOrderField",
	description: "What runs are ordered by.",
	valuesConfig: {
		NUMBER: { description: "Their number." },
		CREATED_AT: { description: "When they were asked for." },
		ENDED_AT: { description: "When they ended; those that have not come last." },
		POISONED_HIT_AT_10: { description: "Hit@10 of the poisoned model; those without come last." },
	},
});

@InputType({ description: "Order of a list of runs." })
export class RunOrder {
	@Field(() => RunOrderField, { defaultValue: RunOrderField.NUMBER, description: "What they are ordered by." })
	field!: RunOrderField;

	@Field(() => OrderDirection, { defaultValue: OrderDirection.DESC, description: "Which end comes first." })
	direction!: keyof typeof OrderDirection;
}

@InputType({ description: "A run to start." })
export class StartRunInput extends MutationInput {
	@Field(() => String, {
		description: "Chosen by the caller: the same key with the same input starts one run however often it is sent.",
	})
	idempotencyKey!: string;

	@Field(() => ID, {
		nullable: true,
		description:
			"A run to repeat: sections that `config` leaves out are taken from it instead of the engine's defaults.",
	})
	basedOn?: string | null;

	@Field(() => experiment.input as never, { description: "All that decides its result." })
	config!: object;

	@Field(() => String, {
		nullable: true,
		description: "What to call it; named after its attack where it is left out. At most 200 characters.",
	})
	name?: string | null;

	@Field(() => ID, { nullable: true, description: "The study it belongs to." })
	studyId?: string | null;

	@Field(() => [String], { nullable: true, description: "Words to find it by: at most 20 of 50 characters." })
	tags?: string[] | null;

	@Field(() => String, { nullable: true, description: "At most 10,000 characters." })
	notes?: string | null;

	@Field(() => Int, { nullable: true, description: "The higher, the sooner: from -1000 to 1000." })
	priority?: number | null;
}

@InputType({ description: "Runs to do something about: by id, or all that a filter finds." })
export class RunsInput extends MutationInput {
	@Field(() => [ID], { nullable: true, description: "At most 1,000." })
	ids?: string[] | null;

	@Field(() => RunFilter, { nullable: true, description: "Instead of ids." })
	filter?: RunFilter | null;

	@Field(() => Boolean, { defaultValue: false, description: "Only say which runs it would be." })
	dryRun!: boolean;
}

@InputType({ description: "Runs to try again: of those named, the failed, cancelled and quarantined ones." })
export class RetryRunsInput extends RunsInput {}

@InputType({ description: "A run to move forward or back in the queue." })
export class SetRunPriorityInput extends MutationInput {
	@Field(() => ID, { description: "The run." })
	runId!: string;

	@Field(() => Int, { description: "The higher, the sooner: from -1000 to 1000." })
	priority!: number;
}

@InputType({ description: "What people write about a run; what is left out stays." })
export class AnnotateRunInput extends MutationInput {
	@Field(() => ID, { description: "The run." })
	runId!: string;

	@Field(() => String, { nullable: true, description: "At most 200 characters." })
	name?: string | null;

	@Field(() => [String], { nullable: true, description: "At most 20 of 50 characters, instead of those it has." })
	tags?: string[] | null;

	@Field(() => String, { nullable: true, description: "At most 10,000 characters; null takes them away." })
	notes?: string | null;
}
