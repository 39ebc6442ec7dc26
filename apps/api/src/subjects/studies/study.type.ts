/** A study: a question, and the runs that answer it. */
import type { schema } from "@mithridate/db";
import { Field, Float, Int, ObjectType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { RunStatus } from "../runs/run.enums.ts";
import { Run } from "../runs/run.type.ts";
import { DateTime, SafeInt } from "../scalars.ts";

export type StudyRow = typeof schema.studies.$inferSelect;

@ObjectType({ simpleResolvers: true, description: "How many runs have a status." })
export class StatusCount {
	@Field(() => RunStatus, { description: "The status." })
	status!: string;

	@Field(() => SafeInt, { description: "Runs that have it." })
	count!: number;
}

@ObjectType({ simpleResolvers: true, description: "What a sweep varies." })
export class SweepAxis {
	@Field(() => String, { description: "For instance attack, goal, poisonRate, defense, freeze or seed." })
	name!: string;

	@Field(() => [String], { description: "Its values, in the order they were given." })
	values!: readonly string[];
}

@ObjectType({ simpleResolvers: true, description: "The value of one axis." })
export class Coordinate {
	@Field(() => String, { description: "Name of the axis." })
	axis!: string;

	@Field(() => String, { description: "Value on it." })
	value!: string;
}

@ObjectType({
	simpleResolvers: true,
	description: "One number of one model over repetitions, with its 95 % interval by Student's t.",
})
export class GroupOutcome {
	@Field(() => String, { description: "Name of the model." })
	model!: string;

	@Field(() => String, { description: "Name of the number, a field of `Outcome`." })
	metric!: string;

	@Field(() => Float, { description: "Mean over repetitions." })
	mean!: number;

	@Field(() => Float, { nullable: true, description: "Standard deviation over repetitions; null for one." })
	deviation!: number | null;

	@Field(() => Float, { nullable: true, description: "Lower end of the interval; null for one repetition." })
	low!: number | null;

	@Field(() => Float, { nullable: true, description: "Upper end of the interval; null for one repetition." })
	high!: number | null;

	@Field(() => Int, { description: "Repetitions." })
	n!: number;
}

@ObjectType({ simpleResolvers: true, description: "One place in a study's grid, with its repetitions over seeds." })
export class StudyCell {
	@Field(() => String, { nullable: true, description: "Its name in a defined study; null in any other." })
	name!: string | null;

	@Field(() => [Coordinate], { description: "Its value on every axis but the seed." })
	coordinates!: readonly Coordinate[];

	@Field(() => [Run], { description: "Its runs, by seed." })
	runs!: readonly Run[];

	@Field(() => RunStatus, { description: "The least settled status of its runs." })
	status!: string;

	@Field(() => [GroupOutcome], { description: "Its results over seeds." })
	outcomes!: readonly GroupOutcome[];
}

@ObjectType({ simpleResolvers: true, implements: Node, description: "A question, and the runs that answer it." })
export class Study extends Node {
	/** The database's row. */
	readonly row: StudyRow;

	@Field(() => String, { description: "Its short name in addresses." })
	readonly slug: string;

	@Field(() => String, { description: "What people call it." })
	readonly name: string;

	@Field(() => String, { nullable: true, description: "What it shall answer." })
	readonly question: string | null;

	@Field(() => String, { nullable: true, description: "What people wrote about it." })
	readonly notes: string | null;

	@Field(() => [String], { description: "Words to find it by." })
	readonly tags: readonly string[];

	@Field(() => DateTime, { description: "When it was made." })
	readonly createdAt: Date;

	@Field(() => DateTime, { nullable: true, description: "When it was put out of sight." })
	readonly archivedAt: Date | null;

	@Field(() => SafeInt, { description: "Number of the newest event that is folded into this answer." })
	readonly throughSeq: number;

	constructor(row: StudyRow) {
		super(encodeId("Study", row.id));
		this.row = row;
		this.slug = row.slug;
		this.name = row.name;
		this.question = row.question;
		this.notes = row.notes;
		this.tags = row.tags;
		this.createdAt = row.createdAt;
		this.archivedAt = row.archivedAt;
		this.throughSeq = row.lastSeq;
	}
}

export const StudyConnection = connectionType("Study", () => Study);
