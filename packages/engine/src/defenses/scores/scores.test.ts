/** Local outlier scores against their definitions, computed pair by pair in double precision without any shortcut. */
import { describe, expect, test } from "vitest";
import { drain, lookupEncoder, randomEmbeddings } from "../../evaluate.fixture.ts";
import { Random } from "../../random.ts";
import type { Encoder, Sample } from "../../types.ts";
import { filter } from "../index.ts";
import * as scores from "./index.ts";

const { dao, kDistance, slof } = scores;

/** `count` images in clusters of unequal density, then `lonely` ones anywhere. */
function scattered(count: number, lonely: number, width = 12): number[][] {
	const random = new Random("scattered");
	const centres = Array.from({ length: 5 }, () => Array.from({ length: width }, () => random.normal()));
	return Array.from({ length: count + lonely }, (_, row) => {
		const spread = row < count ? 0.05 + 0.05 * (row % 5) : 1;
		const centre = row < count ? centres[row % 5]! : centres[0]!.map(() => 0);
		return centre.map((value) => value + spread * random.normal());
	}).map((row) => row.map((value) => Math.fround(value / Math.hypot(...row))));
}

const samplesOf = (vectors: readonly unknown[]): Sample[] =>
	vectors.map((_, image) => ({ id: `s${image}`, image, captions: ["a caption"] }));
const encoderOf = (vectors: readonly (readonly number[])[]): Encoder =>
	lookupEncoder(
		(row) => vectors[row]!,
		() => vectors[0]!,
	);

/** Every other row with its distance, nearest first: the whole matrix, sorted. */
function sortedNeighbours(vectors: readonly (readonly number[])[]): { row: number; distance: number }[][] {
	return vectors.map((own, at) =>
		vectors
			.map((other, row) => ({ row, distance: Math.hypot(...own.map((value, k) => value - other[k]!)) }))
			.filter(({ row }) => row !== at)
			.sort((a, b) => a.distance - b.distance),
	);
}

const measure = async (kind: "dao" | "kDistance" | "slof", k: number, vectors: readonly (readonly number[])[]) => {
	const entry = { dao, kDistance, slof }[kind];
	const input = { encoder: encoderOf(vectors), samples: samplesOf(vectors), stage: "score" };
	return drain(entry.measure(input, { k } as never));
};

describe.each([1, 5, 16])("with %i neighbours", (k) => {
	const vectors = scattered(190, 10);
	const all = sortedNeighbours(vectors);
	const nearest = all.map((list) => list.slice(0, k));
	const reach = all.map((list) => list[k - 1]!.distance);
	const dimension = nearest.map((list, row) => {
		const mean = list.reduce((sum, { distance }) => sum + Math.log(distance / reach[row]!), 0) / k;
		return mean < 0 ? Math.min(12, -1 / mean) : 12;
	});
	const average = (row: number, term: (other: number) => number) =>
		nearest[row]!.reduce((sum, { row: other }) => sum + term(other), 0) / k;

	test.each([
		["kDistance", (row: number) => reach[row]!],
		["slof", (row: number) => average(row, (other) => reach[row]! / reach[other]!)],
		["dao", (row: number) => average(row, (other) => dimension[other]! * Math.log(reach[row]! / reach[other]!))],
	] as const)("%s is what its definition says", async (kind, expected) => {
		const { result } = await measure(kind, k, vectors);
		for (const [row, score] of result.entries()) expect(Math.abs(score - expected(row))).toBeLessThan(1e-9);
	});
});

test.each(["kDistance", "slof", "dao"] as const)("%s ranks lonely images above settled ones", async (kind) => {
	const { result } = await measure(kind, 16, scattered(190, 10));
	const settled = [...result.subarray(0, 190)].sort((a, b) => a - b);
	const lonely = result.subarray(190);
	expect(Math.min(...lonely)).toBeGreaterThan(settled[Math.floor(settled.length / 2)]!);
});

test("many copies of one image give finite scores, and none stands out among them", async () => {
	const vectors = [...scattered(60, 0), ...Array.from({ length: 40 }, () => [1, ...Array(11).fill(0)])];
	for (const kind of ["kDistance", "slof", "dao"] as const) {
		const { result } = await measure(kind, 8, vectors);
		expect(result.every(Number.isFinite)).toBe(true);
		expect(new Set(result.subarray(60)).size).toBe(1);
	}
});

test("an order of the samples changes no score", async () => {
	const vectors = scattered(150, 10);
	const order = new Random("order").shuffle([...vectors.keys()]);
	for (const kind of ["kDistance", "slof", "dao"] as const) {
		const plain = (await measure(kind, 16, vectors)).result;
		const moved = (
			await measure(
				kind,
				16,
				order.map((row) => vectors[row]!),
			)
		).result;
		expect(Array.from(moved)).toEqual(order.map((row) => plain[row]));
	}
});

test("more neighbours than other samples are refused, and progress counts samples", async () => {
	await expect(measure("slof", 16, scattered(16, 0))).rejects.toMatchObject({
		code: "invalid-config",
		subject: "score.k",
	});
	const { events } = await measure("slof", 16, scattered(1100, 0));
	expect(events.filter(({ stage }) => stage === "score").map(({ done }) => done)).toEqual([512, 1024, 1100]);
});

test("2,500 images take well under two seconds", async () => {
	const table = randomEmbeddings(2500, 128, "many");
	const encoder: Encoder = {
		async *embedImages() {
			yield { type: "progress", stage: "embed", done: 1, total: 1 };
			return table;
		},
		embedTexts: lookupEncoder(
			() => [],
			() => [],
		).embedTexts,
	};
	const samples = samplesOf(Array.from({ length: 2500 }));
	const began = performance.now();
	await drain(dao.measure({ encoder, samples, stage: "score" }, { kind: "dao", k: 32 }));
	expect(performance.now() - began).toBeLessThan(2000);
});

describe("filter", () => {
	const vectors = scattered(190, 10);
	const run = async (params: object, trusted = samplesOf(vectors.slice(0, 190))) => {
		const encoder = encoderOf(vectors);
		const input = {
			start: encoder,
			victim: encoder,
			reference: encoder,
			pairs: samplesOf(vectors),
			trusted,
			random: new Random(1),
			async *train(from: Encoder) {
				yield { type: "progress" as const, stage: "train", done: 1, total: 1 };
				return from;
			},
		};
		return (await drain(filter.defend(input, filter.params.parse(params)))).result.filter!;
	};

	test.each(["k-distance", "slof", "dao"] as const)("cuts %s by mixture and by quantile", async (kind) => {
		const mixture = await run({ score: { kind }, threshold: { kind: "mixture" } });
		const quantile = await run({ score: { kind }, threshold: { kind: "quantile", share: 0.95 } });
		for (const { kept, scores: found, threshold } of [mixture, quantile]) {
			expect(kept.size).toBeGreaterThan(100);
			expect(kept.size).toBeLessThan(200);
			expect(kept).toEqual(
				new Set(samplesOf(vectors).flatMap(({ id }, row) => (found[row]! <= threshold ? [id] : []))),
			);
		}
	});

	test("scores by the victim's embeddings where it is told to", async () => {
		const settled = scattered(200, 0);
		const input = (victim: Encoder) => ({
			start: victim,
			victim,
			reference: encoderOf(vectors),
			pairs: samplesOf(vectors),
			trusted: [],
			random: new Random(1),
			async *train(from: Encoder) {
				yield { type: "progress" as const, stage: "train", done: 1, total: 1 };
				return from;
			},
		});
		const found = async (scoredBy: string) => {
			const params = filter.params.parse({ score: { kind: "slof" }, scoredBy });
			return (await drain(filter.defend(input(encoderOf(settled)), params))).result.filter?.scores;
		};
		expect(await found("victim")).toEqual((await measure("slof", 16, settled)).result);
		expect(await found("reference")).toEqual((await measure("slof", 16, vectors)).result);
	});

	test("refuses a fixed distance for scores that have no fixed scale", () => {
		const fixed = { kind: "fixed", distance: 0.8 };
		expect(filter.params.safeParse({ threshold: fixed }).success).toBe(true);
		const { error } = filter.params.safeParse({ score: { kind: "slof" }, threshold: fixed });
		expect(error?.issues[0]).toMatchObject({ path: ["threshold"], message: expect.stringContaining("pair-distance") });
	});
});
