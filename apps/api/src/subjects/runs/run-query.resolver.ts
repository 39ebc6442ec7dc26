/** Finding runs, grouping and comparing them. */
import { findRunByNumber, type Run as RunRow, runGroups } from "@mithridate/db";
import { Arg, Args, Ctx, ID, Int, Query, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { type Connection, ForwardArgs, PageArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { configDiff } from "../groups/config-diff.ts";
import { ConfigDifference, RunGroup, RunGroupConnection } from "../groups/group.type.ts";
import { uuidOf } from "../node/ids.ts";
import { RunFilter, RunOrder } from "./run.input.ts";
import { Run, RunConnection } from "./run.type.ts";
import { runFilter } from "./run-filter.ts";
import { runPage } from "./run-page.ts";

const FEWEST_COMPARED = 2;
const MOST_COMPARED = 8;

@Resolver()
export class RunQueryResolver {
	@Query(() => RunConnection, { description: "Runs, the latest first unless ordered otherwise." })
	runs(
		@Ctx() context: Context,
		@Args(() => PageArgs) page: PageArgs,
		@Arg("filter", () => RunFilter, { nullable: true, description: "Which runs; those in sight where it is left out." })
		filter?: RunFilter | null,
		@Arg("orderBy", () => RunOrder, { nullable: true, description: "In which order." })
		orderBy?: RunOrder | null,
	): Promise<Connection<Run>> {
		return runPage(context, { filter: runFilter(filter), orderBy: orderBy ?? null, page });
	}

	@Query(() => Run, { nullable: true, description: "The run of a number; null when there is none." })
	async run(
		@Ctx() { database }: Context,
		@Arg("number", () => Int, { description: "Its short handle." }) number: number,
	): Promise<Run | null> {
		const row = await findRunByNumber(database.db, number);
		return row && new Run(row);
	}

	@Query(() => RunGroupConnection, {
		description: "Runs that differ in nothing but the seed, with intervals over them.",
	})
	async runGroups(
		@Ctx() { database }: Context,
		@Args(() => ForwardArgs) page: ForwardArgs,
		@Arg("filter", () => RunFilter, { nullable: true, description: "Which runs; those in sight where it is left out." })
		filter?: RunFilter | null,
	): Promise<Connection<RunGroup>> {
		const order = "runGroups";
		return connection({
			order,
			page: await runGroups(database.db, { filter: runFilter(filter), page: pageRequest(order, page) }),
			key: ({ groupHash }) => ({ value: groupHash }),
			node: ({ groupHash, runIds }) => new RunGroup(groupHash, runIds),
		});
	}

	@Query(() => [ConfigDifference], { description: "Where the configurations of 2 to 8 runs differ." })
	async configDiff(
		@Ctx() { loaders }: Context,
		@Arg("runIds", () => [ID], { description: "The runs; values come in this order." }) runIds: string[],
	): Promise<ConfigDifference[]> {
		if (runIds.length < FEWEST_COMPARED || runIds.length > MOST_COMPARED)
			throw new ApiError(
				"BAD_USER_INPUT",
				`${runIds.length} runs cannot be compared: give ${FEWEST_COMPARED} to ${MOST_COMPARED}.`,
			);
		const rows = await Promise.all(runIds.map((id) => loaders.run.load(uuidOf("Run", id))));
		const missing = rows.indexOf(null);
		if (missing >= 0) throw new ApiError("NOT_FOUND", `There is no run with the id "${runIds[missing]}".`);
		return configDiff(rows.map((row) => (row as RunRow).config));
	}
}
