/** Doing something about many runs at once, named by id or found by a filter. */
import {
	archiveRuns,
	type Db,
	deleteRuns,
	findRunIds,
	findRuns,
	queueRun,
	type Run as RunRow,
	type RunStatus,
	requestIntent,
	restoreRuns,
} from "@mithridate/db";
import { Arg, Authorized, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import type { Scope } from "../../security/roles.ts";
import { type Failure, QuotaExceededError, ValidationError, validationErrors } from "../failures/failure.type.ts";
import { idIn, writtenIssues } from "../input-limits.ts";
import { RetryRunsInput, RunsInput } from "./run.input.ts";
import { RunsPayload } from "./run.payload.ts";
import { Run } from "./run.type.ts";
import { runFilter } from "./run-filter.ts";

const MOST_IDS = 1000;
const MOST_FOUND = 10_000;
const MOST_SHOWN = 100;

/** What is done to runs, and to which of those named. */
interface Deed {
	readonly statuses?: readonly RunStatus[];
	/** Whether to leave out archived, or those in sight; both where it is left out. */
	readonly isArchived?: boolean;
	act(ids: readonly string[], rows: readonly RunRow[]): Promise<readonly RunRow[]>;
}

async function deed(
	{ database: { db } }: Context,
	input: RunsInput,
	{ statuses, isArchived, act }: Deed,
): Promise<RunsPayload> {
	const { clientMutationId = null, dryRun } = input;
	const named = await idsOf(db, input);
	if ("errors" in named) return { clientMutationId, count: 0, runs: [], errors: named.errors };
	const rows = (await findRuns(db, named.ids))
		.filter(({ status }) => statuses?.includes(status) ?? true)
		.filter(({ archivedAt }) => isArchived === undefined || isArchived === (archivedAt !== null))
		.sort((a, b) => a.number - b.number);
	const changed = dryRun
		? rows
		: await act(
				rows.map(({ id }) => id),
				rows,
			);
	return {
		clientMutationId,
		count: changed.length,
		runs: changed.slice(0, MOST_SHOWN).map((row) => new Run(row)),
		errors: [],
	};
}

async function idsOf(db: Db, input: RunsInput): Promise<{ ids: string[] } | { errors: Failure[] }> {
	const { ids, filter } = input;
	const issues = writtenIssues(input);
	if (issues.length > 0) return { errors: validationErrors(issues) };
	if ((ids == null) === (filter == null))
		return { errors: [new ValidationError("Give ids or a filter: one of the two.", ["ids"])] };
	if (ids == null) {
		const found = await findRunIds(db, { filter: runFilter(filter), limit: MOST_FOUND + 1 });
		if (found.length <= MOST_FOUND) return { ids: found };
		const message = `The filter finds more than ${MOST_FOUND} runs: narrow it.`;
		return { errors: [new QuotaExceededError(message, ["filter"], MOST_FOUND)] };
	}
	if (ids.length > MOST_IDS)
		return {
			errors: [
				new QuotaExceededError(
					`${ids.length} ids are too many: give at most ${MOST_IDS}, or a filter.`,
					["ids"],
					MOST_IDS,
				),
			],
		};
	const decoded = ids.map((id, at) => idIn("Run", id, ["ids", String(at)]));
	const wrong = decoded.flatMap((one) => ("issue" in one ? [one.issue] : []));
	if (wrong.length > 0) return { errors: validationErrors(wrong) };
	return { ids: decoded.flatMap((one) => ("uuid" in one ? [one.uuid] : [])) };
}

const inputOf = { description: "Which runs." } as const;

@Resolver()
export class RunsMutationResolver {
	@Authorized<Scope>("runs-write")
	@Mutation(() => RunsPayload, { description: "Stops runs for good." })
	cancelRuns(@Ctx() context: Context, @Arg("input", () => RunsInput, inputOf) input: RunsInput): Promise<RunsPayload> {
		return deed(context, input, {
			statuses: ["queued", "running", "paused"],
			act: (runIds) => requestIntent(context.database.db, { runIds, intent: "cancel" }),
		});
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunsPayload, {
		description: "Saves the state of runs at the next checkpoint and stops them until they are resumed.",
	})
	pauseRuns(@Ctx() context: Context, @Arg("input", () => RunsInput, inputOf) input: RunsInput): Promise<RunsPayload> {
		return deed(context, input, {
			statuses: ["queued", "running"],
			act: (runIds) => requestIntent(context.database.db, { runIds, intent: "pause" }),
		});
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunsPayload, { description: "Lets paused runs go on, and those that are about to pause." })
	resumeRuns(@Ctx() context: Context, @Arg("input", () => RunsInput, inputOf) input: RunsInput): Promise<RunsPayload> {
		const {
			queue: { enqueue },
			database,
		} = context;
		return deed(context, input, {
			statuses: ["paused", "running"],
			act: async (runIds, rows) => {
				const pausing = rows
					.filter(({ status, intent }) => status === "running" && intent === "pause")
					.map(({ id }) => id);
				const goingOn = await requestIntent(database.db, { runIds: pausing, intent: "run" });
				return [...(await queueRun(database.db, { runIds, from: ["paused"], enqueue })), ...goingOn];
			},
		});
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunsPayload, {
		description: "Puts failed, cancelled and quarantined runs into the queue again; finished stages are kept.",
	})
	retryRuns(
		@Ctx() context: Context,
		@Arg("input", () => RetryRunsInput, inputOf) input: RetryRunsInput,
	): Promise<RunsPayload> {
		const from = ["failed", "cancelled", "quarantined"] as const;
		const {
			queue: { enqueue },
			database,
		} = context;
		return deed(context, input, { statuses: from, act: (runIds) => queueRun(database.db, { runIds, from, enqueue }) });
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunsPayload, { description: "Puts runs out of sight that neither wait nor run." })
	archiveRuns(@Ctx() context: Context, @Arg("input", () => RunsInput, inputOf) input: RunsInput): Promise<RunsPayload> {
		return deed(context, input, {
			statuses: ["paused", "succeeded", "failed", "cancelled", "quarantined"],
			isArchived: false,
			act: (runIds) => archiveRuns(context.database.db, runIds),
		});
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunsPayload, { description: "Brings archived runs back into sight." })
	restoreRuns(@Ctx() context: Context, @Arg("input", () => RunsInput, inputOf) input: RunsInput): Promise<RunsPayload> {
		return deed(context, input, { isArchived: true, act: (runIds) => restoreRuns(context.database.db, runIds) });
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunsPayload, { description: "Deletes runs with all they recorded, except those that are running." })
	deleteRuns(@Ctx() context: Context, @Arg("input", () => RunsInput, inputOf) input: RunsInput): Promise<RunsPayload> {
		return deed(context, input, {
			statuses: ["queued", "paused", "succeeded", "failed", "cancelled", "quarantined"],
			act: async (runIds, rows) => {
				const deleted = new Set(await deleteRuns(context.database.db, runIds));
				return rows.filter(({ id }) => deleted.has(id));
			},
		});
	}
}
