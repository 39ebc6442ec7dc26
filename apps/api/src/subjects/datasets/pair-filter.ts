/** Which pairs of a data set, or of what an attack made of it. */
import { Field, InputType } from "type-graphql";
import { ApiError } from "../../errors.ts";

@InputType({ description: "Which pairs: all conditions that are given must hold." })
export class PairFilter {
	@Field(() => String, { nullable: true, description: "Of this class." })
	class?: string | null;

	@Field(() => String, { nullable: true, description: "With this text in a caption or in the sample's name." })
	text?: string | null;
}

const MOST_CHARACTERS = 1000;

/** Conditions that are given. */
export function conditions(filter: { text?: string | null; class?: string | null } | null): {
	text?: string;
	class?: string;
} {
	const given = Object.entries(filter ?? {}).filter(([, value]) => value != null) as [string, string][];
	for (const [name, value] of given)
		if (value.length > MOST_CHARACTERS)
			throw new ApiError(
				"BAD_USER_INPUT",
				`filter.${name} has ${value.length} characters: give at most ${MOST_CHARACTERS}.`,
			);
	return Object.fromEntries(given);
}
