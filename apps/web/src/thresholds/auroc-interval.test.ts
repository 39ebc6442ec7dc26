import { describe, expect, it } from "vitest";
import { aurocInterval } from "./auroc-interval.ts";

/** Seeded normal numbers: a linear congruential generator, then Box and Muller. */
function normals(seed: number): () => number {
	let state = seed;
	const uniform = () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return (state + 0.5) / 2 ** 32;
	};
	return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Share of pairs in which the poisoned score is the larger: Mann and Whitney's count. */
function areaOf(poisoned: readonly number[], clean: readonly number[]): number {
	let won = 0;
	for (const one of poisoned) for (const other of clean) won += one > other ? 1 : 0;
	return won / (poisoned.length * clean.length);
}

describe("the interval of an AUROC", () => {
	it("holds the true area about 95 times in 100", () => {
		const next = normals(7);
		const rounds = 600;
		let held = 0;
		for (let round = 0; round < rounds; round++) {
			const poisoned = Array.from({ length: 25 }, () => next() + Math.SQRT2);
			const clean = Array.from({ length: 60 }, next);
			const [low, high] = aurocInterval(areaOf(poisoned, clean), { poisoned: 25, clean: 60 })!;
			// Normal scores a distance of the square root of 2 apart: the true area is the normal distribution at 1.
			if (low <= 0.841345 && 0.841345 <= high) held++;
		}
		expect(held / rounds).toBeGreaterThan(0.925);
		expect(held / rounds).toBeLessThan(0.98);
	});

	it("has a width at 1, less of it with more samples, and lies the other way round at the mirrored area", () => {
		const [few, end] = aurocInterval(1, { poisoned: 25, clean: 2500 })!;
		const [many] = aurocInterval(1, { poisoned: 250, clean: 2500 })!;
		expect(end).toBe(1);
		expect(few).toBeGreaterThan(0.8);
		expect(many).toBeGreaterThan(few);
		const [low, high] = aurocInterval(0.7, { poisoned: 30, clean: 30 })!;
		const [mirroredLow, mirroredHigh] = aurocInterval(0.3, { poisoned: 30, clean: 30 })!;
		expect(mirroredLow).toBeCloseTo(1 - high, 10);
		expect(mirroredHigh).toBeCloseTo(1 - low, 10);
	});

	it("is not there without both kinds", () => {
		expect(aurocInterval(0.5, { poisoned: 0, clean: 10 })).toBeNull();
	});
});
