import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { textTower } from "./text-tower.ts";
import { toyModel } from "./toy.fixture.ts";

beforeAll(async () => {
	await tf.setBackend("cpu");
});

test("a text's embedding depends neither on padding nor on the columns behind its end", () => {
	const { config, parameters, tokenizer } = toyModel();
	const before = tf.memory().numTensors;
	const ids = tokenizer.encode("a red sheep", 24);
	const embed = (length: number, padding: number) =>
		tf.tidy(() => {
			const tensors = Object.fromEntries(
				Object.entries(parameters).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
			);
			const row = [...ids, ...new Array<number>(length - ids.length).fill(padding)];
			const texts = { tokens: tf.tensor2d([row], [1, length], "int32"), ends: tf.tensor1d([ids.length - 1], "int32") };
			return Array.from(textTower(config.text, tensors, texts).dataSync());
		});
	const short = embed(ids.length, 0);
	for (const [length, padding] of [
		[12, 0],
		[24, tokenizer.endId],
	] as const)
		for (const [at, value] of embed(length, padding).entries()) expect(value).toBeCloseTo(short[at]!, 5);
	expect(tf.memory().numTensors).toBe(before);
});
