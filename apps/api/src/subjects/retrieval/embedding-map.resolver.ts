/** Places a run's test split and poisoned pairs in a plane, under several models. */
import { listPoisonedPairs, type Pair as PairRow, type Run as RunRow } from "@mithridate/db";
import { Arg, Ctx, Query, Resolver } from "type-graphql";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import type { MapRequest } from "../../gallery/protocol.ts";
import { imageOf } from "../datasets/dataset.type.ts";
import { patchOf } from "../experiment-config.ts";
import { findModel } from "../models/model.resolver.ts";
import { Model } from "../models/model.type.ts";
import { uuidOf } from "../node/ids.ts";
import { poisonedPairImages } from "../runs/poisoned-pair.type.ts";
import { ask, modelFolder, testSplit } from "./ask-gallery.ts";
import { type EmbeddedModel, type EmbeddedPoint, EmbeddingMap, EmbeddingMapInput } from "./embedding-map.type.ts";

const MOST_MODELS = 8;
/** Test pairs that are placed: more would hide each other. */
const MOST_TEST = 240;
const MOST_POISONED = 60;

/** A pair to place: its picture's row and its first caption. */
interface Placed {
	readonly row: number;
	readonly caption: string;
	readonly sample: string;
	readonly class: string | null;
	readonly image: EmbeddedPoint["image"];
	readonly isPoisoned: boolean;
}

@Resolver()
export class EmbeddingMapResolver {
	@Query(() => EmbeddingMap, {
		description: "Where a run's pairs lie under models, in one plane that is fitted once; computed model by model.",
	})
	async embeddingMap(
		@Ctx() context: Context,
		@Arg("input", () => EmbeddingMapInput, { description: "What to place, and under which models." })
		{ runId, modelIds, axes }: EmbeddingMapInput,
	): Promise<EmbeddingMap> {
		if (modelIds.length < 1 || modelIds.length > MOST_MODELS)
			throw new ApiError("BAD_USER_INPUT", `${modelIds.length} models cannot be placed: give 1 to ${MOST_MODELS}.`);
		const run = await context.loaders.run.load(uuidOf("Run", runId));
		if (run === null) throw new ApiError("NOT_FOUND", `There is no run with the id "${runId}".`);
		const dataset = run.datasetId === null ? null : await context.loaders.dataset.load(run.datasetId);
		if (dataset === null)
			throw new ApiError("BAD_USER_INPUT", `Run ${run.number} has no data set yet: wait until it has begun.`);
		const split = await testSplit(context, dataset);
		const poisoned = await poisonedOf(context, run);
		const test = thinned(split.pairs, new Set(run.goals.flatMap(({ from, to }) => [from, to]))).map((pair) => ({
			row: pair.imageRow,
			caption: pair.captions[0] ?? "",
			sample: pair.sample,
			class: pair.class,
			image: imageOf(dataset, { row: pair.imageRow, sha256: pair.imageSha256 }),
			isPoisoned: false,
		}));
		const placed: readonly Placed[] = [...test, ...poisoned.pairs];
		const [goal] = run.goals;
		const patch = patchOf(run.config);
		const question = {
			kind: "map",
			images: {
				...split.images,
				...(patch && { patch }),
				// Stamped images stand behind all others.
				rows: placed.map(({ row, isPoisoned }) => (isPoisoned && patch ? split.images.count + row : row)),
				classes: placed.map((pair) => (pair.isPoisoned ? null : pair.class)),
			},
			texts: placed.map(({ caption }) => caption),
			fitted: test.length,
			goal: axes === "GOAL" && goal ? { from: goal.from, to: goal.to } : null,
		} as const;
		return {
			...(await place(context, modelIds, question)),
			points: pointsOf(placed),
			testPairs: split.pairs.length,
			hasMorePoisonedPairs: poisoned.hasMore,
		};
	}
}

/** One model after the other; the first one's plane is kept for those that follow. */
async function place(
	context: Context,
	modelIds: readonly string[],
	question: Omit<MapRequest, "folder" | "modelHash" | "plane">,
): Promise<Pick<EmbeddingMap, "models" | "explained">> {
	const models: EmbeddedModel[] = [];
	let plane: MapRequest["plane"] = null;
	for (const id of modelIds) {
		const row = await findModel(context, uuidOf("Model", id));
		if (row === null) throw new ApiError("NOT_FOUND", `There is no model with the id "${id}".`);
		const model = new Model(row);
		const folder = await modelFolder(context, row);
		const answer: Awaited<ReturnType<typeof ask<MapRequest>>> = await ask(context, {
			...question,
			folder,
			modelHash: model.sha256,
			plane,
		});
		plane = answer.plane;
		models.push({ model, xs: answer.xs, ys: answer.ys });
	}
	return { models, explained: plane?.explained ?? [] };
}

/** All pairs of the classes at stake, and of the others every so-manieth. */
function thinned(pairs: readonly PairRow[], classes: ReadonlySet<string>): readonly PairRow[] {
	const [staked, others] = [true, false].map((wanted) =>
		pairs.filter((pair) => (pair.class !== null && classes.has(pair.class)) === wanted),
	) as [PairRow[], PairRow[]];
	const kept = staked.slice(0, MOST_TEST);
	const every = Math.ceil(others.length / Math.max(1, MOST_TEST - kept.length));
	return [...kept, ...others.filter((_, at) => at % every === 0)].slice(0, MOST_TEST);
}

/** The first poisoned pairs that have a picture. */
async function poisonedOf(context: Context, run: RunRow): Promise<{ hasMore: boolean; pairs: readonly Placed[] }> {
	const found = await listPoisonedPairs(context.database.db, { runId: run.id, page: { first: MOST_POISONED } });
	const shown = await poisonedPairImages(context, run, found.rows);
	const pairs = found.rows.flatMap(({ sample, class: name, captions, afterRow }, at) =>
		afterRow === null
			? []
			: [
					{
						row: afterRow,
						caption: captions[0] ?? "",
						sample,
						class: name,
						image: shown[at]?.pair.after ?? null,
						isPoisoned: true,
					},
				],
	);
	return { hasMore: found.hasNextPage, pairs };
}

/** Images first, then captions, as the gallery places them. */
function pointsOf(placed: readonly Placed[]): EmbeddedPoint[] {
	const half = placed.length;
	return (["IMAGE", "CAPTION"] as const).flatMap((kind, part) =>
		placed.map((pair, at) => ({
			kind,
			sample: pair.sample,
			class: pair.class,
			caption: pair.caption,
			image: kind === "IMAGE" ? pair.image : null,
			isPoisoned: pair.isPoisoned,
			partner: part === 0 ? half + at : at,
		})),
	);
}
