/** Where the filter cuts, on distances drawn from known distributions and on pairs counted by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drain, lookupEncoder } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import type { DefenseInput, Encoder, Sample } from "../types.ts";
import { pairDistances } from "./distances.ts";
import { filter } from "./index.ts";
import { fitMixture, posteriorOfUpper, upperCut } from "./mixture.ts";
import { cutAt, quantile } from "./threshold.ts";

function normals(count: number, mean: number, deviation: number, seed: string): number[] {
	const random = new Random(seed);
	return Array.from({ length: count }, () => mean + deviation * random.normal());
}

describe("quantile", () => {
	test("interpolates between order statistics", () => {
		const values = Float64Array.of(4, 1, 3, 2);
		expect([0, 0.5, 1].map((share) => quantile(values, share))).toEqual([1, 2.5, 4]);
		expect(quantile(values, 0.9)).toBeCloseTo(3.7);
	});

	test("as a cut removes the share of trusted-like pairs it says", () => {
		const trusted = Float64Array.from(normals(2000, 0.7, 0.05, "trusted"));
		const pairs = Float64Array.from(normals(2000, 0.7, 0.05, "pairs"));
		const cut = cutAt({ kind: "quantile", share: 0.99 }, pairs, trusted);
		expect(pairs.filter((distance) => distance > cut).length / 2000).toBeCloseTo(0.01, 2);
	});
});

describe("mixture", () => {
	const mixed = Float64Array.from([...normals(900, 0.6, 0.04, "low"), ...normals(100, 0.9, 0.04, "high")]);

	test("recovers the components it was drawn from", () => {
		const fit = fitMixture(mixed);
		expect(fit?.lower).toEqual({
			weight: expect.closeTo(0.9, 2),
			mean: expect.closeTo(0.6, 2),
			variance: expect.closeTo(0.0016, 3),
		});
		expect(fit?.upper).toEqual({
			weight: expect.closeTo(0.1, 2),
			mean: expect.closeTo(0.9, 2),
			variance: expect.closeTo(0.0016, 3),
		});
	});

	test("cuts where the upper component's posterior is the one asked for", () => {
		const fit = fitMixture(mixed);
		if (fit === null) throw new Error("no mixture was found");
		for (const posterior of [0.1, 0.5, 0.9])
			expect(posteriorOfUpper(upperCut(fit, posterior, 2) as number, fit)).toBeCloseTo(posterior, 6);
		// Equal spreads: halfway, plus variance x ln(weight ratio) / distance of the means.
		const known = {
			lower: { weight: 0.9, mean: 0.6, variance: 0.0016 },
			upper: { weight: 0.1, mean: 0.9, variance: 0.0016 },
		};
		expect(upperCut(known, 0.5, 2)).toBeCloseTo(0.75 + (0.0016 * Math.log(9)) / 0.3, 9);
	});

	test("removes nothing when there is only one component", () => {
		const one = Float64Array.from(normals(1000, 0.6, 0.04, "one"));
		expect(cutAt({ kind: "mixture", posterior: 0.5 }, one, new Float64Array(0))).toBe(Math.max(...one));
		expect(cutAt({ kind: "mixture", posterior: 0.5 }, new Float64Array(50).fill(0.7), new Float64Array(0))).toBe(0.7);
	});

	test("does not depend on the order of the values", () => {
		fc.assert(
			fc.property(
				fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 }),
				fc.nat(),
				(values, seed) => {
					const shuffled = new Random(seed).shuffle(values);
					expect(fitMixture(Float64Array.from(shuffled))).toEqual(fitMixture(Float64Array.from(values)));
				},
			),
		);
	});
});

describe("filter", () => {
	const at = (distance: number) => [1 - distance, Math.sqrt(1 - (1 - distance) ** 2)];
	const encoder = lookupEncoder(
		() => [1, 0],
		(caption) => at(Number(caption)),
	);
	const sample = (id: string, ...distances: number[]): Sample => ({ id, image: 0, captions: distances.map(String) });
	const pairs = [
		sample("near", 0.3, 0.5),
		sample("edge", 0.7, 0.9),
		sample("far", 0.85, 0.95),
		sample("odd", 0.2, 1.1),
	];
	const input = (trusted: readonly Sample[]): DefenseInput<Encoder> => ({
		start: encoder,
		victim: encoder,
		reference: encoder,
		pairs,
		trusted,
		random: new Random(1),
		async *train(from) {
			yield { type: "progress", stage: "train", done: 1, total: 1 };
			return from;
		},
	});
	const run = async (params: object, trusted = [sample("t", 0.6)]) =>
		(await drain(filter.defend(input(trusted), filter.params.parse(params)))).result.filter;

	test("scores a sample by the mean over its captions: one odd caption does not condemn it", async () => {
		const report = await run({ threshold: { kind: "fixed", distance: 0.8001 } });
		expect(Array.from(report?.scores ?? [])).toEqual([0.4, 0.8, 0.9, 0.65].map((score) => expect.closeTo(score, 6)));
		expect(report?.kept).toEqual(new Set(["near", "edge", "odd"]));
	});

	test("cuts at the trusted pairs' quantile", async () => {
		const report = await run({ threshold: { kind: "quantile", share: 1 } }, [sample("a", 0.5), sample("b", 0.7)]);
		expect(report?.threshold).toBeCloseTo(0.7, 6);
		expect(report?.kept).toEqual(new Set(["near", "odd"]));
	});

	test("refuses to remove everything, or to calibrate on nothing", async () => {
		await expect(run({ threshold: { kind: "fixed", distance: 0.1 } })).rejects.toMatchObject({ subject: "threshold" });
		await expect(run({ threshold: { kind: "quantile" } }, [])).rejects.toMatchObject({
			code: "invalid-config",
			subject: "threshold.kind",
		});
	});

	test("counts its progress in samples, never backwards, over blocks of any number", async () => {
		const many = Array.from({ length: 5000 }, (_, row) => sample(`s${row}`, 0.5));
		const { events, result } = await drain(pairDistances(encoder, many, "score"));
		expect(result.length).toBe(5000);
		expect(result.every((distance) => Math.abs(distance - 0.5) < 1e-6)).toBe(true);
		const done = events.map((event) => event.done);
		expect(done).toEqual(done.toSorted((a, b) => a - b));
		expect(events.at(-1)).toEqual({ type: "progress", stage: "score", done: 5000, total: 5000 });
	});
});
