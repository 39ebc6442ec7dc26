/** Which trainings count as the same one: the address under which their model is kept. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { stampedRow } from "./data/patch.ts";
import { finish, onnxRuntime, toyModel, toyPairs } from "./model/toy.fixture.ts";
import { Random } from "./random.ts";
import type { Runtime } from "./runtime/contract.ts";
import { TrainOptions } from "./train.ts";
import { createTrainer } from "./trainer.ts";
import type { Patch, Sample, TrainOverrides } from "./types.ts";

let runtime: Runtime;
beforeAll(async () => {
	runtime = await onnxRuntime();
});
afterAll(() => runtime.dispose());

const { images, samples } = toyPairs();
const stamped = samples.map((sample) => ({ ...sample, image: stampedRow(images, sample.image) }));

/** The address of a training; it is said to be finished, so that nothing is trained. */
async function keyOf(patch: Patch | null, pairs: readonly Sample[], overrides: Partial<TrainOverrides> = {}) {
	const keys: string[] = [];
	const trainer = createTrainer({
		runtime,
		images,
		datasetHash: "toy",
		patch,
		options: TrainOptions.parse({ batchSize: 4, epochs: 1 }),
		stages: {
			model: async ({ key }) => {
				keys.push(key);
				return toyModel();
			},
			saveModel: async () => {},
			state: async () => null,
			saveState: async () => {},
		},
		checkpointEvery: 100,
		snapshots: () => 0,
	});
	try {
		const how = { stage: "poisoned", random: new Random(1), ...overrides };
		await finish(trainer.train(trainer.open(toyModel()), pairs, how));
	} finally {
		trainer.dispose();
	}
	return keys[0];
}

const corner: Patch = { side: 0.25, place: "top-left" };

test("what is trained without stamped images is shared by all attacks, whatever their patch", async () => {
	expect(await keyOf(corner, samples)).toBe(await keyOf(null, samples));
});

test("stamped images are told apart by their patch", async () => {
	const keys = [
		await keyOf(corner, samples),
		await keyOf(corner, stamped),
		await keyOf({ ...corner, place: "centre" }, stamped),
		await keyOf({ ...corner, side: 0.5 }, stamped),
	];
	expect(new Set(keys).size).toBe(4);
});

test("another objective, rate, logit scale, mixing or stream is another training", async () => {
	const keys = [
		await keyOf(null, samples),
		await keyOf(null, samples, { objective: { crossModal: 1, inModal: 1 } }),
		await keyOf(null, samples, { objective: { crossModal: 0, inModal: 1 } }),
		await keyOf(null, samples, { minimumLearningRate: 1e-7 }),
		await keyOf(null, samples, { logitScale: 8 }),
		await keyOf(null, samples, { mixing: 0.5 }),
		await keyOf(null, samples, { random: new Random(2) }),
	];
	expect(new Set(keys).size).toBe(7);
	expect(await keyOf(null, samples, { logitScale: undefined, mixing: undefined })).toBe(keys[0]);
});

test("a trainer with a patch embeds every image plain and stamped", async () => {
	const trainer = createTrainer({
		runtime,
		images,
		datasetHash: "toy",
		patch: corner,
		options: TrainOptions.parse({}),
		stages: { model: async () => null, saveModel: async () => {}, state: async () => null, saveState: async () => {} },
		checkpointEvery: 100,
		snapshots: () => 0,
	});
	const model = trainer.open(toyModel());
	const both = await finish(model.embedImages([3, stampedRow(images, 3)]));
	expect(both.values.slice(0, both.width)).not.toEqual(both.values.slice(both.width));
	trainer.dispose();
});
