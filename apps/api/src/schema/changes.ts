/** What a new schema takes away from clients of the one before. */
import { buildSchema, findBreakingChanges } from "graphql";

/** Changes that break a client written for `before`, one sentence each. */
export function breakingChanges(before: string, after: string): string[] {
	return findBreakingChanges(buildSchema(before), buildSchema(after)).map(({ description }) => description);
}
