/** What every mutation answers with, besides its own fields. */
import { Field, InputType, ObjectType } from "type-graphql";
import { type Failure, MutationError } from "./failure.type.ts";

@InputType({ description: "What every mutation takes." })
export class MutationInput {
	@Field(() => String, { nullable: true, description: "Handed back in the payload, for the caller's own use." })
	clientMutationId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "What every mutation answers with." })
export class MutationPayload {
	@Field(() => String, { nullable: true, description: "As it was given." })
	clientMutationId?: string | null;

	@Field(() => [MutationError], {
		description: "What kept the mutation from doing what was asked; empty where nothing did.",
	})
	errors!: readonly Failure[];
}
