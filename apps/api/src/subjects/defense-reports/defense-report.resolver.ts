/** What belongs to a defense's report: its run, and the pairs it scored. */
import { type DefenseScore, listScores, type PageOf, poisonedPairsOfSamples, scoresNear } from "@mithridate/db";
import { Arg, Args, Ctx, FieldResolver, Float, Resolver, Root } from "type-graphql";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { type Connection, ForwardArgs } from "../connections/connection.type.ts";
import type { Key } from "../connections/cursor.ts";
import { connection, pageRequest } from "../connections/page.ts";
import { imageOf } from "../datasets/dataset.type.ts";
import { patchOf } from "../experiment-config.ts";
import { Run } from "../runs/run.type.ts";
import { runOf } from "../runs/run-page.ts";
import { DefenseReport, type ScoredPair, ScoredPairConnection } from "./defense-report.type.ts";

/** How far from the threshold one may page; what lies further away is found by position. */
const MOST_NEAR = 1000;

@Resolver(() => DefenseReport)
export class DefenseReportResolver {
	@FieldResolver(() => Run, { description: "The run it belongs to." })
	run(@Root() { row }: DefenseReport, @Ctx() context: Context): Promise<Run> {
		return runOf(context, row.runId);
	}

	@FieldResolver(() => ScoredPairConnection, { description: "The pairs it scored, in the order of the data." })
	async pairs(
		@Root() report: DefenseReport,
		@Ctx() context: Context,
		@Arg("near", () => Float, {
			nullable: true,
			description: "Those scored nearest to this instead, nearest first: 1,000 at most.",
		})
		near: number | null,
		@Args(() => ForwardArgs) page: ForwardArgs,
	): Promise<Connection<ScoredPair>> {
		const order = near === null || near === undefined ? "scores" : `scores near ${near}`;
		const request = pageRequest(order, page) as { first: number; after?: Key };
		const { db } = context.database;
		const reportId = report.row.id;
		const found =
			near === null || near === undefined
				? numbered(await listScores(db, { reportId, page: request }), ({ position }) => position)
				: await nearest(context, { reportId, near, first: request.first, skip: Number(request.after?.value ?? 0) });
		const shown = await showPairs(
			context,
			report,
			found.rows.map(({ row }) => row),
		);
		return connection({
			order,
			page: { ...found, rows: found.rows.map(({ key }, at) => ({ key, pair: shown[at] as ScoredPair })) },
			key: ({ key }) => ({ value: key }),
			node: ({ pair }) => pair,
		});
	}
}

interface Numbered {
	readonly key: number;
	readonly row: DefenseScore;
}

const numbered = (page: PageOf<DefenseScore>, keyOf: (row: DefenseScore) => number): PageOf<Numbered> => ({
	...page,
	rows: page.rows.map((row) => ({ key: keyOf(row), row })),
});

/** A report never changes, so a place among the nearest is a good cursor. */
async function nearest(
	{ database }: Context,
	{ reportId, near, first, skip }: { reportId: string; near: number; first: number; skip: number },
): Promise<PageOf<Numbered>> {
	if (skip + first > MOST_NEAR)
		throw new ApiError("BAD_USER_INPUT", `Only the ${MOST_NEAR} nearest pairs are listed: leave \`near\` out for all.`);
	const rows = (await scoresNear(database.db, { reportId, near, limit: skip + first + 1 })).slice(skip);
	return {
		rows: rows.slice(0, first).map((row, at) => ({ key: skip + at + 1, row })),
		hasNextPage: rows.length > first,
		hasPreviousPage: skip > 0,
	};
}

/** Scores with captions and pictures as they were trained on: the attack's where it touched the pair, else the data set's. */
async function showPairs(
	{ database, loaders }: Context,
	{ row }: DefenseReport,
	scores: readonly DefenseScore[],
): Promise<ScoredPair[]> {
	const run = await loaders.run.load(row.runId);
	const datasetId = run?.datasetId ?? null;
	const dataset = datasetId === null ? null : await loaders.dataset.load(datasetId);
	if (datasetId === null || dataset === null || scores.length === 0) return [];
	const samples = scores.map(({ sample }) => sample);
	const edits = await poisonedPairsOfSamples(database.db, { runId: row.runId, samples });
	const edited = new Map(edits.map((edit) => [edit.sample, edit]));
	const patch = run === null ? null : patchOf(run.config);
	return Promise.all(
		scores.map(async ({ sample, score, poisoned }) => {
			const edit = edited.get(sample);
			const pair = await loaders.pair.load({ datasetId, sample });
			const imageRow = edit?.afterRow ?? pair?.imageRow;
			if (imageRow === undefined) throw new TypeError(`Report ${row.id} scores "${sample}", which has no image`);
			const sha256 = (await loaders.imageHash.load({ datasetId, row: imageRow })) ?? pair?.imageSha256;
			if (sha256 === undefined)
				throw new TypeError(`Image row ${imageRow} of data set ${datasetId} is shown by no pair`);
			return {
				sample,
				score,
				isPoisoned: poisoned,
				isKept: score <= row.threshold,
				captions: edit?.captions ?? pair?.captions ?? [],
				image: imageOf(dataset, { row: imageRow, sha256, patch: edit ? patch : null }),
			};
		}),
	);
}
