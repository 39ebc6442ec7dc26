/** Command-line flags of studies. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { MithridateError } from "@mithridate/engine";
import { DATASETS, type DatasetName, type StudySetting, studiesInOrder } from "../src/index.ts";
import type { Load } from "./here.ts";

const settingUsage = `  --dataset NAME     ${DATASETS.join(", ")} (default ${DATASETS[0]})
  --folder DIR       where that data set was imported to (default data/)
  --checkpoint DIR   model that training starts from, with --reference (default: those shipped)
  --reference DIR    model that filters score with
  --seeds LIST       comma-separated seeds (default 1,2,3)
  --whole            every point of the paper's figures instead of a few`;

const localUsage = `  --at-once N        experiments that run at the same time, each in a process of its own (default: one per core
                     while memory lasts); several with a thread each get more done than one with many
  --threads N        threads of each (default: the cores, divided among them)
  --json             one event per line on standard output and nothing else
  --out DIR          folder of the results
  --help             this text`;

export const studyUsage = () => `Usage: npm run study -- NAME --local [flags]

Runs one study of the paper, or beyond it, and prints its tables and verdicts.

${studiesInOrder.map(({ name, source, title }) => `  ${name.padEnd(18)} ${source}: ${title}`).join("\n")}

${settingUsage}
  --local            on this machine, without a server; the platform's queue takes studies from the dashboard and the API
${localUsage}

A stopped local run goes on where it stopped when the same command is given again.`;

export const reproduceUsage = `Usage: npm run reproduce -- [flags]

Runs every study on this machine and writes docs/reproduction.md.

${settingUsage}
  --only NAMES       comma-separated: these studies alone, with a report in --out
  --report           write the report anew from the recorded observations, without running anything
${localUsage}

A stopped run goes on where it stopped when the same command is given again.`;

const flags = {
	dataset: { type: "string" },
	folder: { type: "string" },
	checkpoint: { type: "string" },
	reference: { type: "string" },
	seeds: { type: "string" },
	whole: { type: "boolean", default: false },
	local: { type: "boolean", default: false },
	only: { type: "string" },
	report: { type: "boolean", default: false },
	"at-once": { type: "string" },
	threads: { type: "string" },
	json: { type: "boolean", default: false },
	out: { type: "string" },
	help: { type: "boolean", default: false },
} as const;

export type Flags = ReturnType<typeof readFlags>["values"];

/** @throws MithridateError `invalid-config` for a flag that there is not. */
export function readFlags(argv: readonly string[], usage: string) {
	try {
		return parseArgs({ args: [...argv], strict: true, allowPositionals: true, options: flags });
	} catch (cause) {
		throw new MithridateError("invalid-config", `${(cause as Error).message}\n\n${usage}`, { cause });
	}
}

/** The setting that the flags ask for. */
export function settingOf({ dataset = DATASETS[0], folder, checkpoint, reference, seeds, whole }: Flags): StudySetting {
	if (!isDataset(dataset))
		throw invalid("dataset", `There is no data set "${dataset}". Choose one of: ${DATASETS.join(", ")}.`);
	const isMade = dataset === "emoji-pascal";
	if (isMade && folder !== undefined)
		throw invalid("folder", "emoji-PASCAL is made and lies in no folder; leave out --folder, or choose a --dataset.");
	if ((checkpoint === undefined) !== (reference === undefined))
		throw invalid("reference", "--checkpoint and --reference belong together: the filter scores with another model.");
	return {
		dataset,
		...(!isMade && { folder: resolve(folder ?? "data") }),
		...(checkpoint !== undefined && {
			checkpoints: { start: resolve(checkpoint), reference: resolve(reference as string) },
		}),
		seeds: seedsOf(seeds ?? "1,2,3"),
		scale: whole ? "whole" : "sampled",
	};
}

function isDataset(name: string): name is DatasetName {
	return DATASETS.some((one) => one === name);
}

function seedsOf(list: string): number[] {
	const seeds = list.split(",").map((seed) => (/^\d+$/.test(seed.trim()) ? Number(seed) : Number.NaN));
	if (seeds.some((seed) => !Number.isSafeInteger(seed)))
		throw invalid("seeds", `--seeds needs whole numbers from 0 with commas between them, not "${list}".`);
	if (new Set(seeds).size !== seeds.length) throw invalid("seeds", `--seeds ${list} names a seed twice.`);
	return seeds;
}

/** Experiments at the same time and threads of each; 0 where the machine decides. */
export function loadOf(flags: Flags): Load {
	const count = (name: "at-once" | "threads") => {
		const text = flags[name] ?? "0";
		const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
		if (!(number <= 1024)) throw invalid(name, `--${name} needs a whole number from 0 to 1024, not "${text}".`);
		return number;
	};
	return { lanes: count("at-once"), threads: count("threads") };
}

export function invalid(subject: string, message: string): MithridateError {
	return new MithridateError("invalid-config", message, { subject });
}
