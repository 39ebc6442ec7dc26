/** Golden numbers of numpy and scikit-learn: ranks, hits and counts identical, distances and areas within 1e-6. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { decodeFloats, readSafetensors, type StoredTensor } from "../model/safetensors.ts";
import { rankTargets } from "../ranking/rank.ts";
import { rankPairs } from "../ranking/rank-pairs.ts";
import { cosineDistance } from "../similarity/tiles.ts";
import type { Embeddings } from "../types.ts";
import { auroc, detect } from "./detection.ts";
import { meanShift } from "./embedding-shift.ts";
import { hitRates } from "./hit-rate.ts";
import { summarizeRanks } from "./min-rank.ts";
import { recalls } from "./retrieval.ts";

const folder = new URL("../../fixtures/parity/metrics/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder));
const parse = <Schema extends z.ZodType>(name: string, schema: Schema) =>
	schema.parse(JSON.parse(read(name).toString()));

const numbers = z.array(z.number());
const labels = parse("labels.json", z.object({ text_image: numbers, pair_image: numbers, poison: numbers }));

const Recall = z.object({
	r1: z.number(),
	r5: z.number(),
	r10: z.number(),
	mean_rank: z.number(),
	median_rank: z.number(),
	ranks: numbers,
});
const Case = z.object({
	attack: z.array(
		z.object({
			name: z.string(),
			direction: z.enum(["text_to_image", "image_to_text"]),
			queries: numbers,
			targets: numbers,
			gallery: z.number(),
			ranks: numbers,
			hit: z.record(z.string(), z.number()),
			min_rank: z.object({ mean: z.number(), median: z.number(), min: z.number(), max: z.number() }),
		}),
	),
	retrieval: z.object({ text_to_image: Recall, image_to_text: Recall.extend({ images: numbers }) }),
	detector: z.object({
		distances: numbers,
		auc: z.number(),
		thresholds: z.array(
			z.object({
				gamma: z.number(),
				removed: z.number(),
				tp: z.number(),
				fp: z.number(),
				precision: z.number(),
				recall: z.number(),
				fpr: z.number(),
			}),
		),
	}),
	drift: z.object({ texts: z.number(), images: z.number() }),
});
const expected = parse("expected.json", z.object({ sets: z.object({ random: Case, lattice: Case }) })).sets;
const { tensors } = readSafetensors(read("embeddings.safetensors"), "embeddings.safetensors");

function table(name: string): Embeddings {
	const { shape, data } = decodeFloats(tensors.get(name) as StoredTensor, name);
	return { count: shape[0] as number, width: shape[1] as number, values: data };
}

function rowsOf({ width, values }: Embeddings, rows: readonly number[]): Embeddings {
	const picked = rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]);
	return { count: rows.length, width, values: Float32Array.from(picked) };
}

describe.each(["random", "lattice"] as const)("on the %s set", (set) => {
	const golden = expected[set];
	const [texts, images] = [table(`${set}.texts`), table(`${set}.images`)];
	const [cleanTexts, cleanImages] = [table(`${set}.texts_clean`), table(`${set}.images_clean`)];

	test.each(golden.attack)("ranks, hits and MinRank of $name are identical", (attack) => {
		const [from, gallery] = attack.direction === "text_to_image" ? [texts, images] : [images, texts];
		const { ranks } = rankTargets(rowsOf(from, attack.queries), gallery, { targets: attack.targets, depth: 10 });
		expect(gallery.count).toBe(attack.gallery);
		expect(Array.from(ranks)).toEqual(attack.ranks);
		const hits = Object.fromEntries(Object.entries(attack.hit).map(([cutoff, share]) => [`hit@${cutoff}`, share]));
		expect(hitRates(ranks)).toEqual(hits);
		const summary = summarizeRanks(ranks);
		expect(summary).toEqual({ ...attack.min_rank, mean: expect.closeTo(attack.min_rank.mean, 12) });
	});

	test("retrieval ranks and recalls are identical in both directions", async () => {
		const paired = await rankPairs(images, texts, Int32Array.from(labels.text_image), { threads: 1 });
		const { text_to_image: ir, image_to_text: tr } = golden.retrieval;
		expect(Array.from(paired.textToImage.ranks)).toEqual(ir.ranks);
		expect(tr.images.map((image) => paired.imageToText.ranks[image])).toEqual(tr.ranks);
		expect(recalls(paired.textToImage.ranks)).toEqual({ "r@1": ir.r1, "r@5": ir.r5, "r@10": ir.r10 });
		expect(recalls(paired.imageToText.ranks)).toEqual({ "r@1": tr.r1, "r@5": tr.r5, "r@10": tr.r10 });
		expect(paired.imageToText.ranks.filter((rank) => rank >= 0).length).toBe(tr.images.length);
	});

	test("pair distances, their ROC area and the counts at two thresholds agree", () => {
		const scores = Float64Array.from(labels.pair_image, (image, text) =>
			cosineDistance(cleanTexts, text, cleanImages, image),
		);
		for (const [pair, distance] of golden.detector.distances.entries()) expect(scores[pair]).toBeCloseTo(distance, 6);
		const poisoned = labels.poison.map((flag) => flag === 1);
		expect(auroc(scores, poisoned)).toBeCloseTo(golden.detector.auc, 6);
		for (const { gamma, removed, tp, fp, precision, recall, fpr } of golden.detector.thresholds) {
			const found = detect({ scores, poisoned, kept: Array.from(scores, (score) => score <= gamma) });
			expect([found.removed, found.removed - found.cleanLost, found.cleanLost]).toEqual([removed, tp, fp]);
			expect(found.precision).toBeCloseTo(precision, 12);
			expect(found.recall).toBeCloseTo(recall, 12);
			expect(1 - (found.cleanKept as number)).toBeCloseTo(fpr, 12);
		}
	});

	test("the shift between the clean and the poisoned model agrees", () => {
		expect(meanShift(texts, cleanTexts)).toBeCloseTo(golden.drift.texts, 6);
		expect(meanShift(images, cleanImages)).toBeCloseTo(golden.drift.images, 6);
	});
});
