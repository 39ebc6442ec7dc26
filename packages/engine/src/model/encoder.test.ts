import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Runtime } from "../runtime/contract.ts";
import type { Embeddings, ProgressEvent } from "../types.ts";
import { createEncoder } from "./encoder.ts";
import { eagerRuntime, finish, onnxRuntime, toyModel, toyPairs } from "./toy.fixture.ts";

const model = toyModel({ stem: { kind: "convolution", channels: [6] } });
const { images, samples } = toyPairs();
let runtime: Runtime;
beforeAll(async () => {
	runtime = await onnxRuntime();
});
afterAll(() => runtime.dispose());

function rowOf({ width, values }: Embeddings, row: number): Float32Array {
	return values.slice(row * width, (row + 1) * width);
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
	expect(actual.length).toBe(expected.length);
	for (const [at, value] of actual.entries()) expect(value).toBeCloseTo(expected[at]!, 5);
}

test("rows and texts are embedded in their order at unit length, over several batches", async () => {
	const encoder = createEncoder({ runtime, model, images });
	const rows = Array.from({ length: 130 }, (_, at) => at % images.count);
	const embedded = await finish(encoder.embedImages(rows));
	expect(embedded).toMatchObject({ count: 130, width: 12 });
	expectClose(rowOf(embedded, 129), rowOf(embedded, 129 % images.count));
	expect(rowOf(embedded, 0)).not.toEqual(rowOf(embedded, 1));

	const captions = samples.flatMap((sample) => sample.captions);
	const together = await finish(encoder.embedTexts(captions));
	const alone = await finish(encoder.embedTexts([captions[5]!]));
	expectClose(rowOf(together, 5), rowOf(alone, 0));
	for (const { count, values, width } of [embedded, together])
		for (let row = 0; row < count; row++) expect(Math.hypot(...rowOf({ count, values, width }, row))).toBeCloseTo(1, 5);
	encoder.dispose();
});

test("the compiled encoder agrees with TF.js's own backend and leaves no tensors", async () => {
	const before = tf.memory().numTensors;
	const results = [];
	for (const on of [runtime, eagerRuntime()]) {
		const encoder = createEncoder({ runtime: on, model, images });
		results.push([
			await finish(encoder.embedImages([3, 1])),
			await finish(encoder.embedTexts(["a red sheep"])),
		] as const);
		encoder.dispose();
	}
	for (const at of [0, 1] as const) expectClose(results[0]![at].values, results[1]![at].values);
	expect(tf.memory().numTensors).toBe(before);
});

test("progress counts rows and no rows at all give no embeddings", async () => {
	const encoder = createEncoder({ runtime, model, images });
	const events: ProgressEvent[] = [];
	for await (const event of encoder.embedImages(new Array<number>(200).fill(0))) events.push(event);
	expect(events.map(({ done, total }) => [done, total])).toEqual([
		[64, 200],
		[128, 200],
		[192, 200],
		[200, 200],
	]);
	expect(await finish(encoder.embedTexts([]))).toEqual({ count: 0, width: 12, values: new Float32Array(0) });
	encoder.dispose();
});

test("images of another size than the model's are refused", () => {
	expect(() => createEncoder({ runtime, model, images: { ...images, size: 16 } })).toThrow(
		/16 pixels wide; the model takes 8/,
	);
});
