/** Guesses how long a run takes, from the runs that ended well here, step by step. */
import { canonicalJson, type RunDuration } from "@mithridate/db";
import { defenses, type ExperimentConfig } from "@mithridate/engine";
import type { RunEstimate } from "./retrieval.type.ts";

/** Seconds a step takes before anything was measured here: 2.3 minutes of the default experiment on two cores. */
const USUAL_SECONDS_PER_STEP = 0.13;
const CAPTIONS_PER_IMAGE = 5;
const CLASSES = 20;

interface Counts {
	readonly trainCount: number;
	readonly trustedCount: number;
}

/** A training of an experiment. */
interface Training {
	/** Equal for trainings that come out the same, which are done once, whatever runs ask for them. */
	readonly work: string;
	readonly steps: number;
}

/** The trainings of the clean and the poisoned model and of every defense. */
function trainingsOf(config: ExperimentConfig, { trainCount, trustedCount }: Counts): Training[] {
	const { training, defenses: chosen, attack, dataset, checkpoints, seeds } = config;
	const steps = (images: number, epochs: number) =>
		Math.floor((images * CAPTIONS_PER_IMAGE) / training.batchSize) * epochs;
	const suspicious = steps(trainCount, training.epochs);
	const clean = [dataset, checkpoints, training, seeds];
	const poisoned = [...clean, attack];
	return [
		{ work: canonicalJson(clean), steps: suspicious },
		{ work: canonicalJson(poisoned), steps: suspicious },
		...chosen.map((defense) => {
			const epochs = (defense.params as { epochs?: number }).epochs ?? training.epochs;
			const images = defenses[defense.name].stage === "before-training" ? trainCount : trustedCount;
			return { work: canonicalJson([...poisoned, defense]), steps: steps(images, epochs) };
		}),
	];
}

/** Training steps of experiments; what several of them train alike counts once. */
function stepsOf(configs: readonly ExperimentConfig[], countsOf: (config: ExperimentConfig) => Counts): number {
	const trainings = configs.flatMap((config) => trainingsOf(config, countsOf(config)));
	const distinct = new Map(trainings.map(({ work, steps }) => [work, steps]));
	return [...distinct.values()].reduce((sum, steps) => sum + steps, 0);
}

/** What is taken for granted of a data set that was never used here. */
const usual: Counts = { trainCount: 2500, trustedCount: 4000 };

/** Images of the configuration's data set: as an earlier run had them, else as its settings say. */
function countsOf({ dataset }: ExperimentConfig, past: readonly RunDuration[]): Counts {
	const text = canonicalJson(dataset);
	const same = past.find(({ config }) => canonicalJson(config.dataset) === text);
	if (same) return same;
	if (dataset.name !== "emojiPascal") return usual;
	const { trainPerClass, filler, trusted } = dataset.params;
	return { trainCount: trainPerClass * CLASSES + filler, trustedCount: trusted };
}

/**
 * How long runs take one after the other; what they train alike is trained once.
 * @param past Runs that ended well, the newest first.
 */
export function estimate(
	configs: readonly ExperimentConfig[],
	past: readonly RunDuration[],
): Omit<RunEstimate, "advice"> {
	const steps = stepsOf(configs, (config) => countsOf(config, past));
	const rates = past
		.map((run) => ({ seconds: run.seconds, steps: stepsOf([run.config], () => run) }))
		.filter((run) => run.steps > 0 && run.seconds > 0)
		.map((run) => run.seconds / run.steps)
		.sort((a, b) => a - b);
	const median = rates[Math.floor(rates.length / 2)];
	if (median === undefined)
		return {
			seconds: steps * USUAL_SECONDS_PER_STEP,
			basis: `No run has ended here yet: ${USUAL_SECONDS_PER_STEP} s a step, as measured on two cores.`,
			steps,
		};
	const basis = `Median of ${rates.length === 1 ? "the last run" : `the last ${rates.length} runs`}: ${median.toPrecision(2)} s a step.`;
	return { seconds: steps * median, basis, steps };
}
