/** Arguments of the subscriptions. */
import { ArgsType, Field, ID, Int } from "type-graphql";
import { ApiError } from "../../errors.ts";
import { Cursor } from "../scalars.ts";
import { RunEventKind } from "./run-event.type.ts";

const LONGEST_INTERVAL_MS = 10_000;
const MOST_KEYS = 100;

/** What both subscriptions take. */
@ArgsType()
abstract class FeedArgs {
	@Field(() => Cursor, {
		nullable: true,
		description: "A batch's cursor, or a resumeCursor: events after it come first. Without it all events are replayed.",
	})
	after?: string | null;

	@Field(() => Int, {
		defaultValue: 250,
		description:
			"Least time between two batches of new events; events of the meantime come together, and a full batch at once.",
	})
	minIntervalMs!: number;

	@Field(() => [RunEventKind], { nullable: true, description: "Only events of these kinds; all without it." })
	kinds?: RunEventKind[] | null;
}

@ArgsType()
export class StudyEventsArgs extends FeedArgs {
	@Field(() => ID, { description: "The study." })
	studyId!: string;
}

@ArgsType()
export class RunEventsArgs extends FeedArgs {
	@Field(() => ID, { description: "The run." })
	runId!: string;

	@Field(() => [String], { nullable: true, description: "Of metric points only those of these keys; all without it." })
	metricKeys?: string[] | null;
}

/** Throws BAD_USER_INPUT for values out of range. */
export function checkFeedArgs({ minIntervalMs, metricKeys }: FeedArgs & { metricKeys?: string[] | null }): void {
	if (minIntervalMs < 0 || minIntervalMs > LONGEST_INTERVAL_MS)
		throw new ApiError("BAD_USER_INPUT", `minIntervalMs is ${minIntervalMs}; give 0 to ${LONGEST_INTERVAL_MS}.`);
	if ((metricKeys?.length ?? 0) > MOST_KEYS)
		throw new ApiError("BAD_USER_INPUT", `${metricKeys!.length} metricKeys; at most ${MOST_KEYS} are allowed.`);
}
