import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClipModel } from "./model/clip.ts";
import type { LoadedEncoder } from "./model/encoder.ts";
import { towerOfParameter } from "./model/parameters.ts";
import { finish, onnxRuntime, toyModel, toyPairs } from "./model/toy.fixture.ts";
import { Random } from "./random.ts";
import type { Runtime } from "./runtime/contract.ts";
import {
	loadTrainState,
	saveTrainState,
	type TrainInput,
	TrainingAborted,
	TrainOptions,
	type TrainState,
	train,
} from "./train.ts";
import type { TrainStepEvent } from "./types.ts";

let runtime: Runtime;
let before: number;
beforeAll(async () => {
	before = tf.memory().numTensors;
	runtime = await onnxRuntime();
});
afterAll(async () => {
	await runtime.dispose();
	expect(tf.memory().numTensors).toBe(before);
});

const model = toyModel();
/** 24 pairs in batches of 8: three steps an epoch. */
const settings = { epochs: 3, batchSize: 8, learningRate: 2e-3, minimumLearningRate: 1e-4, warmupSteps: 2 } as const;

function inputOf(overrides: Partial<TrainInput> & { settings?: object } = {}): TrainInput {
	const { settings: own, ...rest } = overrides;
	const options = TrainOptions.parse({ ...settings, ...own });
	return { runtime, model, ...toyPairs(), options, random: new Random("train"), stage: "fine-tune", ...rest };
}

async function stepsOf(input: TrainInput): Promise<TrainStepEvent[]> {
	const events: TrainStepEvent[] = [];
	for await (const event of train(input)) if (event.type === "train-step") events.push(event);
	return events;
}

function hashOf({ parameters }: ClipModel): string {
	const hash = createHash("sha256");
	for (const name of Object.keys(parameters).sort()) hash.update(name).update(parameters[name]!.data);
	return hash.digest("hex");
}

/** Trains until `steps` steps are done, then fires the signal; returns the state to go on from. */
async function stopAfter(
	steps: number,
	overrides: Partial<TrainInput> & { settings?: object } = {},
): Promise<TrainState> {
	const stop = new AbortController();
	if (steps === 0) stop.abort();
	try {
		for await (const event of train(inputOf({ ...overrides, signal: stop.signal })))
			if (event.type === "train-step" && event.step === steps) stop.abort();
	} catch (error) {
		if (error instanceof TrainingAborted) return error.state;
		throw error;
	}
	throw new Error("training was not stopped");
}

test("training lowers the loss and reports every step with its schedule", async () => {
	const events = await stepsOf(inputOf({ settings: { epochs: 20 } }));
	expect(events).toHaveLength(60);
	expect(events.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
	expect(events.map(({ epoch }) => epoch).slice(0, 7)).toEqual([0, 0, 0, 1, 1, 1, 2]);
	expect(events.slice(0, 3).map(({ learningRate }) => learningRate)).toEqual([1e-3, 2e-3, 2e-3]);
	expect(events[59]!.learningRate).toBeCloseTo(1e-4, 5);
	const mean = (part: TrainStepEvent[]) => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
	expect(mean(events.slice(-6))).toBeLessThan(mean(events.slice(0, 3)) / 2);
	for (const event of events) {
		expect(event).toMatchObject({ stage: "fine-tune", steps: 60 });
		expect(event.gradientNorm).toBeGreaterThan(0);
	}
});

test("the same seed gives the same bits, another seed gives others, and the given model is not changed", async () => {
	const start = hashOf(model);
	const run = async (seed: string) => hashOf((await finish(train(inputOf({ random: new Random(seed) })))).model);
	const first = await run("train");
	expect(await run("train")).toBe(first);
	expect(await run("other")).not.toBe(first);
	expect(hashOf(model)).toBe(start);
});

test("a run stopped after any step and resumed ends with the same bits", async () => {
	const whole = await finish(train(inputOf()));
	for (const steps of [0, 2, 3, 7]) {
		const resume = await stopAfter(steps);
		expect(resume.step).toBe(steps);
		const resumed = await finish(train(inputOf({ resume })));
		expect(resumed.steps).toBe(9);
		expect(hashOf(resumed.model)).toBe(hashOf(whole.model));
		expect(resumed.state).toEqual(whole.state);
	}
});

test("mixing hands out weights between the start's and the trained ones, on the way and after a resume too", async () => {
	const mixing = 0.25;
	const seen = async (overrides: Partial<TrainInput>) => {
		const shown: ClipModel[] = [];
		const open = (made: ClipModel) => {
			shown.push(made);
			return { dispose() {} } as LoadedEncoder;
		};
		const snapshots = { count: 1, open };
		const { model: end, state } = await finish(train(inputOf({ ...overrides, snapshots })));
		return { models: [shown[0]!, end], state };
	};
	const plain = await seen({});
	const mixed = await seen({ mixing });
	for (const [at, { parameters }] of mixed.models.entries())
		for (const [name, { data }] of Object.entries(parameters)) {
			const from = model.parameters[name]!.data;
			const to = plain.models[at]!.parameters[name]!.data;
			expect(data).toEqual(Float32Array.from(from, (value, place) => value + mixing * (to[place]! - value)));
		}
	expect(mixed.state).toEqual(plain.state);
	const resumed = await seen({ mixing, resume: await stopAfter(7, { mixing }) });
	expect(hashOf(resumed.models[1]!)).toBe(hashOf(mixed.models[1]!));
});

test("a logit scale to start at is where the first step begins, and the given model keeps its own", async () => {
	const settingsOfNone = { learningRate: 1e-12, minimumLearningRate: 0 };
	const first = async (overrides: Partial<TrainInput>) =>
		(await stepsOf(inputOf({ settings: settingsOfNone, ...overrides })))[0]!;
	const own = Math.exp(model.parameters.logit_scale!.data[0]!);
	expect((await first({})).logitScale).toBeCloseTo(own, 4);
	const cool = await first({ logitScale: 3 });
	expect(cool.logitScale).toBeCloseTo(3, 4);
	expect(cool.loss).not.toBeCloseTo((await first({})).loss, 3);
	expect(model.parameters.logit_scale!.data[0]).toBeCloseTo(Math.log(own), 6);
});

test("a state that went through a file, handed out on the way, resumes to the same bits", async () => {
	const folder = await mkdtemp(join(tmpdir(), "mithridate-state-"));
	const path = join(folder, "state.safetensors");
	const saved: number[] = [];
	const whole = await finish(
		train(
			inputOf({
				checkpoint: {
					everySteps: 4,
					async save(state) {
						saved.push(state.step);
						if (state.step === 4) await saveTrainState(path, state);
					},
				},
			}),
		),
	);
	expect(saved).toEqual([4, 8]);
	const resumed = await finish(train(inputOf({ resume: await loadTrainState(path) })));
	expect(hashOf(resumed.model)).toBe(hashOf(whole.model));
	await expect(saveTrainState(join(path, "below"), whole.state)).rejects.toMatchObject({ code: "unwritable" });
	await expect(loadTrainState(join(folder, "none"))).rejects.toMatchObject({ code: "invalid-checkpoint" });
	await rm(folder, { recursive: true });
});

test("a state of another seed, data set or set of frozen towers is refused", async () => {
	const resume = await stopAfter(1);
	const refusal = (overrides: Parameters<typeof inputOf>[0]) =>
		expect(finish(train(inputOf({ resume, ...overrides })))).rejects;
	await refusal({ random: new Random("other") }).toMatchObject({ code: "invalid-checkpoint", subject: "random" });
	await refusal({ samples: toyPairs().samples.slice(2) }).toMatchObject({ subject: "pairs" });
	await refusal({ settings: { freeze: "text" } }).toMatchObject({ code: "invalid-checkpoint" });
	await refusal({ resume: { ...resume, step: 10 } }).toMatchObject({ subject: "step" });
});

test.each([
	["image", ["vision"]],
	["text", ["text"]],
	["both", ["vision", "text"]],
] as const)("freezing %s keeps the whole tower bit-identical and trains the rest", async (freeze, towers) => {
	const { model: trained } = await finish(train(inputOf({ settings: { freeze } })));
	for (const [name, { data }] of Object.entries(model.parameters)) {
		const tower = towerOfParameter(name);
		const frozen = tower !== null && (towers as readonly string[]).includes(tower);
		// Key biases have no gradient but rounding noise, which may be exactly zero.
		if (frozen) expect(trained.parameters[name]!.data, name).toEqual(data);
		else if (!name.endsWith("k_proj.bias")) expect(trained.parameters[name]!.data, name).not.toEqual(data);
	}
});

/** Largest difference of any weight over the largest weight of its tensor. */
function relativeError(actual: ClipModel, expected: ClipModel): number {
	return Math.max(
		...Object.entries(expected.parameters)
			.filter(([name]) => !name.endsWith("k_proj.bias"))
			.map(([name, { data }]) => {
				const largest = Math.max(...data.map(Math.abs), Number.MIN_VALUE);
				return Math.max(...data.map((value, at) => Math.abs(value - actual.parameters[name]!.data[at]!))) / largest;
			}),
	);
}

test.each(["none", "image", "both"] as const)(
	"micro-batches end with the full batch's weights while %s is frozen, temperature and clipping included",
	async (freeze) => {
		// One step from a plain start: further ones would amplify AdamW's division by tiny second moments.
		const run = (microBatch: number | null) => {
			const own = { epochs: 1, batchSize: 24, microBatch, freeze, clipNorm: 0.5, epsilon: 1e-3, learningRate: 1e-2 };
			return stepsAndModel(inputOf({ settings: { ...own, warmupSteps: 0 } }));
		};
		const whole = await run(null);
		for (const microBatch of [12, 4]) {
			const parts = await run(microBatch);
			expect(parts.event.loss).toBeCloseTo(whole.event.loss, 5);
			expect(parts.event.gradientNorm / whole.event.gradientNorm).toBeCloseTo(1, 5);
			expect(parts.event.logitScale / whole.event.logitScale).toBeCloseTo(1, 6);
			expect(relativeError(parts.model, whole.model)).toBeLessThan(1e-5);
		}
	},
);

async function stepsAndModel(input: TrainInput) {
	const generator = train(input);
	const first = await generator.next();
	const { model: trained } = await finish(generator);
	return { event: first.value as TrainStepEvent, model: trained };
}

test("accumulated training resumes to the same bits", async () => {
	const own = { settings: { microBatch: 4 } };
	const whole = await finish(train(inputOf(own)));
	const resumed = await finish(train(inputOf({ ...own, resume: await stopAfter(4, own) })));
	expect(hashOf(resumed.model)).toBe(hashOf(whole.model));
});

test("a loss that is not finite stops training at its step", async () => {
	const parameters = { ...model.parameters, "visual_projection.weight": poisoned("visual_projection.weight") };
	const failing = finish(train(inputOf({ model: { ...model, parameters } })));
	await expect(failing).rejects.toMatchObject({ code: "non-finite", subject: "step 1" });
});

function poisoned(name: string) {
	const { shape, data } = model.parameters[name]!;
	return { shape, data: data.map((value, at) => (at === 0 ? Number.NaN : value)) };
}

test("a gradient is clipped to the norm asked for, and the norm reported is the one before", async () => {
	const [free] = await stepsOf(inputOf({ settings: { epochs: 1 } }));
	const [clipped] = await stepsOf(inputOf({ settings: { epochs: 1, clipNorm: 1e-9 } }));
	expect(clipped!.gradientNorm).toBe(free!.gradientNorm);
	// With a gradient far below epsilon the temperature hardly moves.
	expect(Math.abs(clipped!.logitScale - 1 / 0.07)).toBeLessThan(Math.abs(free!.logitScale - 1 / 0.07) / 10);
});

test("settings that cannot be run are refused with their remedy", async () => {
	await expect(finish(train(inputOf({ settings: { batchSize: 25 } })))).rejects.toMatchObject({
		code: "invalid-data",
		message: "There are 24 pairs, fewer than one batch of 25; lower batchSize or add pairs.",
	});
	await expect(finish(train(inputOf({ settings: { microBatch: 3 } })))).rejects.toMatchObject({
		code: "invalid-config",
	});
	expect(() => TrainOptions.parse({ batch: 3 })).toThrow();
});

test("no epochs return the model as it was", async () => {
	const { model: trained, steps } = await finish(train(inputOf({ settings: { epochs: 0 } })));
	expect(steps).toBe(0);
	expect(hashOf(trained)).toBe(hashOf(model));
});
