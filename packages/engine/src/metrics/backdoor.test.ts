/** Success rate and z-score of a backdoor, against definitions carried out item by item. */
import { describe, expect, test } from "vitest";
import { randomEmbeddings, syntheticDataset, unitRows } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import type { EmbeddedSplit, Embeddings, Goal } from "../types.ts";
import { attackSuccessRate } from "./attack-success.ts";
import { zScore } from "./backdoor-z-score.ts";
import { rankGoal } from "./goals.ts";

const { test: split } = syntheticDataset();
const count = split.samples.length;
const captionOf = Int32Array.from(split.samples.flatMap(({ captions }, row) => captions.map(() => row)));
const embedded: EmbeddedSplit = {
	images: randomEmbeddings(count, 6, "images"),
	texts: randomEmbeddings(captionOf.length, 6, "texts"),
	captionOf,
	labels: split.labels,
};
const stamped = randomEmbeddings(count, 6, "stamped");
const vector = ({ width, values }: Embeddings, row: number) => [...values.subarray(row * width, (row + 1) * width)];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

test("success leaves out images of the class itself, of the hits and of the whole", () => {
	const firstClass = (row: number) => {
		const scores = Array.from({ length: captionOf.length }, (_, caption) =>
			dot(vector(stamped, row), vector(embedded.texts, caption)),
		);
		return split.labels[captionOf[scores.indexOf(Math.max(...scores))]!];
	};
	for (const label of ["sheep", "bird", "sofa"]) {
		const others = [...split.labels.keys()].filter((row) => split.labels[row] !== label);
		expect(others).toHaveLength(count - 4);
		const hits = others.filter((row) => firstClass(row) === label).length;
		expect(attackSuccessRate(embedded, stamped, label)).toBeCloseTo(hits / others.length, 12);
	}
	expect(attackSuccessRate({ ...embedded, labels: split.labels.map(() => "sheep") }, stamped, "sheep")).toBeNull();
});

describe("z-score", () => {
	/** All cosines of two different rows. */
	const cosines = (table: Embeddings) =>
		Array.from({ length: table.count }, (_, a) =>
			Array.from({ length: table.count }, (_, b) => (a === b ? [] : [dot(vector(table, a), vector(table, b))])),
		).flat(2);
	const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

	test("is the difference of mean pairwise cosines over the clean ones' deviation", () => {
		const near = unitRows(
			Array.from({ length: count }, (_, row) => vector(stamped, row).map((value, k) => value + (k === 0 ? 3 : 0))),
		);
		const clean = cosines(embedded.images);
		const deviation = Math.sqrt(meanOf(clean.map((value) => (value - meanOf(clean)) ** 2)));
		for (const table of [stamped, near]) {
			const expected = (meanOf(cosines(table)) - meanOf(clean)) / deviation;
			expect(zScore(table, embedded.images)).toBeCloseTo(expected, 6);
		}
		expect(zScore(near, embedded.images)).toBeGreaterThan(1);
	});

	test("is not defined where all clean images coincide", () => {
		const same = unitRows(Array.from({ length: 5 }, () => [1, 0]));
		expect(zScore(same, same)).toBeNull();
	});
});

test("a goal's targets stand stamped in the gallery, and nothing else does", () => {
	const ids = split.samples.map(({ id }) => id);
	const goal: Goal = { from: "sheep", to: "aeroplane", targets: ids.slice(0, 4) };
	const random = () => new Random(1);
	const values = embedded.images.values.slice();
	values.set(stamped.values.subarray(0, 4 * 6));
	const byHand = rankGoal(
		goal,
		{ ...embedded, images: { ...embedded.images, values } },
		{ ids, random: random(), depth: 10 },
	);
	expect(rankGoal(goal, { ...embedded, stamped }, { ids, random: random(), depth: 10 })).toEqual(byHand);
	expect(rankGoal(goal, embedded, { ids, random: random(), depth: 10 })).not.toEqual(byHand);
});
