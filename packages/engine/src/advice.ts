/** What a configuration may say, and yet is likely not meant. */
import { isShipped } from "./checkpoints.ts";
import { defenseOf, type ExperimentConfig, parseExperiment } from "./config.ts";
import { TrainOptions } from "./training/options.ts";

/**
 * Sentences on a checked configuration, each with the settings, their values and the remedy; none where all is well.
 * Checkpoints from elsewhere are CLIP's as a rule, a hundred times as large as the shipped ones, which the default
 * learning rates fit.
 */
export function adviceOn({ checkpoints, training, defenses }: ExperimentConfig): string[] {
	const { start } = checkpoints;
	if (start === null || isShipped(start)) return [];
	const rates = [
		{ setting: "training.learningRate", rate: training.learningRate, usual: parseExperiment({}).training.learningRate },
		...defenses.map((choice) => ({
			setting: `learningRate of ${choice.name}`,
			rate: rateOf(choice.params),
			usual: rateOf(defenseOf(choice).params.parse({})),
		})),
	].filter(({ rate, usual }) => rate !== undefined && rate === usual);
	if (rates.length === 0) return [];
	const said = rates.map(({ setting, rate }) => `${setting} is ${rate}`).join(", ");
	const paper = TrainOptions.parse({}).learningRate;
	return [
		`${said}: defaults that fit the small shipped checkpoints. Training starts from ${start}; if that is CLIP, give ${paper}, as the presets of the paper do.`,
	];
}

const rateOf = (params: unknown) => (params as { readonly learningRate?: number }).learningRate;
