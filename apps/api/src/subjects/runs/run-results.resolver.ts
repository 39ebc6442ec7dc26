/** What a run found: its result table, poisoned pairs, curves, evaluations and reports. */
import { countPoisonedPairs, listPoisonedPairs } from "@mithridate/db";
import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { type Connection, PageArgs } from "../connections/connection.type.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { conditions, PairFilter } from "../datasets/pair-filter.ts";
import { DefenseReport } from "../defense-reports/defense-report.type.ts";
import { Evaluation } from "../evaluations/evaluation.type.ts";
import { DownsampleMethod, MetricKey, MetricSeries, StepRange } from "../metrics/metric.type.ts";
import { metricKey, metricSeries } from "../metrics/series.ts";
import { Stage } from "../models/stage.type.ts";
import { type PoisonedPair, PoisonedPairConnection, poisonedPairImages } from "./poisoned-pair.type.ts";
import { Run } from "./run.type.ts";
import { Outcome } from "./run-parts.type.ts";

@Resolver(() => Run)
export class RunResultsResolver {
	@FieldResolver(() => [Outcome], { description: "The result table: one row per model, in the order they were made." })
	outcomes(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<readonly Outcome[]> {
		return loaders.outcomes.load(row.id);
	}

	@FieldResolver(() => PoisonedPairConnection, {
		description: "The training pairs that the attack touched, in its order.",
	})
	async poisonedPairs(
		@Root() { row }: Run,
		@Ctx() context: Context,
		@Arg("filter", () => PairFilter, { nullable: true, description: "Which of them." }) filter: PairFilter | null,
		@Args(() => PageArgs) page: PageArgs,
	): Promise<Connection<PoisonedPair>> {
		const order = "poisonedPairs";
		const { db } = context.database;
		const wanted = { runId: row.id, ...conditions(filter) };
		const found = await listPoisonedPairs(db, { ...wanted, page: pageRequest(order, page) });
		const rows = await poisonedPairImages(context, row, found.rows);
		return connection({
			order,
			page: { ...found, rows },
			key: ({ position }) => ({ value: position }),
			node: ({ pair }) => pair,
			count: () => countPoisonedPairs(db, wanted),
		});
	}

	@FieldResolver(() => [MetricKey], { description: "Its curves, in short." })
	async metricKeys(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<MetricKey[]> {
		return (await loaders.metricKeys.load(row.id)).map(metricKey);
	}

	@FieldResolver(() => [MetricSeries], {
		description: "Curves in columns, in the order asked for; one without points is empty.",
	})
	metrics(
		@Root() { row }: Run,
		@Ctx() context: Context,
		@Arg("keys", () => [String], {
			nullable: true,
			description: "Whole names, at most 100; the first 100 that there are where it is left out.",
		})
		keys: string[] | null,
		@Arg("range", () => StepRange, { nullable: true, description: "Which steps; all where it is left out." })
		range: StepRange | null,
		@Arg("maxBuckets", () => Int, { defaultValue: 1000, description: "Most buckets of each curve, 1 to 10,000." })
		maxBuckets: number,
		@Arg("method", () => DownsampleMethod, { defaultValue: "MIN_MAX_LAST", description: "How points are gathered." })
		method: DownsampleMethod,
	): Promise<MetricSeries[]> {
		return metricSeries(context, row.id, { keys, range, maxBuckets, method });
	}

	@FieldResolver(() => [Evaluation], { description: "Every measurement of a model, within training and after it." })
	async evaluations(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<Evaluation[]> {
		return (await loaders.evaluations.load(row.id)).map((one) => new Evaluation(one));
	}

	@FieldResolver(() => [DefenseReport], { description: "How its filters told poisoned from clean pairs." })
	async defenseReports(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<DefenseReport[]> {
		return (await loaders.reports.load(row.id)).map((one) => new DefenseReport(one));
	}

	@FieldResolver(() => [Stage], { description: "The pieces of its work; equal pieces are shared by all runs." })
	async stages(@Root() { row }: Run, @Ctx() { loaders }: Context): Promise<Stage[]> {
		return (await loaders.stages.load(row.id)).map(
			({ name, reused, stage }) => new Stage({ name, reused, key: stage.key, seconds: stage.seconds }),
		);
	}
}
