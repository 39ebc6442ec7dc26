/** The one training loop: contrastive fine-tuning or pre-training of a CLIP on pairs (the paper's section 4.1). */
import { createPairs, type PairBatch, type Pairs } from "./data/batches.ts";
import { MithridateError } from "./errors.ts";
import type { ClipModel } from "./model/clip.ts";
import type { LoadedEncoder } from "./model/encoder.ts";
import { parameterShapes, towerOfParameter } from "./model/parameters.ts";
import type { Random } from "./random.ts";
import type { Runtime } from "./runtime/contract.ts";
import { accumulatedSteps } from "./training/accumulate.ts";
import { ratesAt, stateSpecs, weightsOf } from "./training/adamw.ts";
import { flatten, type Layout, layOut, unflatten } from "./training/layout.ts";
import { worthwhileLengths } from "./training/lengths.ts";
import { mixWeights } from "./training/mixing.ts";
import { checkObjective, clipObjective, needsViews } from "./training/objective.ts";
import { learningRateAt, TrainOptions } from "./training/options.ts";
import { checkResume, TrainingAborted, type TrainState } from "./training/state.ts";
import { type CompiledStep, type StepPlan, type StepResult, wholeBatchSteps } from "./training/step.ts";
import type { ImageStore, Objective, Sample, StageEvent } from "./types.ts";

export { TrainOptions } from "./training/options.ts";
export { loadTrainState, saveTrainState, TrainingAborted, type TrainState } from "./training/state.ts";

export interface TrainInput {
	readonly runtime: Runtime;
	/** Where training starts; never changed. */
	readonly model: ClipModel;
	readonly images: ImageStore;
	readonly samples: readonly Sample[];
	readonly options: TrainOptions;
	/** What is minimised; the CLIP loss where it is left out. */
	readonly objective?: Objective | undefined;
	/** Logit scale to start at; the model's own where it is left out. */
	readonly logitScale?: number | undefined;
	/** Share of the trained weights in every model handed out, the rest being those of `model`; 1 where it is left out. */
	readonly mixing?: number | undefined;
	readonly random: Random;
	/** Name in events, e.g. "fine-tune". */
	readonly stage: string;
	/** Checked between steps; training then throws `TrainingAborted` with the state to resume from. */
	readonly signal?: AbortSignal | undefined;
	/** Goes on from here instead of from the first step; `model` then gives the architecture, and what is mixed in. */
	readonly resume?: TrainState | undefined;
	/** Hands out the state every so many steps, so that a killed process loses little. */
	readonly checkpoint?: { readonly everySteps: number; save(state: TrainState): Promise<void> } | undefined;
	/** Shows the model as it is after so many evenly spaced steps, the last one left out: that model is the result. */
	readonly snapshots?: { readonly count: number; open(model: ClipModel): LoadedEncoder } | undefined;
}

export interface TrainResult {
	readonly model: ClipModel;
	/** Steps done, those before a resume included. */
	readonly steps: number;
	/** The state after the last step. */
	readonly state: TrainState;
}

/**
 * Trains on caption-level pairs and returns the trained model. The same input and seed give the same bits, however often
 * the run was stopped and resumed. Throws `invalid-config`, `invalid-data`, `invalid-checkpoint`, `non-finite` (naming
 * the step), and `TrainingAborted`.
 */
export async function* train(input: TrainInput): AsyncGenerator<StageEvent, TrainResult> {
	const { runtime, model, stage, signal, resume, checkpoint, snapshots, objective = clipObjective } = input;
	checkObjective(objective);
	const options = TrainOptions.parse(input.options);
	const { epochs, batchSize } = options;
	const { images, samples } = input;
	const pairs = createPairs(model, { ...options, images, samples, hasViews: needsViews(objective) });
	const perEpoch = Math.floor(pairs.count / batchSize);
	if (perEpoch === 0) throw tooFewPairs(pairs.count, batchSize);
	const steps = epochs * perEpoch;
	const shuffle = input.random.split("shuffle");
	const layout = layOut(parameterShapes(model.config), (name) => isFrozen(options.freeze, name));
	const kept = stateSpecs(layout);
	if (resume) checkResume(resume, { buffers: kept, pairs: pairs.count, random: shuffle.state(), steps });

	const method = stepMethod({ config: model.config, options, layout, objective });
	const state = runtime.createState(method.state, resume?.buffers ?? freshWeights(layout, startOf(input)));
	const compiled = new Map<number, CompiledStep>();
	const shown = snapshotSteps(snapshots?.count ?? 0, steps);
	const modelAt = ({ buffers }: TrainState): ClipModel => ({
		...model,
		parameters: mixWeights(model.parameters, namedWeights(layout, buffers), input.mixing ?? 1),
	});
	const snapshot = async (step: number): Promise<TrainState> => ({
		step,
		pairs: pairs.count,
		random: shuffle.state(),
		buffers: (await state.read(Object.keys(kept))) as Record<string, Float32Array>,
	});

	try {
		const first = resume?.step ?? 0;
		const batchAt = batchesInOrder(pairs, shuffle, { perEpoch, batchSize });
		let batch = first < steps ? batchAt(first) : null;
		for (let step = first; step < steps; step++) {
			if (signal?.aborted) throw new TrainingAborted(await snapshot(step), signal.reason);
			const { length } = batch!;
			if (!compiled.has(length)) compiled.set(length, await method.compile(runtime, length));
			const learningRate = learningRateAt(options, step, steps);
			const running = compiled.get(length)!.run(state, batch!, ratesAt(learningRate, step + 1, options));
			// Assembled while the runtime works on the batch before it.
			batch = step + 1 < steps ? batchAt(step + 1) : null;
			const result = await running;
			checkFinite(step + 1, result);
			yield {
				type: "train-step",
				stage,
				step: step + 1,
				steps,
				epoch: Math.floor(step / perEpoch),
				loss: result.loss,
				learningRate,
				logitScale: Math.exp(result.temperature),
				gradientNorm: result.gradientNorm,
			};
			if (checkpoint && (step + 1) % checkpoint.everySteps === 0) await checkpoint.save(await snapshot(step + 1));
			if (snapshots && shown.has(step + 1)) {
				const encoder = snapshots.open(modelAt(await snapshot(step + 1)));
				try {
					yield { type: "snapshot", stage, step: step + 1, steps, encoder };
				} finally {
					encoder.dispose();
				}
			}
		}
		const last = await snapshot(steps);
		return { model: modelAt(last), steps, state: last };
	} finally {
		for (const step of compiled.values()) step.dispose();
		state.dispose();
	}
}

function stepMethod(plan: StepPlan) {
	const { batchSize, microBatch } = plan.options;
	if (microBatch === null || microBatch >= batchSize) return wholeBatchSteps(plan);
	if (batchSize % microBatch !== 0)
		throw new MithridateError(
			"invalid-config",
			`microBatch ${microBatch} does not divide batchSize ${batchSize}; choose a divisor.`,
			{ subject: "microBatch" },
		);
	if (plan.layout.some(({ name }) => name === "statistics"))
		throw new MithridateError(
			"invalid-config",
			`microBatch ${microBatch} would normalise a ResNet over parts of the batch; set it to null, or freeze the image tower.`,
			{ subject: "microBatch" },
		);
	return accumulatedSteps(plan, microBatch);
}

/** Steps done, evenly spaced, none of them the first or the last. */
function snapshotSteps(count: number, steps: number): ReadonlySet<number> {
	const spaced = Array.from({ length: count }, (_, at) => Math.round(((at + 1) * steps) / (count + 1)));
	return new Set(spaced.filter((step) => step > 0 && step < steps));
}

/**
 * The batch of any step, good until the one after the next is asked for: one is made while the runtime works on the one
 * before. The order of the current epoch is kept. Text lengths follow from the first epoch's batches.
 */
function batchesInOrder(
	pairs: Pairs,
	shuffle: Random,
	{ perEpoch, batchSize }: { perEpoch: number; batchSize: number },
) {
	let current = 0;
	let order = pairs.order(shuffle, current);
	let [spent, latest]: (PairBatch | undefined)[] = [];
	const rowsOf = (place: number) => order.slice(place * batchSize, (place + 1) * batchSize);
	const needed = Array.from({ length: perEpoch }, (_, place) => pairs.textLength(rowsOf(place)));
	const lengths = worthwhileLengths(needed, pairs.textLength(order));
	return (step: number) => {
		const epoch = Math.floor(step / perEpoch);
		if (epoch !== current) order = pairs.order(shuffle, epoch);
		current = epoch;
		const rows = rowsOf(step % perEpoch);
		const least = pairs.textLength(rows);
		const length = lengths.find((each) => each >= least)!;
		const batch = pairs.assemble(rows, shuffle.split(`crops/${epoch}`), length, spent);
		[spent, latest] = [latest, batch];
		return batch;
	};
}

function isFrozen(freeze: TrainOptions["freeze"], name: string): boolean {
	const tower = towerOfParameter(name);
	if (tower === null) return false;
	return freeze === "both" || freeze === (tower === "vision" ? "image" : "text");
}

/** The parameters that the first step finds. */
function startOf({ model: { parameters }, logitScale }: TrainInput): ClipModel["parameters"] {
	if (logitScale === undefined) return parameters;
	return { ...parameters, logit_scale: { shape: [], data: Float32Array.of(Math.log(logitScale)) } };
}

/** Weights by state name; a runtime starts the moments at zero. */
function freshWeights(layout: Layout, parameters: ClipModel["parameters"]): Record<string, Float32Array> {
	return Object.fromEntries(layout.map((group) => [weightsOf(group.name), flatten(group, parameters)]));
}

function namedWeights(layout: Layout, buffers: TrainState["buffers"]): ClipModel["parameters"] {
	return Object.assign({}, ...layout.map((group) => unflatten(group, buffers[weightsOf(group.name)]!)));
}

function tooFewPairs(pairs: number, batchSize: number): MithridateError {
	return new MithridateError(
		"invalid-data",
		`There are ${pairs} pairs, fewer than one batch of ${batchSize}; lower batchSize or add pairs.`,
		{ subject: "batchSize" },
	);
}

function checkFinite(step: number, { loss, gradientNorm }: StepResult): void {
	for (const [name, value] of Object.entries({ loss, "gradient norm": gradientNorm }))
		if (!Number.isFinite(value))
			throw new MithridateError(
				"non-finite",
				`The ${name} is ${value} at step ${step}; lower learningRate or set clipNorm.`,
				{ subject: `step ${step}` },
			);
}
