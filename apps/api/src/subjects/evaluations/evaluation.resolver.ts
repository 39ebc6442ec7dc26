/** What belongs to an evaluation: its run, its model, and what every query retrieved. */
import { listQueries, type Pair as PairRow, queryRanks, type Run as RunRow } from "@mithridate/db";
import { Arg, Args, Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { type Connection, ForwardArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { shippedModels } from "../models/shipped.ts";
import { encodeId } from "../node/ids.ts";
import { Run } from "../runs/run.type.ts";
import { runOf } from "../runs/run-page.ts";
import { Evaluation, GoalEvaluation, QueryConnection, type QueryResult, QuerySet } from "./evaluation.type.ts";
import { captionOf, sampleOf, showItem } from "./ranked-item.ts";

@Resolver(() => Evaluation)
export class EvaluationResolver {
	@FieldResolver(() => Run, { description: "The run it belongs to." })
	run(@Root() { row }: Evaluation, @Ctx() context: Context): Promise<Run> {
		return runOf(context, row.runId);
	}

	@FieldResolver(() => ID, { nullable: true, description: "The model, for retrieval; null while it was not kept." })
	async modelId(@Root() { row }: Evaluation, @Ctx() { loaders }: Context): Promise<string | null> {
		if (row.step !== null) return null;
		if (row.model === "base") return encodeId("Model", shippedModels().base.id);
		const model = row.stageKey && (await loaders.models.load(row.stageKey)).at(-1);
		return model ? encodeId("Model", model.id) : null;
	}
}

const setArgument = { defaultValue: QuerySet.ATTACK, description: "Which queries." } as const;

@Resolver(() => GoalEvaluation)
export class GoalEvaluationResolver {
	@FieldResolver(() => QueryConnection, { description: "Its queries, each with what it retrieved." })
	async queries(
		@Root() goal: GoalEvaluation,
		@Ctx() context: Context,
		@Arg("set", () => QuerySet, setArgument) querySet: QuerySet,
		@Args(() => ForwardArgs) page: ForwardArgs,
	): Promise<Connection<QueryResult>> {
		const order = "queries";
		const found = await listQueries(context.database.db, { of: refOf(goal, querySet), page: pageRequest(order, page) });
		const run = await context.loaders.run.load(goal.evaluation.runId);
		const rows = await Promise.all(
			found.rows.map(async (row) => ({ position: row.position, query: await showQuery(context, { goal, run, row }) })),
		);
		return connection({
			order,
			page: { ...found, rows },
			key: ({ position }) => ({ value: position }),
			node: ({ query }) => query,
		});
	}

	@FieldResolver(() => [Int], { description: "The rank of every query, in their order; -1 for one without targets." })
	ranks(
		@Root() goal: GoalEvaluation,
		@Ctx() { database }: Context,
		@Arg("set", () => QuerySet, setArgument) querySet: QuerySet,
	): Promise<number[]> {
		return queryRanks(database.db, refOf(goal, querySet));
	}
}

const refOf = ({ evaluation, index, row }: GoalEvaluation, querySet: QuerySet) => ({
	evaluationId: evaluation.id,
	goal: index,
	direction: row.direction,
	querySet,
});

interface QueryRow {
	readonly query: string;
	readonly rank: number;
	readonly top: readonly string[];
}

async function showQuery(
	{ loaders }: Context,
	{ goal, run, row }: { goal: GoalEvaluation; run: RunRow | null; row: QueryRow },
): Promise<QueryResult> {
	const datasetId = run?.datasetId ?? null;
	const find = async (name: string): Promise<PairRow | null> =>
		datasetId === null ? null : loaders.pair.load({ datasetId, sample: sampleOf(name) });
	const [dataset, asked, items] = await Promise.all([
		datasetId === null ? null : loaders.dataset.load(datasetId),
		find(row.query),
		Promise.all(row.top.map(find)),
	]);
	const wanted = run?.goals.find(({ from, to }) => from === goal.from && to === goal.to);
	const targets = new Set(wanted?.targets);
	// Text to image: the target images. Image to text: captions of class A.
	const isTarget = (sample: string, pair: PairRow | null) =>
		goal.row.direction === "text-to-image" ? targets.has(sample) : pair?.class === goal.from;
	return {
		query: row.query,
		text: captionOf(row.query, asked),
		rank: row.rank,
		top: row.top.map((name, rank) =>
			showItem({ rank, name, pair: items[rank] ?? null, dataset, isTarget, trueClass: asked?.class ?? null }),
		),
	};
}
