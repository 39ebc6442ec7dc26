/** Anything again by its id. */
import { findImports } from "@mithridate/db";
import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { Dataset, Pair } from "../datasets/dataset.type.ts";
import { DefenseReport } from "../defense-reports/defense-report.type.ts";
import { Evaluation } from "../evaluations/evaluation.type.ts";
import { DatasetImport } from "../imports/import.type.ts";
import { findModel } from "../models/model.resolver.ts";
import { Model } from "../models/model.type.ts";
import { Run } from "../runs/run.type.ts";
import { Study } from "../studies/study.type.ts";
import { Token } from "../tokens/token.type.ts";
import { type DecodedId, decodeId, type NodeType } from "./ids.ts";
import { Node } from "./node.type.ts";

const MOST_IDS = 100;

type Found = Promise<Node | null>;

const finders: Readonly<Record<NodeType, (id: DecodedId, context: Context) => Found>> = {
	Run: async ({ uuid }, { loaders }) => shown(await loaders.run.load(uuid), (row) => new Run(row)),
	Study: async ({ uuid }, { loaders }) => shown(await loaders.study.load(uuid), (row) => new Study(row)),
	Dataset: async ({ uuid }, { loaders }) => shown(await loaders.dataset.load(uuid), (row) => new Dataset(row)),
	Evaluation: async ({ uuid }, { loaders }) => shown(await loaders.evaluation.load(uuid), (row) => new Evaluation(row)),
	DefenseReport: async ({ uuid }, { loaders }) =>
		shown(await loaders.report.load(uuid), (row) => new DefenseReport(row)),
	Model: async ({ uuid }, context) => shown(await findModel(context, uuid), (row) => new Model(row)),
	// Whoever may not list tokens finds none.
	Token: async ({ uuid }, { loaders, viewer }) =>
		viewer.scopes.has("admin") ? shown(await loaders.token.load(uuid), (row) => new Token(row)) : null,
	Pair: async ({ uuid, rest }, { loaders }) => {
		const [dataset, row] = await Promise.all([
			loaders.dataset.load(uuid),
			loaders.pair.load({ datasetId: uuid, sample: rest }),
		]);
		return dataset && row && new Pair(row, dataset);
	},
	Worker: async () => null,
	DatasetImport: async ({ uuid }, { database }) =>
		shown((await findImports(database.db, [uuid]))[0] ?? null, (row) => new DatasetImport(row)),
};

const shown = <Row, Shown>(row: Row | null, show: (row: Row) => Shown): Shown | null =>
	row === null ? null : show(row);

async function find(id: string, context: Context): Found {
	const decoded = decodeId(id);
	return decoded && finders[decoded.type](decoded, context);
}

@Resolver()
export class NodeResolver {
	@Query(() => Node, { nullable: true, description: "What an id names; null when it is gone, or never was." })
	node(@Arg("id", () => ID, { description: "As this API gave it." }) id: string, @Ctx() context: Context): Found {
		return find(id, context);
	}

	@Query(() => [Node], { nullable: "items", description: "What several ids name, in their order: at most 100." })
	nodes(
		@Arg("ids", () => [ID], { description: "As this API gave them." }) ids: string[],
		@Ctx() context: Context,
	): Promise<(Node | null)[]> {
		if (ids.length > MOST_IDS)
			throw new ApiError("BAD_USER_INPUT", `${ids.length} ids are too many: give at most ${MOST_IDS}.`);
		return Promise.all(ids.map((id) => find(id, context)));
	}
}
