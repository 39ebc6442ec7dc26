import { describe, expect, test } from "vitest";
import { randomEmbeddings, unitRows } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import { cosineDistance } from "../similarity/tiles.ts";
import type { Embeddings } from "../types.ts";
import { silhouette } from "./silhouette.ts";

/** By its definition, pair by pair. */
function bruteForce(table: Embeddings, labels: readonly (string | null)[]): number {
	const rows = labels.flatMap((label, row) => (label === null ? [] : [row]));
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const each = rows.map((row) => {
		const to = (label: string) =>
			rows
				.filter((other) => other !== row && labels[other] === label)
				.map((other) => cosineDistance(table, row, table, other));
		const own = labels[row] as string;
		if (to(own).length === 0) return 0;
		const others = [...new Set(rows.map((other) => labels[other] as string))].filter((label) => label !== own);
		const [a, b] = [mean(to(own)), Math.min(...others.map((label) => mean(to(label))))];
		return (b - a) / Math.max(a, b);
	});
	return mean(each);
}

describe("the silhouette", () => {
	test("is worked out by hand on four rows", () => {
		const rows = unitRows([
			[1, 0],
			[0, 1],
			[-1, 0],
			[-1, 0],
		]);
		// First: a 1, b 2 -> .5. Second: a 1, b 1 -> 0. Others: a 0, b (2 + 1) / 2 -> 1.
		expect(silhouette(rows, ["x", "x", "y", "y"])).toBeCloseTo((0.5 + 0 + 1 + 1) / 4, 12);
	});

	test("agrees with its definition on random rows, some unlabelled, one alone in its class", () => {
		const random = new Random("labels");
		for (const seed of [1, 2, 3]) {
			const table = randomEmbeddings(60, 7, seed);
			const labels = Array.from({ length: 60 }, () => random.pick(["a", "b", "c", null]));
			labels[5] = "alone";
			// Rows of single precision are of unit length to 1e-7.
			expect(silhouette(table, labels)).toBeCloseTo(bruteForce(table, labels), 6);
		}
	});

	test("of fewer than two classes is not measured", () => {
		const table = randomEmbeddings(4, 3, 1);
		expect(silhouette(table, ["a", "a", null, "a"])).toBeNull();
		expect(silhouette(table, [null, null, null, null])).toBeNull();
	});
});
