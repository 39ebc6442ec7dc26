/** The two subscriptions: events of a run, and of all runs of a study, from any cursor on. */
import { Args, Ctx, FieldResolver, Resolver, Root, Subscription } from "type-graphql";
import type { Context } from "../../context.ts";
import type { Batch } from "../../live/follow.ts";
import { uuidOf } from "../node/ids.ts";
import { Run } from "../runs/run.type.ts";
import { RunEventBatch, StudyEvent, StudyEventBatch } from "./batch.type.ts";
import { checkFeedArgs, RunEventsArgs, StudyEventsArgs } from "./live.input.ts";
import { isWanted, showEvent } from "./show-event.ts";

const setOf = (list: readonly string[] | null | undefined) => (list ? new Set(list) : null);

function runFeed({ args, context }: { args: RunEventsArgs; context: Context }) {
	checkFeedArgs(args);
	const kinds = setOf(args.kinds);
	const keys = setOf(args.metricKeys);
	return context.hub.subscribe({
		feed: { kind: "run", id: uuidOf("Run", args.runId) },
		after: args.after ?? undefined,
		minIntervalMs: args.minIntervalMs,
		matches: (event) => isWanted(event, kinds, keys),
		choice: JSON.stringify([args.kinds ?? null, args.metricKeys ?? null]),
		signal: context.signal,
		cut: context.cut,
	});
}

function studyFeed({ args, context }: { args: StudyEventsArgs; context: Context }) {
	checkFeedArgs(args);
	const kinds = setOf(args.kinds);
	return context.hub.subscribe({
		feed: { kind: "study", id: uuidOf("Study", args.studyId) },
		after: args.after ?? undefined,
		minIntervalMs: args.minIntervalMs,
		matches: (event) => isWanted(event, kinds, null),
		choice: JSON.stringify([args.kinds ?? null]),
		signal: context.signal,
		cut: context.cut,
	});
}

@Resolver(() => StudyEvent)
export class LiveResolver {
	@Subscription(() => RunEventBatch, {
		description:
			"Events of a run from a cursor on: stored ones first, then new ones, none left out and none twice. Completes when the run has ended and all is told.",
		subscribe: runFeed,
	})
	runEvents(@Root() batch: Batch, @Args(() => RunEventsArgs) { metricKeys }: RunEventsArgs): RunEventBatch {
		const keys = setOf(metricKeys);
		return { ...batch, events: batch.events.map((event) => showEvent(event, keys)) };
	}

	@Subscription(() => StudyEventBatch, {
		description:
			"Events of all runs of a study from a cursor on, as `runEvents`. Completes when no run is waiting, running or paused and all is told.",
		subscribe: studyFeed,
	})
	studyEvents(@Root() batch: Batch, @Args(() => StudyEventsArgs) _args: StudyEventsArgs): StudyEventBatch {
		const events = batch.events.map((event) =>
			Object.assign(new StudyEvent(), { runId: event.runId, event: showEvent(event, null) }),
		);
		return { ...batch, events };
	}

	@FieldResolver(() => Run, { description: "The run, as it is when this is read." })
	async run(@Root() { runId }: StudyEvent, @Ctx() { loaders }: Context): Promise<Run | null> {
		const row = await loaders.run.load(runId);
		return row && new Run(row);
	}
}
