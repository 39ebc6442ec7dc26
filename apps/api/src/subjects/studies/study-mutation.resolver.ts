/** Starting a sweep, and what people change about a study. */
import { annotateStudy, archiveStudy, createStudy, type Study as StudyRow } from "@mithridate/db";
import { Arg, Authorized, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import type { Scope } from "../../security/roles.ts";
import { type Failure, NotFoundError, QuotaExceededError, validationErrors } from "../failures/failure.type.ts";
import { idempotencyOf, orConflict } from "../failures/idempotency.ts";
import { idIn, type Written, writtenIssues } from "../input-limits.ts";
import { slugOf } from "./slug.ts";
import { storedGrid } from "./stored-grid.ts";
import { AnnotateStudyInput, StartStudyInput, StudyIdInput } from "./study.input.ts";
import { StartStudyPayload, StudyPayload } from "./study.payload.ts";
import { Study } from "./study.type.ts";
import { MOST_RUNS, type Plan, planSweep } from "./sweep.ts";
import { runsOfSweep } from "./sweep-runs.ts";

@Resolver()
export class StudyMutationResolver {
	@Authorized<Scope>("runs-write")
	@Mutation(() => StartStudyPayload, {
		description: "Puts every run of a sweep into the queue, once per idempotency key.",
	})
	async startStudy(
		@Ctx() context: Context,
		@Arg("input", () => StartStudyInput, { description: "The sweep." }) input: StartStudyInput,
	): Promise<StartStudyPayload> {
		const { clientMutationId = null, dryRun } = input;
		const plan = await planSweep(input.config, input.grid);
		const shown = {
			clientMutationId,
			study: null,
			replayed: false,
			axes: plan.axes,
			cells: plan.cells.map(({ coordinates, configs }) => ({
				coordinates,
				seeds: configs.map(({ seeds }) => seeds[0] as number),
			})),
			runCount: plan.runs,
		};
		const errors = faultsOf(input, plan);
		if (dryRun || errors.length > 0) return { ...shown, errors };
		const made = await orConflict(() =>
			createStudy(context.database.db, {
				study: {
					slug: slugOf(input.name),
					name: input.name,
					question: input.question ?? null,
					notes: input.notes ?? null,
					tags: input.tags ?? [],
					grid: storedGrid(plan, input),
				},
				runs: runsOfSweep(plan, input.priority ?? 0),
				enqueue: context.queue.enqueue,
				idempotency: idempotencyOf(context, "startStudy", input),
			}),
		);
		if ("failure" in made) return { ...shown, errors: [made.failure] };
		return { ...shown, study: new Study(made.study), replayed: made.replayed, errors: [] };
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => StudyPayload, { description: "Changes what people write about a study." })
	annotateStudy(
		@Ctx() { database }: Context,
		@Arg("input", () => AnnotateStudyInput, { description: "The study and the words." }) input: AnnotateStudyInput,
	): Promise<StudyPayload> {
		const { name, question, notes, tags } = input;
		return changed(input, (id) =>
			annotateStudy(database.db, {
				id,
				...(name != null && { name }),
				...(question !== undefined && { question }),
				...(notes !== undefined && { notes }),
				...(tags != null && { tags }),
			}),
		);
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => StudyPayload, { description: "Puts a study out of sight; its runs stay as they are." })
	archiveStudy(
		@Ctx() { database }: Context,
		@Arg("input", () => StudyIdInput, { description: "The study." }) input: StudyIdInput,
	): Promise<StudyPayload> {
		return changed(input, (id) => archiveStudy(database.db, { id, archived: true }));
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => StudyPayload, { description: "Brings an archived study back into sight." })
	restoreStudy(
		@Ctx() { database }: Context,
		@Arg("input", () => StudyIdInput, { description: "The study." }) input: StudyIdInput,
	): Promise<StudyPayload> {
		return changed(input, (id) => archiveStudy(database.db, { id, archived: false }));
	}
}

function faultsOf(input: StartStudyInput, plan: Plan): Failure[] {
	const errors: Failure[] = validationErrors([...writtenIssues(input), ...plan.issues]);
	if (plan.isTooLarge)
		errors.push(
			new QuotaExceededError(
				`${plan.runs} runs are too many for one study: at most ${MOST_RUNS}.`,
				["grid"],
				MOST_RUNS,
			),
		);
	return errors;
}

async function changed(
	input: Written & { readonly studyId: string },
	change: (uuid: string) => Promise<StudyRow | null>,
): Promise<StudyPayload> {
	const { studyId, clientMutationId = null } = input;
	const found = idIn("Study", studyId, ["studyId"]);
	const issues = writtenIssues(input);
	if ("issue" in found || issues.length > 0)
		return {
			clientMutationId,
			study: null,
			errors: validationErrors("issue" in found ? [found.issue, ...issues] : issues),
		};
	const row = await change(found.uuid);
	if (row) return { clientMutationId, study: new Study(row), errors: [] };
	return {
		clientMutationId,
		study: null,
		errors: [new NotFoundError(`There is no study with the id "${studyId}".`, ["studyId"])],
	};
}
