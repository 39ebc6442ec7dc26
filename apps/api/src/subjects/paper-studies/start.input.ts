/** What is given to start a study of the paper. */
import { Field, InputType, Int } from "type-graphql";
import { MutationInput } from "../failures/payload.type.ts";
import { StudySettingInput, settingArgument } from "./definition.type.ts";

@InputType({ description: "A defined study to start: at most 2,000 runs." })
export class StartDefinedStudyInput extends MutationInput {
	@Field(() => String, {
		description: "Chosen by the caller: the same key with the same input starts one study however often it is sent.",
	})
	idempotencyKey!: string;

	@Field(() => String, { description: "Name of the definition, as `studyDefinitions` gives it." })
	definition!: string;

	@Field(() => StudySettingInput, settingArgument)
	setting!: StudySettingInput;

	@Field(() => String, { nullable: true, description: "The definition's title where it is left out." })
	name?: string | null;

	@Field(() => String, { nullable: true, description: "At most 10,000 characters." })
	notes?: string | null;

	@Field(() => [String], { nullable: true, description: "Words to find it by: at most 20 of 50 characters." })
	tags?: string[] | null;

	@Field(() => Int, { nullable: true, description: "The higher, the sooner: from -1000 to 1000." })
	priority?: number | null;

	@Field(() => Boolean, { defaultValue: false, description: "Only check it and tell its cells." })
	dryRun!: boolean;
}
