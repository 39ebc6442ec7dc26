import { describe, expect, it } from "vitest";
import { fitMixture } from "./mixture.ts";
import { mixtureCount } from "./operating-point.ts";

const width = 0.01;
const bell = (mean: number, deviation: number, total: number) =>
	Array.from({ length: 200 }, (_, at) =>
		mixtureCount([{ weight: 1, mean, deviation }], { at: (at + 0.5) * width, width, total }),
	);

describe("a mixture of two Gaussians", () => {
	it("finds those that the pairs were drawn from", () => {
		const fit = fitMixture({ minimum: 0, maximum: 2, clean: bell(0.5, 0.1, 9500), poisoned: bell(1.2, 0.15, 500) });
		expect(fit?.map(({ weight }) => weight)[1]).toBeCloseTo(0.05, 2);
		expect(fit?.map(({ mean }) => Math.round(mean * 100) / 100)).toEqual([0.5, 1.2]);
		expect(fit?.[1].deviation).toBeCloseTo(0.15, 1);
	});
	it("has weights that add up to one, with all pairs in a single bin as well", () => {
		const one = new Array<number>(200).fill(0).with(40, 100);
		const fit = fitMixture({ minimum: 0, maximum: 2, clean: one, poisoned: new Array(200).fill(0) });
		expect((fit?.[0].weight ?? 0) + (fit?.[1].weight ?? 0)).toBeCloseTo(1, 6);
	});
	it("is not fitted to next to nothing", () => {
		expect(fitMixture({ minimum: 0, maximum: 2, clean: [3, 2], poisoned: [0, 1] })).toBeNull();
	});
});
