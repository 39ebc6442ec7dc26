/** Ranking against a plain sort, on tables full of ties and larger than a tile. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomEmbeddings, unitRows } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import { dot, forEachTile } from "../similarity/tiles.ts";
import type { Embeddings } from "../types.ts";
import { rankTargets } from "./rank.ts";
import { rankPairs } from "./rank-pairs.ts";

/** Gallery rows by descending similarity, lower index first: the definition, by sorting. */
function order(query: number, queries: Embeddings, gallery: Embeddings): number[] {
	const rows = Array.from({ length: gallery.count }, (_, row) => row);
	return rows.sort((a, b) => dot(queries, query, gallery, b) - dot(queries, query, gallery, a) || a - b);
}

/** Rows with entries 0 and +-1, so that most similarities tie. */
function lattice(count: number, width: number, seed: number): Embeddings {
	const random = new Random(seed);
	const values = Float32Array.from({ length: count * width }, () => random.integer(3) - 1);
	return { count, width, values };
}

describe("ranking", () => {
	test("counts the items ahead: zero-based, and of equals the lower index is ahead", () => {
		const gallery = unitRows([
			[1, 0],
			[0, 1],
			[1, 0],
			[1, 0],
		]);
		const query = unitRows([[1, 0]]);
		const rank = (targets: number[]) => rankTargets(query, gallery, { targets, depth: 4 }).ranks[0];
		expect([rank([0]), rank([2]), rank([3]), rank([1])]).toEqual([0, 1, 2, 3]);
		expect(rank([1, 3])).toBe(2);
		expect(Array.from(rankTargets(query, gallery, { targets: [0], depth: 4 }).nearest)).toEqual([0, 2, 3, 1]);
	});

	test("agrees with a sort on tables of any size, ties and all", () => {
		const size = fc.integer({ min: 1, max: 40 });
		fc.assert(
			fc.property(size, size, fc.integer({ min: 1, max: 9 }), fc.nat(), (count, items, width, seed) => {
				const [queries, gallery] = [lattice(count, width, seed), lattice(items, width, seed + 1)];
				const targets = new Random(seed).sample([...Array(items).keys()], 1 + (seed % items));
				const { ranks, nearest, depth } = rankTargets(queries, gallery, { targets, depth: 5 });
				for (let query = 0; query < count; query++) {
					const sorted = order(query, queries, gallery);
					expect(ranks[query]).toBe(sorted.findIndex((row) => targets.includes(row)));
					expect(Array.from(nearest.subarray(query * depth, (query + 1) * depth))).toEqual(sorted.slice(0, 5));
				}
			}),
		);
	});

	test.each([1, 3])(
		"agrees with a sort across tile borders, in both directions of a pair table, on %i threads",
		async (threads) => {
			const [images, texts] = [lattice(521, 5, 1), lattice(131, 5, 2)];
			const captionOf = Int32Array.from({ length: texts.count }, (_, caption) => (caption * 7) % 100);
			const { imageToText, textToImage } = await rankPairs(images, texts, captionOf, { threads, worthThreads: 0 });
			for (let caption = 0; caption < texts.count; caption++) {
				const sorted = order(caption, texts, images);
				expect(textToImage.ranks[caption]).toBe(sorted.indexOf(captionOf[caption] as number));
				expect(textToImage.nearest[caption]).toBe(sorted[0]);
			}
			for (let image = 0; image < images.count; image++) {
				const sorted = order(image, images, texts);
				expect(imageToText.ranks[image]).toBe(sorted.findIndex((caption) => captionOf[caption] === image));
				expect(imageToText.nearest[image]).toBe(sorted[0]);
			}
		},
	);

	test("gives equal rows equal sums wherever they stand, to the last bit", () => {
		const table = randomEmbeddings(600, 33, 5);
		table.values.copyWithin(599 * 33, 0, 33);
		table.values.copyWithin(66 * 33, 0, 33);
		const seen = new Set<number>();
		forEachTile(table, table, ({ values, stride, row0, rowCount, column0, columnCount }) => {
			for (const column of [0, 66, 599])
				for (const row of [0, 66, 599])
					if (row >= row0 && row < row0 + rowCount && column >= column0 && column < column0 + columnCount)
						seen.add(values[(row - row0) * stride + column - column0] as number);
		});
		expect([...seen]).toEqual([dot(table, 0, table, 0)]);
	});

	test("refuses what is not a number instead of ranking every target first", () => {
		const sick = { count: 1, width: 2, values: Float32Array.of(Number.NaN, 0) };
		expect(() => rankTargets(sick, unitRows([[1, 0]]), { targets: [0], depth: 1 })).toThrow(/diverged/);
		expect(() => rankTargets(unitRows([[1]]), unitRows([[1, 0]]), { targets: [0], depth: 1 })).toThrow(/width/);
	});

	test("leaves queries without a target at -1", async () => {
		const table = unitRows([
			[1, 0],
			[0, 1],
		]);
		const { imageToText } = await rankPairs(table, unitRows([[1, 0]]), Int32Array.of(0), { threads: 1 });
		expect(Array.from(imageToText.ranks)).toEqual([0, -1]);
	});
});
