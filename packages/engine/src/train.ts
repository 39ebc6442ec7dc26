/** The one training loop: contrastive fine-tuning or pre-training of a CLIP on pairs (the paper's section 4.1). */
import { createPairs } from "./data/batches.ts";
import { MithridateError } from "./errors.ts";
import type { ClipModel } from "./model/clip.ts";
import { parameterShapes, towerOfParameter } from "./model/parameters.ts";
import type { Random } from "./random.ts";
import type { Executable, Runtime } from "./runtime/contract.ts";
import { ratesAt, stateSpecs, weightsOf } from "./training/adamw.ts";
import { flatten, type Layout, layOut, unflatten } from "./training/layout.ts";
import { learningRateAt, TrainOptions } from "./training/options.ts";
import { TrainingAborted, type TrainState } from "./training/state.ts";
import { stepProgram } from "./training/step.ts";
import type { ImageStore, Sample, StageEvent } from "./types.ts";

export { TrainOptions } from "./training/options.ts";
export { loadTrainState, saveTrainState, TrainingAborted, type TrainState } from "./training/state.ts";

export interface TrainInput {
	readonly runtime: Runtime;
	/** Where training starts; never changed. */
	readonly model: ClipModel;
	readonly images: ImageStore;
	readonly samples: readonly Sample[];
	readonly options: TrainOptions;
	readonly random: Random;
	/** Name in events, e.g. "fine-tune". */
	readonly stage: string;
	/** Checked between steps; training then throws `TrainingAborted` with the state to resume from. */
	readonly signal?: AbortSignal | undefined;
	/** Goes on from here instead of from the first step; `model` gives the architecture. */
	readonly resume?: TrainState | undefined;
	/** Hands out the state every so many steps, so that a killed process loses little. */
	readonly checkpoint?: { readonly everySteps: number; save(state: TrainState): Promise<void> } | undefined;
}

export interface TrainResult {
	readonly model: ClipModel;
	/** Steps done, earlier ones of a resumed run included. */
	readonly steps: number;
	/** The state after the last step. */
	readonly state: TrainState;
}

/**
 * Trains on caption-level pairs and returns the trained model. The same input and seed give the same bits, however often
 * the run was stopped and resumed. Throws `invalid-data`, `invalid-checkpoint`, `non-finite` (naming the step), `aborted`.
 */
export async function* train(input: TrainInput): AsyncGenerator<StageEvent, TrainResult> {
	const { runtime, model, stage, signal, resume, checkpoint } = input;
	const options = TrainOptions.parse(input.options);
	const { epochs, batchSize, freeze } = options;
	const pairs = createPairs(model, input.images, input.samples);
	const perEpoch = Math.floor(pairs.count / batchSize);
	if (perEpoch === 0)
		throw new MithridateError(
			"invalid-data",
			`There are ${pairs.count} pairs, fewer than one batch of ${batchSize}; lower batchSize or add pairs.`,
			{ subject: "batchSize" },
		);
	const steps = epochs * perEpoch;
	const shuffle = input.random.split("shuffle");
	const layout = layOut(parameterShapes(model.config), (name) => isFrozen(freeze, name));
	if (resume) checkResume(resume, layout, { pairs: pairs.count, random: shuffle, steps });

	const state = runtime.createState(stateSpecs(layout), resume?.buffers ?? freshBuffers(layout, model));
	const executables = new Map<number, Executable>();
	const snapshot = async (step: number): Promise<TrainState> => ({
		step,
		pairs: pairs.count,
		random: shuffle.state(),
		buffers: (await state.read()) as Record<string, Float32Array>,
	});
	let order: readonly number[] = [];
	const batchOf = (step: number) => {
		const place = step % perEpoch;
		if (place === 0 || order.length === 0) order = pairs.order(shuffle, Math.floor(step / perEpoch));
		return pairs.assemble(order.slice(place * batchSize, (place + 1) * batchSize));
	};

	try {
		const first = resume?.step ?? 0;
		let batch = first < steps ? batchOf(first) : null;
		for (let step = first; step < steps; step++) {
			if (signal?.aborted) throw new TrainingAborted(await snapshot(step), signal.reason);
			const { length, ...arrays } = batch!;
			let executable = executables.get(length);
			if (!executable) {
				executable = await runtime.compile(stepProgram(model.config, options, { layout, length }));
				executables.set(length, executable);
			}
			const began = performance.now();
			const learningRate = learningRateAt(options, step, steps);
			const running = executable.run(state, { ...arrays, ...ratesAt(learningRate, step + 1, options) });
			// Assembled while the runtime works on the batch before it.
			batch = step + 1 < steps ? batchOf(step + 1) : null;
			const { loss, gradientNorm, temperature } = await running;
			checkFinite(step + 1, { loss: loss![0]!, gradientNorm: gradientNorm![0]! });
			yield {
				type: "train-step",
				stage,
				step: step + 1,
				steps,
				epoch: Math.floor(step / perEpoch),
				loss: loss![0]!,
				learningRate,
				logitScale: Math.exp(temperature![0]!),
				gradientNorm: gradientNorm![0]!,
				pairsPerSecond: (1000 * batchSize) / (performance.now() - began),
			};
			if (checkpoint && (step + 1) % checkpoint.everySteps === 0) await checkpoint.save(await snapshot(step + 1));
		}
		const last = await snapshot(steps);
		return { model: { ...model, parameters: namedWeights(layout, last.buffers) }, steps, state: last };
	} finally {
		for (const executable of executables.values()) executable.dispose();
		state.dispose();
	}
}

function isFrozen(freeze: TrainOptions["freeze"], name: string): boolean {
	const tower = towerOfParameter(name);
	if (tower === null) return false;
	return freeze === "both" || freeze === (tower === "vision" ? "image" : "text");
}

/** The model's weights and zero moments. */
function freshBuffers(layout: Layout, model: ClipModel): Record<string, Float32Array> {
	const buffers: Record<string, Float32Array> = {};
	for (const [name, { shape }] of Object.entries(stateSpecs(layout))) buffers[name] = new Float32Array(shape[0]!);
	for (const group of layout) buffers[weightsOf(group.name)] = flatten(group, model.parameters);
	return buffers;
}

function namedWeights(layout: Layout, buffers: TrainState["buffers"]): ClipModel["parameters"] {
	return Object.assign({}, ...layout.map((group) => unflatten(group, buffers[weightsOf(group.name)]!)));
}

function checkResume(resume: TrainState, layout: Layout, now: { pairs: number; random: Random; steps: number }): void {
	const fault = (subject: string, problem: string) =>
		new MithridateError("invalid-checkpoint", `The training state cannot be resumed: ${problem}.`, { subject });
	if (resume.pairs !== now.pairs) throw fault("pairs", `it was made on ${resume.pairs} pairs, not ${now.pairs}`);
	if (resume.step > now.steps) throw fault("step", `it has done ${resume.step} steps, this run has ${now.steps}`);
	if (JSON.stringify(resume.random) !== JSON.stringify(now.random.state()))
		throw fault("random", "it was made with another seed");
	for (const [name, { shape }] of Object.entries(stateSpecs(layout)))
		if (resume.buffers[name]?.length !== shape[0])
			throw fault(name, `its buffer ${name} holds ${resume.buffers[name]?.length ?? "no"} values, not ${shape[0]}`);
}

function checkFinite(step: number, values: { loss: number; gradientNorm: number }): void {
	for (const [name, value] of Object.entries(values))
		if (!Number.isFinite(value))
			throw new MithridateError(
				"non-finite",
				`The ${name} is ${value} at step ${step}; lower the learning rate or clip.`,
				{
					subject: `step ${step}`,
				},
			);
}
