import { expect, test } from "vitest";
import { learningRateAt, TrainOptions } from "./options.ts";

test("a cosine that moves once an epoch has the rates of the paper's code", () => {
	const options = TrainOptions.parse({ decay: "epoch" });
	const perEpoch = 7;
	const rates = Array.from({ length: 10 * perEpoch }, (_, step) => learningRateAt(options, step, 10 * perEpoch));
	for (let epoch = 0; epoch < 10; epoch++) {
		const own = rates.slice(epoch * perEpoch, (epoch + 1) * perEpoch);
		expect(new Set(own).size).toBe(1);
		expect(own[0]).toBeCloseTo(1e-6 + 0.5 * 9e-6 * (1 + Math.cos((Math.PI * epoch) / 10)), 12);
	}
});

test("a cosine that moves at every step falls at every step", () => {
	const options = TrainOptions.parse({});
	const rates = Array.from({ length: 30 }, (_, step) => learningRateAt(options, step, 30));
	expect(rates).toEqual([...rates].sort((a, b) => b - a));
	expect(new Set(rates).size).toBe(30);
});
