/** The catalog of studies that can be started, and starting one. */
import { createStudy, recentDurations } from "@mithridate/db";
import { type StudyDefinition as Definition, studiesInOrder, studyNamed } from "@mithridate/studies";
import { Arg, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import type { Scope } from "../../security/roles.ts";
import { type Failure, NotFoundError, QuotaExceededError, validationErrors } from "../failures/failure.type.ts";
import { idempotencyOf, orConflict } from "../failures/idempotency.ts";
import { writtenIssues } from "../input-limits.ts";
import { estimate } from "../retrieval/estimate.ts";
import { slugOf } from "../studies/slug.ts";
import { StartStudyPayload } from "../studies/study.payload.ts";
import { Study } from "../studies/study.type.ts";
import { MOST_RUNS } from "../studies/sweep.ts";
import { StudyDefinition, StudyEstimate, StudySettingInput, settingArgument } from "./definition.type.ts";
import { definitionHash, type Plan, planStudy, runsOf } from "./plan.ts";
import { StartDefinedStudyInput } from "./start.input.ts";

const PAST_RUNS = 20;

const nothing = { study: null, replayed: false, axes: [], cells: [], runCount: 0 } as const;

@Resolver(() => StudyDefinition)
export class StudyDefinitionResolver {
	@Query(() => [StudyDefinition], { description: "The studies that can be started, in the order of the paper." })
	studyDefinitions(): StudyDefinition[] {
		return studiesInOrder.map((definition) => new StudyDefinition(definition));
	}

	@Query(() => StudyDefinition, { nullable: true, description: "The definition of a name; null when there is none." })
	studyDefinition(@Arg("name", () => String, { description: "Its name." }) name: string): StudyDefinition | null {
		const definition = studyNamed(name);
		return definition ? new StudyDefinition(definition) : null;
	}

	@FieldResolver(() => StudyEstimate, { description: "What it would take in a setting." })
	async estimate(
		@Root() { definition }: StudyDefinition,
		@Ctx() { database }: Context,
		@Arg("setting", () => StudySettingInput, settingArgument)
		setting: StudySettingInput,
	): Promise<StudyEstimate> {
		const { cells, runs } = planStudy(definition, setting);
		const configs = cells.flatMap((cell) => cell.configs);
		const { seconds, basis } = estimate(configs, await recentDurations(database.db, PAST_RUNS));
		return { cellCount: cells.length, runCount: runs, seconds, basis };
	}

	@Authorized<Scope>("runs-write")
	@Mutation(() => StartStudyPayload, {
		description: "Puts every run of a defined study into the queue, once per idempotency key.",
	})
	async startDefinedStudy(
		@Ctx() context: Context,
		@Arg("input", () => StartDefinedStudyInput, { description: "Which study, and on what." })
		input: StartDefinedStudyInput,
	): Promise<StartStudyPayload> {
		const { clientMutationId = null, dryRun } = input;
		const definition = studyNamed(input.definition);
		if (definition === undefined) return { clientMutationId, ...nothing, errors: [unknown(input.definition)] };
		const plan = planStudy(definition, input.setting);
		const shown = {
			clientMutationId,
			study: null,
			replayed: false,
			axes: plan.axes,
			cells: plan.cells.map(({ cell, configs }) => ({
				name: cell.name,
				coordinates: Object.entries(cell.coordinates).map(([axis, value]) => ({ axis, value })),
				seeds: configs.map(({ seeds }) => seeds[0] as number),
			})),
			runCount: plan.runs,
		};
		const errors = faultsOf(input, plan);
		if (dryRun || errors.length > 0) return { ...shown, errors };
		const made = await orConflict(() => create(context, { input, definition, plan }));
		if ("failure" in made) return { ...shown, errors: [made.failure] };
		return { ...shown, study: new Study(made.study), replayed: made.replayed, errors: [] };
	}
}

function unknown(name: string): Failure {
	const names = studiesInOrder.map((definition) => definition.name).join(", ");
	return new NotFoundError(`There is no study "${name.slice(0, 64)}". Choose one of: ${names}.`, ["definition"]);
}

function faultsOf(input: StartDefinedStudyInput, { issues, runs, isTooLarge }: Plan): Failure[] {
	const errors: Failure[] = [...validationErrors(writtenIssues(input)), ...validationErrors(issues, ["setting"])];
	if (isTooLarge)
		errors.push(
			new QuotaExceededError(
				`${runs} runs are too many for one study: at most ${MOST_RUNS}. Give fewer seeds or a smaller scale.`,
				["setting"],
				MOST_RUNS,
			),
		);
	return errors;
}

function create(
	context: Context,
	{ input, definition, plan }: { input: StartDefinedStudyInput; definition: Definition; plan: Plan },
) {
	return createStudy(context.database.db, {
		study: {
			slug: slugOf(definition.name),
			name: input.name ?? definition.title,
			question: definition.question,
			notes: input.notes ?? null,
			tags: input.tags ?? [],
			definition: {
				name: definition.name,
				setting: { ...plan.setting },
				hash: definitionHash(definition, plan.setting),
			},
		},
		runs: runsOf(plan, input.priority ?? 0),
		enqueue: context.queue.enqueue,
		idempotency: idempotencyOf(context, "startDefinedStudy", input),
	});
}
