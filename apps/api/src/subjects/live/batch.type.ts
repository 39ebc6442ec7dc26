/** Batches of events, as subscriptions answer with them. */
import { Field, ObjectType } from "type-graphql";
import { Cursor } from "../scalars.ts";
import { RunEvent } from "./run-event.type.ts";

/** What all batches have. */
@ObjectType({ simpleResolvers: true })
abstract class EventBatch {
	@Field(() => Cursor, {
		description:
			"Keep it once the events are taken in: a new subscription after it goes on without loss or repetition.",
	})
	cursor!: string;

	@Field(() => Boolean, { description: "Whether these events were stored before the subscription began." })
	isReplay!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "Events of one run, in order." })
export class RunEventBatch extends EventBatch {
	@Field(() => [RunEvent], {
		description: "In the order of their numbers. Empty every 15 s of silence: a sign of life.",
	})
	events!: readonly RunEvent[];
}

@ObjectType({ description: "An event of one of a study's runs." })
export class StudyEvent {
	/** UUID of the run. */
	readonly runId!: string;

	@Field(() => RunEvent, { simple: true, description: "What happened to it." })
	readonly event!: RunEvent;
}

@ObjectType({ simpleResolvers: true, description: "Events of all runs of a study, in order." })
export class StudyEventBatch extends EventBatch {
	@Field(() => [StudyEvent], {
		description: "In the order in which they were stored. Empty every 15 s of silence: a sign of life.",
	})
	events!: readonly StudyEvent[];
}
