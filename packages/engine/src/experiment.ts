/** The spine: poison, train, evaluate, defend, evaluate again. It reads like the paper's method section. */
import { openCheckpoints } from "./checkpoints.ts";
import { attackOf, defenseOf, type ExperimentConfig, loadDataset } from "./config.ts";
import { applyEdits } from "./data/edits.ts";
import { MithridateError } from "./errors.ts";
import { checkCutoffs, type EvaluationResult, embedLabelled, embedSplit, evaluate } from "./evaluate.ts";
import type { ExperimentEvent, FilterEnd, ResultRow } from "./events.ts";
import { Random } from "./random.ts";
import { filterEnd, meanFilter, resultRow } from "./results.ts";
import { openRuntime } from "./runtime/index.ts";
import type { StageStore } from "./stages.ts";
import { createTrainer, type TrainedModel, type Trainer } from "./trainer.ts";
import type { AttackInput, Dataset, DefenseInput, EmbeddedSplit, Encoder, Poisoning, StageEvent } from "./types.ts";

/** What the engine needs from outside: it has no clock, no storage and no signals of its own. */
export interface ExperimentIo {
	readonly stages: StageStore;
	/** Folder for rendered data sets. */
	readonly cacheFolder: string;
	/** Where imported data sets lie whose folder the configuration does not name. */
	readonly datasetFolder?: string | undefined;
	/** Monotonic milliseconds. */
	now(): number;
	peakMemoryBytes(): number;
	/** Steps between two saved training states; 100 where it is left out. */
	readonly checkpointEvery?: number | undefined;
	/** Told of the data set before anything is trained on it. */
	recordDataset?(dataset: Dataset): Promise<void>;
	/** Whether `evaluation.probes` applies to a model's training; to all where it is left out. */
	isProbed?(model: string): boolean;
	readonly signal?: AbortSignal | undefined;
}

const CHECKPOINT_EVERY = 100;

/** Throws for a defense that would find out only after hours of training that it has nothing to train on. */
function checkTrusted(chosen: ExperimentConfig["defenses"], { trusted, name }: Dataset): void {
	if (trusted.samples.length > 0) return;
	const wanting = chosen.find((choice) => defenseOf(choice).stage === "after-training");
	if (wanting === undefined) return;
	throw new MithridateError(
		"invalid-data",
		`The defense "${wanting.name}" trains on trusted pairs, and the data set ${name} has none. Import it with some, as with the importer's visualGenome or trustedShare, or leave the defense out.`,
		{ subject: "defenses" },
	);
}

/** One seed's repetition, planned before any training so that bad input shows at once. */
interface Plan {
	readonly seed: number;
	readonly random: Random;
	readonly poisoning: Poisoning;
}

/** What all seeds share. */
interface Laboratory {
	readonly config: ExperimentConfig;
	readonly io: ExperimentIo;
	readonly dataset: Dataset;
	readonly trainer: Trainer;
	readonly base: TrainedModel;
	readonly reference: TrainedModel;
	/** The test split under the base, which embedding shifts are measured against. */
	readonly before: EmbeddedSplit;
	/** Whether goals are tested with the attack's patch. */
	readonly isStamped: boolean;
	/** Threads that rank. */
	readonly threads: number;
}

/**
 * Runs every seed of an experiment and tells of it as it goes; the last event is `experiment-end`.
 * @throws MithridateError for bad input before any training, `aborted` when the signal fires, `non-finite` when training diverges.
 */
export async function* runExperiment(
	config: ExperimentConfig,
	io: ExperimentIo,
): AsyncGenerator<ExperimentEvent, void> {
	const began = io.now();
	const runtime = await openRuntime(config.runtime);
	let trainer: Trainer | undefined;
	try {
		const checkpoints = await openCheckpoints(config.checkpoints);
		const dataset = yield* ofSeed(
			null,
			loadDataset(config.dataset, {
				cacheFolder: io.cacheFolder,
				datasetFolder: io.datasetFolder,
				signal: io.signal,
			}),
		);
		checkCutoffs(config.evaluation.cutoffs, dataset);
		checkTrusted(config.defenses, dataset);
		await io.recordDataset?.(dataset);
		const attack = attackOf(config.attack);
		const patch = attack.patch?.(config.attack.params) ?? null;
		trainer = createTrainer({
			runtime,
			images: dataset.images,
			datasetHash: dataset.hash,
			patch,
			options: config.training,
			stages: io.stages,
			checkpointEvery: io.checkpointEvery ?? CHECKPOINT_EVERY,
			snapshots: (stage) => (io.isProbed?.(stage) === false ? 0 : config.evaluation.probes),
			signal: io.signal,
		});
		const base = trainer.open(checkpoints.start);
		const reference = trainer.open(checkpoints.reference);
		const testRows = dataset.test.samples.map(({ image }) => image);
		const testEmbeddings = yield* ofSeed(null, reference.embedImages(testRows));
		const trainEmbeddings = attack.needsTrainEmbeddings
			? yield* ofSeed(null, embedLabelled(reference, dataset.train))
			: undefined;
		const { classes, train, test } = dataset;
		const material = { classes, train, test, testEmbeddings, ...(trainEmbeddings && { trainEmbeddings }) };
		const plans = config.seeds.map((seed) => plan(config, material, seed));
		const before = yield* ofSeed(null, embedSplit(base, dataset.test));
		const { name, device, threads, reason, versions } = runtime;
		yield {
			type: "experiment-start",
			config,
			dataset: {
				name: dataset.name,
				hash: dataset.hash,
				train: dataset.train.samples.length,
				test: dataset.test.samples.length,
			},
			checkpoints: { start: base.hash, reference: reference.hash },
			runtime: { name, device, threads, reason, versions },
		};

		const isStamped = patch !== null;
		const laboratory: Laboratory = { config, io, dataset, trainer, base, reference, before, isStamped, threads };
		const rows: ResultRow[] = [];
		const filters: FilterEnd[] = [];
		const poisonShares: number[] = [];
		for (const one of plans) {
			for await (const event of repetition(laboratory, one)) {
				if (event.type === "attack-end") poisonShares.push(event.poisonShare);
				if (event.type === "evaluation-end") rows.push(event.row);
				if (event.type === "filter-end") filters.push(event);
				yield event;
			}
		}
		yield {
			type: "experiment-end",
			poisonShare: poisonShares[0] as number,
			rows,
			filter: meanFilter(filters),
			seconds: (io.now() - began) / 1000,
			peakMemoryBytes: io.peakMemoryBytes(),
		};
	} finally {
		trainer?.dispose();
		await runtime.dispose();
	}
}

function plan({ attack }: ExperimentConfig, material: AttackInput, seed: number): Plan {
	const random = new Random(seed);
	return { seed, random, poisoning: attackOf(attack).poison(material, attack.params, random.split("attack")) };
}

/** One seed: clean, poisoned and each defense, measured alike. The same streams train all of them, so that they pair. */
async function* repetition(lab: Laboratory, { seed, random, poisoning }: Plan): AsyncGenerator<ExperimentEvent, void> {
	const { config, dataset, trainer, base, reference } = lab;
	const poisoned = applyEdits(dataset.train, dataset.images, poisoning.edits);
	yield {
		type: "attack-end",
		seed,
		goals: poisoning.goals,
		poisoned: poisoning.poisoned.size,
		samples: poisoned.samples.length,
		poisonShare: poisoning.poisoned.size / poisoned.samples.length,
		edits: poisoning.edits,
	};
	let clean: EmbeddedSplit | undefined;
	const measured = (name: string, make: AsyncGenerator<StageEvent, TrainedModel>, known?: EmbeddedSplit) =>
		stage(lab, { seed, name, make, known, goals: poisoning.goals, random: random.split("evaluate"), clean });
	const train: DefenseInput<TrainedModel>["train"] = (from, samples, overrides) =>
		trainer.train(from, samples, { random: random.split("train"), ...overrides });

	yield* measured("base", untrained(base), lab.before);
	const untouched = yield* measured("clean", train(base, dataset.train.samples, { stage: "clean" }));
	clean = untouched.embedded;
	const { encoder: victim } = yield* measured("poisoned", train(base, poisoned.samples, { stage: "poisoned" }));
	for (const choice of config.defenses) {
		const defense = defenseOf(choice);
		const filters: FilterEnd[] = [];
		const input = { start: base, victim, reference, pairs: poisoned.samples, trusted: dataset.trusted.samples };
		const make = async function* (): AsyncGenerator<StageEvent, TrainedModel> {
			const { model, filter } = yield* defense.defend(
				{ ...input, random: random.split(choice.name), train },
				choice.params,
			);
			if (filter) filters.push(filterEnd(filter, { seed, defense: choice.name, samples: poisoned.samples, poisoning }));
			return model;
		};
		yield* measured(defense.outcome, make());
		yield* filters;
	}
}

/** Makes one model and evaluates it; gives it with the test split under it, which may be known before. */
async function* stage(
	{ io, dataset, before, config, isStamped, threads }: Laboratory,
	{
		seed,
		name,
		make,
		known,
		goals,
		random,
		clean,
	}: {
		seed: number;
		name: string;
		make: AsyncGenerator<StageEvent, TrainedModel>;
		known: EmbeddedSplit | undefined;
		goals: Poisoning["goals"];
		random: Random;
		clean: EmbeddedSplit | undefined;
	},
): AsyncGenerator<ExperimentEvent, { encoder: TrainedModel; embedded: EmbeddedSplit }> {
	const began = io.now();
	const measure = (encoder: Encoder, embedded?: EmbeddedSplit) =>
		ofSeed(
			seed,
			evaluate({
				encoder,
				embedded,
				dataset,
				goals,
				random,
				before,
				clean,
				isStamped,
				threads,
				cutoffs: config.evaluation.cutoffs,
			}),
		);
	yield { type: "stage-start", seed, stage: name };
	const encoder = yield* probed(make, { seed, name, measure });
	const embedded = known ?? (yield* ofSeed(seed, embedSplit(encoder, dataset.test)));
	const evaluation = yield* measure(encoder, embedded);
	const seconds = (io.now() - began) / 1000;
	yield { type: "evaluation-end", row: resultRow(evaluation, { model: name, seed, seconds }), evaluation };
	return { encoder, embedded };
}

/** Measures the models that a training shows on its way. */
async function* probed(
	make: AsyncGenerator<StageEvent, TrainedModel>,
	{
		seed,
		name,
		measure,
	}: { seed: number; name: string; measure(encoder: Encoder): AsyncGenerator<ExperimentEvent, EvaluationResult> },
): AsyncGenerator<ExperimentEvent, TrainedModel> {
	try {
		for (;;) {
			const { done, value } = await make.next();
			if (done) return value;
			if (value.type !== "snapshot") yield { ...value, seed };
			else {
				const { step, steps, encoder } = value;
				const evaluation = yield* measure(encoder);
				yield {
					type: "probe-end",
					step,
					steps,
					row: resultRow(evaluation, { model: name, seed, seconds: 0 }),
					evaluation,
				};
			}
		}
	} finally {
		// Whoever stops listening also stops the training, which then frees what it holds.
		await make.return(undefined as never);
	}
}

/** The stage of a model that is taken as it is. */
async function* untrained(model: TrainedModel): AsyncGenerator<StageEvent, TrainedModel> {
	yield { type: "progress", stage: "base", done: 1, total: 1 };
	return model;
}

/** Marks a stage's events with the seed they belong to; null for work that all seeds share. */
async function* ofSeed<Event extends StageEvent, Result>(
	seed: number | null,
	work: AsyncGenerator<Event, Result>,
): AsyncGenerator<Event & { seed: number | null }, Result> {
	for (;;) {
		const { done, value } = await work.next();
		if (done) return value;
		yield { ...value, seed };
	}
}
