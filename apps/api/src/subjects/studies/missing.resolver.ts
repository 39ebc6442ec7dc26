/** The runs of its plan that a study lacks: which they are, and starting them. */
import { findStudies, queueMissing, runsOfStudies } from "@mithridate/db";
import { Arg, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import type { Scope } from "../../security/roles.ts";
import { ConflictError, type Failure, NotFoundError, validationErrors } from "../failures/failure.type.ts";
import { idempotencyOf, orConflict } from "../failures/idempotency.ts";
import { idIn, writtenIssues } from "../input-limits.ts";
import { Run } from "../runs/run.type.ts";
import { missingCells, plannedRuns } from "./missing.ts";
import { StartMissingRunsInput } from "./study.input.ts";
import { PlannedCell, StartMissingRunsPayload } from "./study.payload.ts";
import { Study } from "./study.type.ts";

const MOST_SHOWN = 100;

@Resolver(() => Study)
export class MissingRunsResolver {
	@FieldResolver(() => [PlannedCell], {
		description:
			"Cells of its plan without a run in sight for some of their seeds, or with a cancelled one, and these seeds; empty for a study put together by hand.",
	})
	async missing(@Root() { row }: Study, @Ctx() { loaders }: Context): Promise<readonly PlannedCell[]> {
		return missingCells(row, await loaders.studyRuns.load(row.id));
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => StartMissingRunsPayload, {
		description:
			"Puts into the queue what a study lacks of its plan: new runs, and cancelled ones, which go on where they were. Once per idempotency key.",
	})
	async startMissingRuns(
		@Ctx() context: Context,
		@Arg("input", () => StartMissingRunsInput, { description: "The study." }) input: StartMissingRunsInput,
	): Promise<StartMissingRunsPayload> {
		const { clientMutationId = null, studyId, dryRun } = input;
		const { db } = context.database;
		const nothing = { clientMutationId, study: null, cells: [], count: 0, runs: [], replayed: false };
		const refused = (errors: readonly Failure[]) => ({ ...nothing, errors });
		const found = idIn("Study", studyId, ["studyId"]);
		const issues = writtenIssues(input);
		if ("issue" in found || issues.length > 0)
			return refused(validationErrors("issue" in found ? [found.issue, ...issues] : issues));
		const [row] = await findStudies(db, [found.uuid]);
		if (!row) return refused([new NotFoundError(`There is no study with the id "${studyId}".`, ["studyId"])]);
		const plan = await plannedRuns(row, input.priority ?? 0);
		if ("obstacle" in plan) return refused([new ConflictError(plan.obstacle, ["studyId"])]);
		const cells = missingCells(row, await runsOfStudies(db, [row.id]));
		const shown = { ...nothing, study: new Study(row), cells, errors: [] };
		if (dryRun) return { ...shown, count: cells.reduce((sum, { seeds }) => sum + seeds.length, 0) };
		const queued = await orConflict(() =>
			queueMissing(db, {
				studyId: row.id,
				planned: plan.runs,
				enqueue: context.queue.enqueue,
				idempotency: idempotencyOf(context, "startMissingRuns", input),
			}),
		);
		if ("failure" in queued) return refused([queued.failure]);
		const { runs, replayed } = queued;
		return { ...shown, count: runs.length, runs: runs.slice(0, MOST_SHOWN).map((run) => new Run(run)), replayed };
	}
}
