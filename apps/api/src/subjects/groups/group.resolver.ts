/** What a group of repetitions holds. */
import type { Run as RunRow } from "@mithridate/db";
import { Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { experiment } from "../experiment-config.ts";
import { Run } from "../runs/run.type.ts";
import { GroupOutcome } from "../studies/study.type.ts";
import { RunGroup } from "./group.type.ts";
import { groupOutcomes } from "./outcomes.ts";

/** Runs that were deleted since the group was read are left out. */
async function rowsOf({ runIds }: RunGroup, { loaders }: Context): Promise<RunRow[]> {
	const rows = await Promise.all(runIds.map((id) => loaders.run.load(id)));
	return rows.filter((row) => row !== null);
}

@Resolver(() => RunGroup)
export class RunGroupResolver {
	@FieldResolver(() => [Run], { description: "The repetitions, by seed." })
	async runs(@Root() group: RunGroup, @Ctx() context: Context): Promise<Run[]> {
		return (await rowsOf(group, context)).map((row) => new Run(row));
	}

	@FieldResolver(() => [Int], { description: "The seeds, ascending." })
	async seeds(@Root() group: RunGroup, @Ctx() context: Context): Promise<number[]> {
		return (await rowsOf(group, context)).map(({ seed }) => seed);
	}

	@FieldResolver(() => String, { description: "Name of its first run." })
	async name(@Root() group: RunGroup, @Ctx() context: Context): Promise<string> {
		return (await rowsOf(group, context))[0]?.name ?? "";
	}

	@FieldResolver(() => experiment.output as never, {
		nullable: true,
		description: "The configuration, with the first run's seed.",
	})
	async config(@Root() group: RunGroup, @Ctx() context: Context): Promise<object | null> {
		const [row] = await rowsOf(group, context);
		return row ? experiment.present(row.config) : null;
	}

	@FieldResolver(() => [GroupOutcome], { description: "Results over seeds, with their intervals." })
	async outcomes(@Root() { runIds }: RunGroup, @Ctx() { loaders }: Context): Promise<GroupOutcome[]> {
		const tables = await Promise.all(runIds.map((id) => loaders.outcomes.load(id)));
		return groupOutcomes(tables.flat());
	}
}
