/** What one experiment is: data, attack, training and defenses, with every default in the schema. */
import { z } from "zod";
import * as attacks from "./attacks/index.ts";
import type { DatasetIo, DatasetSource } from "./data/sets/dataset-source.ts";
import * as datasets from "./data/sets/index.ts";
import * as defenses from "./defenses/index.ts";
import { MithridateError } from "./errors.ts";
import { TrainOptions } from "./training/options.ts";
import type { Attack, Dataset, Defense, ProgressEvent } from "./types.ts";

/** A union of `{ name, params }` over a registry's entries: adding an entry to the registry adds its case here. */
function choiceOf<Registry extends Readonly<Record<string, { params: z.ZodType }>>>(registry: Registry) {
	type Name = keyof Registry & string;
	type Case = {
		[N in Name]: z.ZodObject<{ name: z.ZodLiteral<N>; params: z.ZodPrefault<Registry[N]["params"]> }>;
	}[Name];
	const cases = Object.entries(registry).map(([name, entry]) =>
		z.strictObject({ name: z.literal(name), params: entry.params.prefault({}) }),
	);
	return z.discriminatedUnion("name", cases as unknown as [Case, ...Case[]]);
}

export const DatasetChoice = choiceOf(datasets);
export const AttackChoice = choiceOf(attacks);
export const DefenseChoice = choiceOf(defenses);

const { shape } = TrainOptions;

/**
 * Fine-tuning settings whose defaults fit the shipped checkpoints, which are a hundred times smaller than the paper's
 * CLIP and learn at a higher rate; the paper's own are the defaults of `TrainOptions`.
 */
const FineTuning = TrainOptions.extend({
	epochs: shape.epochs.removeDefault().default(2),
	learningRate: shape.learningRate.removeDefault().default(6.5e-5),
	minimumLearningRate: shape.minimumLearningRate.removeDefault().default(6.5e-6),
	warmupSteps: shape.warmupSteps.removeDefault().default(20),
	clipNorm: shape.clipNorm.removeDefault().default(1),
});

export const ExperimentConfig = z.strictObject({
	dataset: DatasetChoice.prefault({ name: "emojiPascal" }).describe("Data set and its settings."),
	attack: AttackChoice.prefault({ name: "singleLabel" }).describe("How the training pairs are poisoned."),
	defenses: z
		.array(DefenseChoice)
		.default(() => DefenseChoice.array().parse([{ name: "filter" }, { name: "cure" }]))
		.describe("Defenses to try, each on the same poisoned pairs and model."),
	checkpoints: z
		.strictObject({
			start: z
				.string()
				.nullable()
				.default(null)
				.describe("Folder of the checkpoint training starts from, or one shipped: base (null), reference, patches."),
			reference: z
				.string()
				.nullable()
				.default(null)
				.describe("Folder of the checkpoint filters score with, or one shipped: reference (null), base, patches."),
		})
		.prefault({})
		.describe("The two checkpoints of an experiment."),
	training: FineTuning.prefault({}).describe("Fine-tuning settings, the same for every model of the experiment."),
	evaluation: z
		.strictObject({
			cutoffs: z
				.array(z.int().min(1))
				.min(1)
				.default([1, 5, 10, 20, 30, 50])
				.describe("K of Hit@K; none above the number of test images."),
			probes: z
				.int()
				.min(0)
				.max(50)
				.default(0)
				.describe("Measurements within each training, evenly spaced, besides the one after it."),
		})
		.prefault({})
		.describe("What is measured, and how often."),
	seeds: z
		.array(z.int().min(0))
		.min(1)
		.default([1])
		.refine((seeds) => new Set(seeds).size === seeds.length, "each seed may stand only once")
		.describe("One whole repetition per seed."),
	runtime: z
		.strictObject({
			runtime: z
				.enum(["auto", "onnx", "tensorflow"])
				.default("auto")
				.describe("What carries out the arithmetic. auto: the fastest that is installed."),
			device: z
				.enum(["auto", "cpu", "webgpu", "cuda"])
				.default("auto")
				.describe("Where it is carried out. auto: the fastest that is found."),
			threads: z.int().min(0).max(1024).default(0).describe("Threads of the CPU provider; 0: one per core."),
		})
		.prefault({})
		.describe("What trains and embeds."),
});
export type ExperimentConfig = z.output<typeof ExperimentConfig>;
export type ExperimentInput = z.input<typeof ExperimentConfig>;

/**
 * Checks a configuration and fills in the defaults.
 * @throws MithridateError `invalid-config` naming every offending field.
 */
export function parseExperiment(input: unknown): ExperimentConfig {
	const parsed = ExperimentConfig.safeParse(input);
	if (parsed.success) return parsed.data;
	const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "config"}: ${issue.message}`);
	throw new MithridateError("invalid-config", `The configuration is not valid.\n  ${issues.join("\n  ")}`, {
		subject: parsed.error.issues[0]?.path.join(".") ?? "config",
	});
}

/** Makes or opens the chosen data set. */
export function loadDataset(
	{ name, params }: ExperimentConfig["dataset"],
	io: DatasetIo,
): AsyncGenerator<ProgressEvent, Dataset> {
	return (datasets[name] as unknown as DatasetSource).load(params, io);
}

/** The registry entry behind a choice, with its parameters already checked. */
export function attackOf(choice: ExperimentConfig["attack"]): Attack {
	return attacks[choice.name] as unknown as Attack;
}

/** As `attackOf`, for a defense. */
export function defenseOf(choice: ExperimentConfig["defenses"][number]): Defense {
	return defenses[choice.name] as unknown as Defense;
}
