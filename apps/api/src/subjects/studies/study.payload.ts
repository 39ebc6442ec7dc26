/** What mutations about studies answer with. */
import { Field, Int, ObjectType } from "type-graphql";
import { MutationPayload } from "../failures/payload.type.ts";
import { Run } from "../runs/run.type.ts";
import { SafeInt } from "../scalars.ts";
import { Coordinate, Study, SweepAxis } from "./study.type.ts";

@ObjectType({ simpleResolvers: true, description: "A cell that a sweep has, or would have." })
export class PlannedCell {
	@Field(() => String, { nullable: true, description: "Its name in a defined study; null in a sweep." })
	name?: string | null;

	@Field(() => [Coordinate], { description: "Its value on every axis but the seed." })
	coordinates!: readonly Coordinate[];

	@Field(() => [Int], { description: "The seeds it is repeated with." })
	seeds!: readonly number[];
}

@ObjectType({ simpleResolvers: true, description: "What became of a sweep." })
export class StartStudyPayload extends MutationPayload {
	@Field(() => Study, { nullable: true, description: "The study; null for a dry run and when there are errors." })
	study?: Study | null;

	@Field(() => [SweepAxis], { description: "What varies." })
	axes!: readonly SweepAxis[];

	@Field(() => [PlannedCell], { description: "Every combination." })
	cells!: readonly PlannedCell[];

	@Field(() => SafeInt, { description: "Runs: cells times seeds." })
	runCount!: number;

	@Field(() => Boolean, { description: "Whether an earlier request with the same key had started it." })
	replayed!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What became of the runs that a study lacked." })
export class StartMissingRunsPayload extends MutationPayload {
	@Field(() => Study, { nullable: true, description: "The study; null when there are errors." })
	study?: Study | null;

	@Field(() => [PlannedCell], { description: "What was missing before." })
	cells!: readonly PlannedCell[];

	@Field(() => SafeInt, { description: "Runs that were queued, or would be." })
	count!: number;

	@Field(() => [Run], { description: "The first 100 of them, as they are now; none for a dry run." })
	runs!: readonly Run[];

	@Field(() => Boolean, { description: "Whether an earlier request with the same key had queued them." })
	replayed!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What became of a study that was to change." })
export class StudyPayload extends MutationPayload {
	@Field(() => Study, { nullable: true, description: "The study as it is now; null when there are errors." })
	study?: Study | null;
}
