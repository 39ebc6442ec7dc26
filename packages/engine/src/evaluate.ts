/** Evaluation: a model and the test split give ranks, hits and utility, in both directions, with every query's rank kept. */
import { MithridateError } from "./errors.ts";
import type { Direction, FilterOutcome, GoalRanking, MetricInput } from "./metric-types.ts";
import { topClassShare } from "./metrics/class-purity.ts";
import { rankGoal } from "./metrics/goals.ts";
import { HIT_CUTOFFS, hitRates } from "./metrics/hit-rate.ts";
import * as metrics from "./metrics/index.ts";
import { type RankSummary, summarizeRanks } from "./metrics/min-rank.ts";
import { recalls } from "./metrics/retrieval.ts";
import type { Random } from "./random.ts";
import { rankPairs } from "./ranking/rank-pairs.ts";
import type { Dataset, EmbeddedSamples, EmbeddedSplit, Encoder, Goal, ProgressEvent, Split } from "./types.ts";

/** Items of the gallery that are kept for every query. */
const TOP = 10;

/** One query: a caption (`sample#number`, from 0) or an image (`sample`), and what it retrieved. */
export interface QueryResult {
	readonly query: string;
	/** Zero-based rank of the best target. */
	readonly rank: number;
	/** The first ten items, best first, named like queries. */
	readonly top: readonly string[];
}

/** A set of queries against one gallery. */
export interface QuerySetResult {
	/** Share of hits, keyed `hit@1` and so on. */
	readonly hits: Readonly<Record<string, number>>;
	readonly minRank: RankSummary;
	readonly queries: readonly QueryResult[];
}

/** The attacked queries, and the reference line: equally many of any class against the same targets. */
export interface DirectionResult {
	readonly attack: QuerySetResult;
	readonly random: QuerySetResult;
	readonly gallery: number;
	readonly targets: number;
}

export interface GoalResult {
	readonly from: string;
	readonly to: string;
	readonly directions: Readonly<Record<Direction, DirectionResult>>;
}

/** Utility in one direction: recalls keyed `r@1`, `r@5`, `r@10`, and the share of first items of the query's class. */
export interface UtilityResult {
	readonly recalls: Readonly<Record<string, number>>;
	readonly topClass: number | null;
}

export interface EvaluationResult {
	readonly goals: readonly GoalResult[];
	readonly utility: Readonly<Record<Direction, UtilityResult>>;
	/** Every number of every registered metric, averaged over goals. */
	readonly numbers: Readonly<Record<string, number>>;
}

export interface EvaluationInput {
	readonly encoder: Encoder;
	readonly dataset: Dataset;
	readonly goals: readonly Goal[];
	/** Draws the random queries; the same stream gives every model the same ones. */
	readonly random: Random;
	/** Random captions per goal; as many as class A has where it is left out. */
	readonly baselineCaptions?: number;
	/** K of Hit@K; the paper's six where it is left out. */
	readonly cutoffs?: readonly number[];
	/** The test split under `encoder`, where it is known already. */
	readonly embedded?: EmbeddedSplit | undefined;
	/** The same split under the model to compare with. */
	readonly before?: EmbeddedSplit | undefined;
	/** The same split under the clean fine-tuned model. */
	readonly clean?: EmbeddedSplit | undefined;
	readonly filter?: FilterOutcome;
	/** Threads that rank large test splits; one where it is left out. */
	readonly threads?: number;
	/** Whether the attack stamps a patch: the encoder's images are then `stampedImages` of the data set's. */
	readonly isStamped?: boolean;
}

/** Embeds the test split once and measures everything on it. */
export async function* evaluate(input: EvaluationInput): AsyncGenerator<ProgressEvent, EvaluationResult> {
	const { encoder, dataset, isStamped = false } = input;
	const embedded = input.embedded ?? (yield* embedSplit(encoder, dataset.test));
	if (!isStamped) return measure(embedded, input);
	// The store's second half shows every image stamped.
	const rows = dataset.test.samples.map(({ image }) => dataset.images.count + image);
	return measure({ ...embedded, stamped: yield* encoder.embedImages(rows) }, input);
}

/** Images and captions of a split under a model. */
export async function* embedSplit(encoder: Encoder, split: Split): AsyncGenerator<ProgressEvent, EmbeddedSplit> {
	const images = yield* encoder.embedImages(split.samples.map((sample) => sample.image));
	const texts = yield* encoder.embedTexts(split.samples.flatMap((sample) => sample.captions));
	const captionOf = Int32Array.from(split.samples.flatMap((sample, row) => sample.captions.map(() => row)));
	return { images, texts, captionOf, labels: split.labels };
}

/** The labelled samples of a split under a model: filler, which may be a hundred times as much, is left out. */
export async function* embedLabelled(encoder: Encoder, split: Split): AsyncGenerator<ProgressEvent, EmbeddedSamples> {
	const rows = Int32Array.from(split.labels.flatMap((label, row) => (label === null ? [] : [row])));
	const pick = <Item>(items: readonly Item[]) => Array.from(rows, (row) => items[row] as Item);
	const labelled = { name: split.name, samples: pick(split.samples), labels: pick(split.labels) };
	return { ...(yield* embedSplit(encoder, labelled)), rows };
}

/** All results of an embedded test split. */
async function measure(embedded: EmbeddedSplit, input: Omit<EvaluationInput, "encoder">): Promise<EvaluationResult> {
	const { images, texts, captionOf } = embedded;
	const paired = await rankPairs(images, texts, captionOf, { threads: input.threads ?? 1 });
	const { samples } = input.dataset.test;
	const names = {
		images: samples.map((sample) => sample.id),
		texts: samples.flatMap((sample) => sample.captions.map((_, number) => `${sample.id}#${number}`)),
	};
	const { random, baselineCaptions, cutoffs = HIT_CUTOFFS } = input;
	const goals = input.goals.map((goal) =>
		rankGoal(goal, embedded, { ids: names.images, random, baselineCaptions, depth: TOP }),
	);
	const evidence: MetricInput = {
		embedded,
		goals: goals.flat(),
		cutoffs,
		own: { "text-to-image": paired.textToImage, "image-to-text": paired.imageToText },
		...(input.before === undefined ? {} : { before: input.before }),
		...(input.clean === undefined ? {} : { clean: input.clean }),
		...(input.filter === undefined ? {} : { filter: input.filter }),
	};
	const utility = (direction: Direction): UtilityResult => ({
		recalls: recalls(evidence.own[direction].ranks),
		topClass: topClassShare(evidence, direction),
	});
	return {
		goals: goals.map((rankings) => goalResult(rankings, names, cutoffs)),
		utility: { "text-to-image": utility("text-to-image"), "image-to-text": utility("image-to-text") },
		numbers: Object.assign({}, ...Object.values(metrics).map((metric) => metric.measure(evidence))),
	};
}

/** Throws when a K exceeds the test images: every query would hit, whatever the model. */
export function checkCutoffs(cutoffs: readonly number[], { test }: Dataset): void {
	const limit = test.samples.length;
	const bad = cutoffs.find((cutoff) => !Number.isInteger(cutoff) || cutoff < 1 || cutoff > limit);
	if (bad === undefined) return;
	throw new MithridateError(
		"invalid-config",
		`Hit@${bad} cannot be measured on ${limit} test images. Give whole numbers from 1 to ${limit}.`,
		{ subject: "evaluation.cutoffs" },
	);
}

/** What queries and items are called in results. */
interface Names {
	readonly images: readonly string[];
	readonly texts: readonly string[];
}

function goalResult(rankings: readonly GoalRanking[], names: Names, cutoffs: readonly number[]): GoalResult {
	const { from, to, targets } = (rankings[0] as GoalRanking).goal;
	const find = (direction: Direction, queries: GoalRanking["queries"]) =>
		rankings.find((ranking) => ranking.direction === direction && ranking.queries === queries) as GoalRanking;
	const result = (direction: Direction): DirectionResult => {
		const attack = find(direction, "attack");
		return {
			attack: querySetResult(attack, names, cutoffs),
			random: querySetResult(find(direction, "random"), names, cutoffs),
			gallery: attack.gallery,
			targets: direction === "text-to-image" ? targets.length : find("text-to-image", "attack").rows.length,
		};
	};
	return {
		from,
		to,
		directions: { "text-to-image": result("text-to-image"), "image-to-text": result("image-to-text") },
	};
}

function querySetResult(ranking: GoalRanking, names: Names, cutoffs: readonly number[]): QuerySetResult {
	const { direction, rows, ranks, nearest, depth } = ranking;
	const [queries, items] = direction === "text-to-image" ? [names.texts, names.images] : [names.images, names.texts];
	return {
		hits: hitRates(ranks, cutoffs),
		minRank: summarizeRanks(ranks),
		queries: Array.from(rows, (row, at) => ({
			query: queries[row] as string,
			rank: ranks[at] as number,
			top: Array.from(nearest.subarray(at * depth, (at + 1) * depth), (item) => items[item] as string),
		})),
	};
}
