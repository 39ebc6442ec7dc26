/** What is given to find studies and to start one: a base configuration and the grid of what varies. */
import { Field, Float, ID, InputType, Int, registerEnumType } from "type-graphql";
import { experiment } from "../experiment-config.ts";
import { MutationInput } from "../failures/payload.type.ts";
import { OrderDirection } from "../runs/run.enums.ts";

@InputType({ description: "Which studies: all conditions that are given must hold." })
export class StudyFilter {
	@Field(() => String, { nullable: true, description: "With this text in name, slug, question or notes." })
	text?: string | null;

	@Field(() => String, { nullable: true, description: "With this tag." })
	tag?: string | null;

	@Field(() => String, { nullable: true, description: "Started from the definition of this name." })
	definition?: string | null;

	@Field(() => Boolean, {
		nullable: true,
		defaultValue: false,
		description: "Archived ones, or those in sight; null for both.",
	})
	isArchived?: boolean | null;
}

export const StudyOrderField = { CREATED_AT: "createdAt", NAME: "name" } as const;
export type StudyOrderField = (typeof StudyOrderField)[keyof typeof StudyOrderField];

registerEnumType(StudyOrderField, {
	name: "StudyOrderField",
	description: "What studies are ordered by.",
	valuesConfig: { CREATED_AT: { description: "When they were made." }, NAME: { description: "Their name." } },
});

@InputType({ description: "Order of a list of studies." })
export class StudyOrder {
	@Field(() => StudyOrderField, { defaultValue: StudyOrderField.CREATED_AT, description: "What they are ordered by." })
	field!: StudyOrderField;

	@Field(() => OrderDirection, { defaultValue: OrderDirection.DESC, description: "Which end comes first." })
	direction!: keyof typeof OrderDirection;
}

@InputType({ description: "A goal of an attack." })
export class SweepGoal {
	@Field(() => String, { description: "Class A, whose captions are misled." })
	from!: string;

	@Field(() => String, { description: "Class B, which is retrieved instead." })
	to!: string;
}

const freeze = experiment.fieldInput("training", "freeze");

@InputType({
	description:
		"What a sweep varies: every combination of these values is a cell. An axis that is left out stays as in the base.",
})
export class SweepGrid {
	@Field(() => [experiment.inputOf("attack")] as never, { nullable: true, description: "Attacks." })
	attacks?: object[] | null;

	@Field(() => [SweepGoal], { nullable: true, description: "Goals, for attacks that name classes." })
	goals?: SweepGoal[] | null;

	@Field(() => [Float], { nullable: true, description: "Poisoned shares of the training pairs." })
	poisonRates?: number[] | null;

	@Field(() => experiment.inputOf("defenses") as never, { nullable: true, description: "Defenses, each tried alone." })
	defenses?: object[] | null;

	@Field(() => [freeze] as never, { nullable: true, description: "Towers that do not learn." })
	freeze?: string[] | null;

	@Field(() => [Int], { nullable: true, description: "Seeds: every cell is repeated with each." })
	seeds?: number[] | null;
}

@InputType({ description: "A sweep to start: at most 2,000 runs." })
export class StartStudyInput extends MutationInput {
	@Field(() => String, {
		description: "Chosen by the caller: the same key with the same input starts one study however often it is sent.",
	})
	idempotencyKey!: string;

	@Field(() => String, { description: "What to call it: at most 200 characters." })
	name!: string;

	@Field(() => String, { nullable: true, description: "What it shall answer: at most 1,000 characters." })
	question?: string | null;

	@Field(() => String, { nullable: true, description: "At most 10,000 characters." })
	notes?: string | null;

	@Field(() => [String], { nullable: true, description: "Words to find it by: at most 20 of 50 characters." })
	tags?: string[] | null;

	@Field(() => experiment.input as never, { description: "What all its runs have in common." })
	config!: object;

	@Field(() => SweepGrid, { description: "What varies." })
	grid!: SweepGrid;

	@Field(() => Int, { nullable: true, description: "The higher, the sooner: from -1000 to 1000." })
	priority?: number | null;

	@Field(() => Boolean, { defaultValue: false, description: "Only check it and tell its cells." })
	dryRun!: boolean;
}

@InputType({ description: "What people write about a study; what is left out stays." })
export class AnnotateStudyInput extends MutationInput {
	@Field(() => ID, { description: "The study." })
	studyId!: string;

	@Field(() => String, { nullable: true, description: "At most 200 characters." })
	name?: string | null;

	@Field(() => String, { nullable: true, description: "At most 1,000 characters; null takes it away." })
	question?: string | null;

	@Field(() => String, { nullable: true, description: "At most 10,000 characters; null takes them away." })
	notes?: string | null;

	@Field(() => [String], { nullable: true, description: "At most 20 of 50 characters, instead of those it has." })
	tags?: string[] | null;
}

@InputType({ description: "A study whose plan is to be completed." })
export class StartMissingRunsInput extends MutationInput {
	@Field(() => String, {
		description: "Chosen by the caller: the same key with the same input queues runs once, however often it is sent.",
	})
	idempotencyKey!: string;

	@Field(() => ID, { description: "The study." })
	studyId!: string;

	@Field(() => Int, { nullable: true, description: "Of new runs: the higher, the sooner; from -1000 to 1000." })
	priority?: number | null;

	@Field(() => Boolean, { defaultValue: false, description: "Only tell what is missing." })
	dryRun!: boolean;
}

@InputType({ description: "A study." })
export class StudyIdInput extends MutationInput {
	@Field(() => ID, { description: "The study." })
	studyId!: string;
}
