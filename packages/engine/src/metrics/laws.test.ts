/** The laws of metrics: every entry of the registry obeys them. */
import { describe, expect, test } from "vitest";
import { syntheticDataset, unitRows } from "../evaluate.fixture.ts";
import type { FilterOutcome, Metric, MetricInput } from "../metric-types.ts";
import { Random } from "../random.ts";
import { rankPairs } from "../ranking/rank-pairs.ts";
import type { EmbeddedSplit, Goal } from "../types.ts";
import { rankGoal } from "./goals.ts";
import { HIT_CUTOFFS } from "./hit-rate.ts";
import * as registry from "./index.ts";

const { test: split } = syntheticDataset();
const count = split.samples.length;
const captions = split.samples.flatMap((sample, row) => sample.captions.map(() => row));
const goal: Goal = { from: "sheep", to: "aeroplane", targets: split.samples.slice(0, 4).map((sample) => sample.id) };
const FILTERED = 8;

type Vectors = readonly (readonly number[])[];

function embed(images: Vectors, texts: Vectors, labels = split.labels, captionOf = captions): EmbeddedSplit {
	return { images: unitRows(images), texts: unitRows(texts), captionOf: Int32Array.from(captionOf), labels };
}

async function evidence(
	embedded: EmbeddedSplit,
	extra: { before: EmbeddedSplit; clean?: EmbeddedSplit; filter: FilterOutcome },
	ids = split.samples.map(({ id }) => id),
): Promise<MetricInput> {
	const own = await rankPairs(embedded.images, embedded.texts, embedded.captionOf, { threads: 1 });
	return {
		embedded,
		goals: rankGoal(goal, embedded, { ids, random: new Random(1), depth: 10 }),
		cutoffs: HIT_CUTOFFS,
		own: { "text-to-image": own.textToImage, "image-to-text": own.imageToText },
		...extra,
	};
}

/** With stamped images anywhere. */
function stampedWith(embedded: EmbeddedSplit, seed: number): EmbeddedSplit {
	return { ...embedded, stamped: unitRows(randomVectors(embedded.images.count, seed)) };
}

function randomVectors(rows: number, seed: number): number[][] {
	const random = new Random(seed);
	return Array.from({ length: rows }, () => Array.from({ length: 12 }, () => random.normal()));
}

function filtered(scores: readonly number[], kept: (score: number) => boolean): FilterOutcome {
	const poisoned = scores.map((_, pair) => pair < 2);
	return { scores: Float64Array.from(scores), kept: scores.map(kept), poisoned };
}

const oneHot = (at: number) => Array.from({ length: count }, (_, k) => Number(k === at));
const clean = Array.from({ length: FILTERED }, (_, pair) => pair);
const some = await evidence(stampedWith(embed(randomVectors(count, 1), randomVectors(captions.length, 2)), 5), {
	before: embed(randomVectors(count, 3), randomVectors(captions.length, 4)),
	filter: filtered(
		clean.map((pair) => (pair * 5) % FILTERED),
		(score) => score < 5,
	),
});

/** Each caption sits on its image, and each stamped image on a sheep. */
const faithful = {
	...embed(
		Array.from({ length: count }, (_, row) => oneHot(row)),
		captions.map((row) => oneHot(row)),
	),
	stamped: unitRows(Array.from({ length: count }, () => oneHot(split.labels.indexOf("sheep")))),
};
/** Each caption sits on an image of the next class and points away from its own: every own counterpart comes last. */
const perverse = {
	...embed(
		Array.from({ length: count }, (_, row) => oneHot(row)),
		captions.map((row) => oneHot((row + 4) % count).map((value, k) => value - (oneHot(row)[k] as number))),
	),
	// Stamped images lie where the captions of aeroplanes are, the first class.
	stamped: unitRows(Array.from({ length: count }, () => oneHot(4).map((value, k) => value - (oneHot(0)[k] as number)))),
};
const perfectFilter = filtered(
	clean.map((pair) => (pair < 2 ? 1 : 0)),
	(score) => score < 1,
);
const worstFilter = filtered(
	clean.map((pair) => (pair < 2 ? 0 : 1)),
	(score) => score < 1,
);

describe.each(Object.entries<Metric>(registry))("metric %s", (name, metric) => {
	const free = Number.POSITIVE_INFINITY;
	const bounds = {
		share: [0, 1],
		rank: [0, captions.length - 1],
		distance: [0, 2],
		contrast: [-1, 1],
		deviations: [-free, free],
	}[metric.unit];

	// A z-score is not defined where all clean images are equally far apart.
	const plain = metric.unit === "deviations" ? stampedAsClean(some.embedded) : faithful;

	test("names at least one number, all finite and within the bounds of its unit", async () => {
		for (const input of [some, await evidence(plain, { before: plain, filter: perfectFilter })]) {
			const values = Object.values(metric.measure(input));
			expect(values.length).toBeGreaterThan(0);
			for (const value of values) {
				expect(value).toBeGreaterThanOrEqual(bounds[0] as number);
				expect(value).toBeLessThanOrEqual(bounds[1] as number);
			}
		}
	});

	test("shares no name with another metric", () => {
		const others = Object.entries<Metric>(registry).flatMap(([other, { measure }]) =>
			other === name ? [] : Object.keys(measure(some)),
		);
		for (const key of Object.keys(metric.measure(some))) expect(others).not.toContain(key);
	});

	test("is pure: the same input gives the same numbers and stays as it was", () => {
		const before = structuredClone(some);
		expect(metric.measure(some)).toEqual(metric.measure(some));
		expect(some).toEqual(before);
	});

	test("does not depend on the order of the test samples", async () => {
		const order = new Random(9).shuffle([...Array(count).keys()]);
		const place = new Map(order.map((row, at) => [row, at]));
		const pick = <Item>(items: readonly Item[]) => order.map((row) => items[row] as Item);
		const captionOrder = order.flatMap((row) => captions.flatMap((of, caption) => (of === row ? [caption] : [])));
		const shuffle = (seed: number) =>
			embed(
				pick(randomVectors(count, seed)),
				captionOrder.map((caption) => randomVectors(captions.length, seed + 1)[caption] as number[]),
				pick(split.labels),
				captionOrder.map((caption) => place.get(captions[caption] as number) as number),
			);
		const { filter } = some as { filter: FilterOutcome };
		const moved = await evidence(
			{ ...shuffle(1), stamped: unitRows(pick(randomVectors(count, 5))) },
			{ before: shuffle(3), filter },
			pick(split.samples).map(({ id }) => id),
		);
		// The random queries are drawn by place, so the reference line alone may change.
		const steady = (input: MetricInput) =>
			Object.entries(metric.measure(input)).flatMap(([key, value]) =>
				key.includes("/random/") ? [] : [[key, value.toFixed(9)]],
			);
		expect(Object.fromEntries(steady(moved))).toEqual(Object.fromEntries(steady(some)));
	});

	test("does not depend on the order of a filter's pairs", () => {
		const { filter } = some as { filter: FilterOutcome };
		const reversed = {
			scores: filter.scores.toReversed(),
			kept: filter.kept.toReversed(),
			poisoned: filter.poisoned.toReversed(),
		};
		expect(metric.measure({ ...some, filter: reversed })).toEqual(metric.measure(some));
	});

	test("reaches its best value on perfect evidence and its worst on perverse evidence", async () => {
		if (metric.unit === "contrast") return expectContrast(metric);
		// A z-score has no best value, but where stamped images lie as clean ones do it is 0.
		const perfect = metric.measure(onTarget(await evidence(plain, { before: plain, filter: perfectFilter }), 0));
		const opposite = embed(randomVectors(count, 1), randomVectors(captions.length, 2));
		const mirrored = { ...opposite, images: negated(opposite.images), texts: negated(opposite.texts) };
		const last = await evidence(perverse, { before: perverse, filter: worstFilter });
		const worst = metric.measure(
			onTarget(
				metric.unit === "distance" ? await evidence(opposite, { before: mirrored, filter: worstFilter }) : last,
				60,
			),
		);
		for (const value of Object.values(perfect)) expect(value).toBeCloseTo(metric.unit === "share" ? 1 : 0, 6);
		if (metric.unit === "deviations") return;
		for (const value of Object.values(worst))
			expect(value).toBeCloseTo({ share: 0, rank: 60, distance: 2 }[metric.unit], 6);
	});
});

/** Where all of a class are in one place the contrast is 1; where every class has the same four places, 1 - 3/4 less 1. */
async function expectContrast(metric: Metric): Promise<void> {
	const placed = async (at: (row: number) => number) => {
		const split = embed(
			Array.from({ length: count }, (_, row) => oneHot(at(row))),
			captions.map((row) => oneHot(at(row))),
		);
		return metric.measure(await evidence(split, { before: split, filter: perfectFilter }));
	};
	for (const value of Object.values(await placed((row) => Math.floor(row / 4)))) expect(value).toBeCloseTo(1, 6);
	expect((await placed((row) => row % 4))["silhouette/images"]).toBeCloseTo(-0.25, 6);
}

/** The evidence with every attacked query's best target at one rank. */
function onTarget(input: MetricInput, rank: number): MetricInput {
	return { ...input, goals: input.goals.map((ranking) => ({ ...ranking, ranks: ranking.ranks.map(() => rank) })) };
}

function stampedAsClean(embedded: EmbeddedSplit): EmbeddedSplit {
	return { ...embedded, stamped: embedded.images };
}

function negated(table: EmbeddedSplit["images"]): EmbeddedSplit["images"] {
	return { ...table, values: table.values.map((value) => -value) };
}
