/** Finding models, and what belongs to one. */
import { type Checkpoint, listModels } from "@mithridate/db";
import { Arg, Args, Ctx, Field, FieldResolver, ID, InputType, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { type Connection, PageArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { uuidOf } from "../node/ids.ts";
import { Run } from "../runs/run.type.ts";
import { Model, ModelConnection, type ModelRow } from "./model.type.ts";
import { shippedModels } from "./shipped.ts";
import { Stage } from "./stage.type.ts";

@InputType({ description: "Which models: all conditions that are given must hold." })
export class ModelFilter {
	@Field(() => ID, { nullable: true, description: "Of the stages of this run, whichever run made them." })
	runId?: string | null;

	@Field(() => String, { nullable: true, description: "With this name, for instance poisoned." })
	name?: string | null;
}

/** A stored model as it is shown. */
async function modelRow({ loaders }: Context, checkpoint: Checkpoint): Promise<ModelRow> {
	const { id, stageKey, runId, step, createdAt, files } = checkpoint;
	const stage = await loaders.stage.load(stageKey);
	const name = stage?.name ?? "model";
	return { id, name, stage: name, runId: stage?.madeByRun ?? runId, step, createdAt, files, folder: null };
}

/** The model of a UUID, shipped or stored; null when there is none. */
export async function findModel(context: Context, uuid: string): Promise<ModelRow | null> {
	const shipped = Object.values(shippedModels()).find(({ id }) => id === uuid);
	if (shipped) return shipped;
	const checkpoint = await context.loaders.checkpoint.load(uuid);
	return checkpoint?.kind === "model" ? modelRow(context, checkpoint) : null;
}

@Resolver(() => Model)
export class ModelResolver {
	@Query(() => ModelConnection, { description: "Models that runs made, the latest first." })
	async models(
		@Ctx() context: Context,
		@Arg("filter", () => ModelFilter, { nullable: true, description: "Which models." }) filter: ModelFilter | null,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<Model>> {
		const order = "models";
		const { runId, name } = filter ?? {};
		const wanted = { ...(runId != null && { runId: uuidOf("Run", runId) }), ...(name != null && { name }) };
		const found = await listModels(context.database.db, { filter: wanted, page: pageRequest(order, page) });
		const rows = await Promise.all(found.rows.map((checkpoint) => modelRow(context, checkpoint)));
		return connection({
			order,
			page: { ...found, rows },
			key: ({ id }) => ({ value: id }),
			node: (row) => new Model(row),
		});
	}

	@Query(() => [Model], {
		description: "The models that come with the engine: the one training starts from, and the one filters score with.",
	})
	shippedModels(): Model[] {
		return Object.values(shippedModels()).map((row) => new Model(row));
	}

	@FieldResolver(() => Run, {
		nullable: true,
		description: "The run that made it; null for a shipped one, or when it was deleted.",
	})
	async run(@Root() { row }: Model, @Ctx() { loaders }: Context): Promise<Run | null> {
		const run = row.runId && (await loaders.run.load(row.runId));
		return run ? new Run(run) : null;
	}
}

@Resolver(() => Stage)
export class StageResolver {
	@FieldResolver(() => [Model], { description: "Its finished models, oldest first; empty until it is finished." })
	async checkpoints(@Root() { key }: Stage, @Ctx() context: Context): Promise<Model[]> {
		const found = await context.loaders.models.load(key);
		return (await Promise.all(found.map((checkpoint) => modelRow(context, checkpoint)))).map((row) => new Model(row));
	}
}
