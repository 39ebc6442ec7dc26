/** What mutations about runs answer with. */
import { Field, ObjectType } from "type-graphql";
import { MutationPayload } from "../failures/payload.type.ts";
import { SafeInt } from "../scalars.ts";
import { Run } from "./run.type.ts";

@ObjectType({ simpleResolvers: true, description: "What became of a run that was to start." })
export class StartRunPayload extends MutationPayload {
	@Field(() => Run, { nullable: true, description: "The run; null when there are errors." })
	run?: Run | null;

	@Field(() => Boolean, { description: "Whether an earlier request with the same key had started it." })
	replayed!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What became of a run that was to change." })
export class RunPayload extends MutationPayload {
	@Field(() => Run, { nullable: true, description: "The run as it is now; null when there are errors." })
	run?: Run | null;
}

@ObjectType({ simpleResolvers: true, description: "What became of many runs." })
export class RunsPayload extends MutationPayload {
	@Field(() => SafeInt, {
		description: "Runs that were changed, or would be; those whose state does not allow it are left as they are.",
	})
	count!: number;

	@Field(() => [Run], { description: "The first 100 of them, as they are now." })
	runs!: readonly Run[];
}
