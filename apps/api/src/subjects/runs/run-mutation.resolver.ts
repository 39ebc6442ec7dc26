/** Starting a run, and what people change about one. */
import { annotateRun, createRun, findRuns, findStudies, setPriority } from "@mithridate/db";
import type { ExperimentConfig } from "@mithridate/engine";
import { Arg, Authorized, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import type { Scope } from "../../security/roles.ts";
import { title } from "../../typed-config/parameters.ts";
import { parseConfig } from "../experiment-config.ts";
import { type Failure, NotFoundError, validationErrors } from "../failures/failure.type.ts";
import { idempotencyOf, orConflict } from "../failures/idempotency.ts";
import { idIn, writtenIssues } from "../input-limits.ts";
import { goalsLabel } from "./goals-label.ts";
import { AnnotateRunInput, SetRunPriorityInput, StartRunInput } from "./run.input.ts";
import { RunPayload, StartRunPayload } from "./run.payload.ts";
import { Run } from "./run.type.ts";

@Resolver()
export class RunMutationResolver {
	@Authorized<Scope>("runs-write")
	@Mutation(() => StartRunPayload, { description: "Puts a run into the queue, once per idempotency key." })
	async startRun(
		@Ctx() context: Context,
		@Arg("input", () => StartRunInput, { description: "The run." }) input: StartRunInput,
	): Promise<StartRunPayload> {
		const { clientMutationId = null } = input;
		const refused = (errors: readonly Failure[]) => ({ clientMutationId, run: null, replayed: false, errors });
		const base = input.basedOn == null ? null : await baseRun(context, input.basedOn);
		if (base && "failure" in base) return refused([base.failure]);
		const parsed = parseConfig(input.config, base?.config);
		const study = input.studyId == null ? null : idIn("Study", input.studyId, ["studyId"]);
		const errors: Failure[] = [
			...validationErrors(writtenIssues(input)),
			...validationErrors(parsed.issues ?? [], ["config"]),
			...(study && "issue" in study ? validationErrors([study.issue]) : []),
		];
		if (parsed.config === undefined || errors.length > 0 || (study && "issue" in study)) return refused(errors);
		if (study && (await findStudies(context.database.db, [study.uuid])).length === 0)
			return refused([new NotFoundError(`There is no study with the id "${input.studyId}".`, ["studyId"])]);
		const { config } = parsed;
		const label = goalsLabel(config);
		const made = await orConflict(() =>
			createRun(context.database.db, {
				run: {
					name: input.name ?? [title(config.attack.name), label].filter(Boolean).join(": "),
					config,
					goalsLabel: label,
					studyId: study?.uuid ?? null,
					priority: input.priority ?? 0,
					tags: input.tags ?? [],
					notes: input.notes ?? null,
				},
				enqueue: context.queue.enqueue,
				idempotency: idempotencyOf(context, "startRun", input),
			}),
		);
		if ("failure" in made) return refused([made.failure]);
		return { clientMutationId, run: new Run(made.run), replayed: made.replayed, errors: [] };
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunPayload, { description: "Moves a run forward or back in the queue." })
	async setRunPriority(
		@Ctx() { database, queue }: Context,
		@Arg("input", () => SetRunPriorityInput, { description: "The run and its place." }) input: SetRunPriorityInput,
	): Promise<RunPayload> {
		const { priority } = input;
		return changed(input, (id) =>
			database.db.transaction(async (tx) => {
				const row = await setPriority(tx, { id, priority });
				if (row?.status === "queued") await queue.reprioritise(tx, id, priority);
				return row;
			}),
		);
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => RunPayload, { description: "Changes what people write about a run." })
	async annotateRun(
		@Ctx() { database }: Context,
		@Arg("input", () => AnnotateRunInput, { description: "The run and the words." }) input: AnnotateRunInput,
	): Promise<RunPayload> {
		const { name, tags, notes } = input;
		return changed(input, (id) =>
			annotateRun(database.db, {
				id,
				...(name != null && { name }),
				...(tags != null && { tags }),
				...(notes !== undefined && { notes }),
			}),
		);
	}
}

/** Checks what is written, makes the change, and says so when there is no such run. */
async function changed(
	input: SetRunPriorityInput | AnnotateRunInput,
	change: (uuid: string) => ReturnType<typeof setPriority>,
): Promise<RunPayload> {
	const { runId, clientMutationId = null } = input;
	const found = idIn("Run", runId, ["runId"]);
	const issues = writtenIssues(input);
	if ("issue" in found || issues.length > 0)
		return {
			clientMutationId,
			run: null,
			errors: validationErrors("issue" in found ? [found.issue, ...issues] : issues),
		};
	const row = await change(found.uuid);
	if (row) return { clientMutationId, run: new Run(row), errors: [] };
	return {
		clientMutationId,
		run: null,
		errors: [new NotFoundError(`There is no run with the id "${runId}".`, ["runId"])],
	};
}

/** The configuration of the run that another one repeats. */
async function baseRun(
	{ database }: Context,
	id: string,
): Promise<{ readonly config: ExperimentConfig } | { readonly failure: Failure }> {
	const found = idIn("Run", id, ["basedOn"]);
	if ("issue" in found) return { failure: validationErrors([found.issue])[0]! };
	const [run] = await findRuns(database.db, [found.uuid]);
	return run
		? { config: run.config as ExperimentConfig }
		: { failure: new NotFoundError(`There is no run with the id "${id}".`, ["basedOn"]) };
}
