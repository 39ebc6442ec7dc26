/** Finding data sets and their pairs. */
import { countDatasets, countPairs, examplePairs, findDatasetByHash, listDatasets, listPairs } from "@mithridate/db";
import { Arg, Args, Ctx, Field, FieldResolver, InputType, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { type Connection, ForwardArgs, PageArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { type Run, RunConnection } from "../runs/run.type.ts";
import { runPage } from "../runs/run-page.ts";
import { Sha256 } from "../scalars.ts";
import { Dataset, DatasetConnection, Pair, PairConnection, SplitName } from "./dataset.type.ts";
import { conditions, PairFilter } from "./pair-filter.ts";

@InputType({ description: "Which data sets: all conditions that are given must hold." })
export class DatasetFilter {
	@Field(() => String, { nullable: true, description: "With this text in the name." })
	text?: string | null;

	@Field(() => String, { nullable: true, description: "With this class." })
	class?: string | null;
}

@Resolver(() => Dataset)
export class DatasetResolver {
	@Query(() => DatasetConnection, { description: "Data set versions, the latest first." })
	async datasets(
		@Ctx() { database }: Context,
		@Arg("filter", () => DatasetFilter, { nullable: true, description: "Which data sets." })
		filter: DatasetFilter | null,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<Dataset>> {
		const order = "datasets";
		const wanted = conditions(filter);
		return connection({
			order,
			page: await listDatasets(database.db, { filter: wanted, page: pageRequest(order, page) }),
			key: ({ createdAt, id }) => ({ value: createdAt, id }),
			node: (row) => new Dataset(row),
			count: () => countDatasets(database.db, wanted),
		});
	}

	@Query(() => Dataset, {
		nullable: true,
		description: "The data set version of a checksum; null when it was never used here.",
	})
	async dataset(
		@Ctx() { database }: Context,
		@Arg("hash", () => Sha256, { description: "Its checksum." }) hash: string,
	): Promise<Dataset | null> {
		const row = await findDatasetByHash(database.db, hash);
		return row && new Dataset(row);
	}

	@FieldResolver(() => PairConnection, { description: "The pairs of a split, in their order." })
	async pairs(
		@Root() dataset: Dataset,
		@Ctx() { database }: Context,
		@Arg("split", () => SplitName, { description: "The split." }) split: SplitName,
		@Arg("filter", () => PairFilter, { nullable: true, description: "Which of them." }) filter: PairFilter | null,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<Pair>> {
		const order = `pairs:${split}`;
		const wanted = { datasetId: dataset.row.id, split, ...conditions(filter) };
		return connection({
			order,
			page: await listPairs(database.db, { filter: wanted, page: pageRequest(order, page) }),
			key: ({ position }) => ({ value: position }),
			node: (row) => new Pair(row, dataset.row),
			count: () => countPairs(database.db, wanted),
		});
	}

	@FieldResolver(() => [Pair], { description: "One test pair of each class, by class: what the classes look like." })
	async examples(@Root() { row }: Dataset, @Ctx() { database }: Context): Promise<Pair[]> {
		return (await examplePairs(database.db, row.id)).map((pair) => new Pair(pair, row));
	}

	@FieldResolver(() => RunConnection, { description: "Runs on it that are in sight, the latest first." })
	runs(
		@Root() { row }: Dataset,
		@Ctx() context: Context,
		@Args(() => ForwardArgs) page: ForwardArgs,
	): Promise<Connection<Run>> {
		return runPage(context, { filter: { datasetId: row.id, isArchived: false }, page });
	}
}
