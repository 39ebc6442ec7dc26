/** Command-line flags of the experiment, turned into a configuration. */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { attacks, defenses, type ExperimentConfig, MithridateError, parseExperiment, presets } from "../src/index.ts";

/** A registry's names as flags have them. */
const namesOf = (registry: object) =>
	Object.keys(registry)
		.map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
		.join(", ");
const presetNames = namesOf(presets);

export const usage = `Usage: npm run experiment -- [flags]

  --preset NAME        a published experiment: ${presetNames}; other flags override it
  --variant NAME       paper (default) or code, where the preset's paper and code disagree
  --dataset DIR        a data set imported with npm run datasets (default: emoji-PASCAL)
  --checkpoint DIR     model that training starts from (default: the one shipped)
  --attack NAME        ${namesOf(attacks)}
                       (default single-label)
  --goal A2B[,C2D]     captions of class A shall find images of class B (default sheep2aeroplane)
  --poison-rate R      share of all training pairs to poison, 0 to 1 (default 0.01)
  --defense NAMES      comma-separated: ${namesOf(defenses)}, none (default filter,cure)
  --freeze TOWER       none (default), image, text or both
  --epochs N           epochs of fine-tuning
  --seeds LIST         comma-separated seeds, one whole repetition each (default 1)
  --runtime NAME       auto (default), onnx or tensorflow
  --device NAME        auto (default), cpu, webgpu or cuda
  --threads N          threads of the CPU provider, 0 for one per core
  --config FILE        JSON configuration; flags override it
  --out DIR            write results (JSON, CSV), checkpoints and what is needed to resume
  --resume DIR         go on with a stopped experiment of that folder
  --json               one event per line on standard output and nothing else
  --help               this text`;

export interface CommandLine {
	readonly config: ExperimentConfig;
	/** Folder for results; null keeps nothing. */
	readonly out: string | null;
	readonly resume: boolean;
	readonly json: boolean;
}

type Draft = Record<string, unknown>;

function camelCase(name: string): string {
	return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function numberOf(flag: string, text: string): number {
	const value = Number(text);
	if (text.trim() === "" || !Number.isFinite(value))
		throw new MithridateError("invalid-config", `--${flag} needs a number, not "${text}".`, { subject: flag });
	return value;
}

function listOf(text: string): string[] {
	return text
		.split(",")
		.map((part) => part.trim())
		.filter((part) => part !== "");
}

function goalOf(text: string): { from: string; to: string } {
	const match = /^([^2]+)2([^2]+)$/.exec(text);
	if (!match)
		throw new MithridateError("invalid-config", `--goal needs the form A2B, such as sheep2aeroplane, not "${text}".`, {
			subject: "goal",
		});
	return { from: match[1] as string, to: match[2] as string };
}

async function readJson(path: string): Promise<Draft> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (cause) {
		throw new MithridateError(
			"invalid-config",
			`The configuration file ${path} cannot be read. Check the path and its permissions.`,
			{ subject: path, cause },
		);
	}
	try {
		const value: unknown = JSON.parse(text);
		if (value === null || typeof value !== "object" || Array.isArray(value)) throw new TypeError("not an object");
		return value as Draft;
	} catch (cause) {
		throw new MithridateError("invalid-config", `${path} is not a JSON object: ${(cause as Error).message}`, {
			subject: path,
			cause,
		});
	}
}

/** The preset's configuration; the attack may be chosen with it, so that its goals and counts are the paper's. */
function presetOf(flags: { preset?: string; variant?: string; attack?: string }): Draft {
	const { preset, variant, attack } = flags;
	if (preset === undefined) {
		if (variant === undefined) return {};
		throw new MithridateError("invalid-config", "--variant belongs to --preset; give both.", { subject: "variant" });
	}
	const name = camelCase(preset);
	if (!Object.hasOwn(presets, name))
		throw new MithridateError("invalid-config", `There is no preset "${preset}"; there are ${presetNames}.`, {
			subject: "preset",
		});
	const { params, build } = presets[name as keyof typeof presets];
	const parsed = params.safeParse({ ...(variant && { variant }), ...(attack && { attack }) });
	if (parsed.success) return { ...build(parsed.data) };
	const [issue] = parsed.error.issues;
	throw new MithridateError("invalid-config", `--${issue?.path.join(".")}: ${issue?.message}`, { subject: "preset" });
}

/** A section of the draft as an object of its own, so that flags can override single fields of it. */
function section(draft: Draft, key: string): Draft {
	const held = draft[key];
	const copy = held !== null && typeof held === "object" && !Array.isArray(held) ? { ...(held as Draft) } : {};
	draft[key] = copy;
	return copy;
}

function flagsOf(argv: readonly string[]) {
	try {
		return parseArgs({
			args: [...argv],
			strict: true,
			allowPositionals: false,
			options: {
				preset: { type: "string" },
				variant: { type: "string" },
				dataset: { type: "string" },
				checkpoint: { type: "string" },
				attack: { type: "string" },
				goal: { type: "string" },
				"poison-rate": { type: "string" },
				defense: { type: "string" },
				freeze: { type: "string" },
				epochs: { type: "string" },
				seeds: { type: "string" },
				runtime: { type: "string" },
				device: { type: "string" },
				threads: { type: "string" },
				config: { type: "string" },
				out: { type: "string" },
				resume: { type: "string" },
				json: { type: "boolean", default: false },
				help: { type: "boolean", default: false },
			},
		}).values;
	} catch (cause) {
		throw new MithridateError("invalid-config", `${(cause as Error).message}\n\n${usage}`, { cause });
	}
}

/**
 * Reads the command line; null when help was asked for.
 * @throws MithridateError `invalid-config` for an unknown flag, a bad value or an unreadable file.
 */
export async function readCommandLine(argv: readonly string[]): Promise<CommandLine | null> {
	const flags = flagsOf(argv);
	if (flags.help) return null;
	if (flags.resume !== undefined) {
		const clash = Object.keys(flags).filter(
			(name) => !["resume", "json", "help", "threads", "device", "runtime"].includes(name),
		);
		if (clash.length > 0)
			throw new MithridateError(
				"invalid-config",
				`--resume goes on with the configuration stored in ${flags.resume}; leave out --${clash.join(", --")}.`,
				{ subject: clash[0] as string },
			);
		const config = parseExperiment(await readJson(`${flags.resume}/config.json`));
		return { config, out: flags.resume, resume: true, json: flags.json };
	}
	const draft: Draft = { ...presetOf(flags), ...(flags.config !== undefined && (await readJson(flags.config))) };
	if (flags.dataset !== undefined) {
		const dataset = section(draft, "dataset");
		const params = dataset.name === "imported" ? section(dataset, "params") : {};
		Object.assign(dataset, { name: "imported", params: { ...params, folder: flags.dataset, hash: null } });
	}
	if (flags.checkpoint !== undefined) section(draft, "checkpoints").start = flags.checkpoint;
	const attack = section(draft, "attack");
	const attackParams = section(attack, "params");
	attack.name = flags.attack === undefined ? (attack.name ?? "singleLabel") : camelCase(flags.attack);
	if (flags.goal !== undefined) {
		const goals = listOf(flags.goal).map(goalOf);
		if (attack.name === "multiLabel") attackParams.goals = goals;
		else if (goals.length === 1) Object.assign(attackParams, goals[0]);
		else
			throw new MithridateError(
				"invalid-config",
				`--goal ${flags.goal} names ${goals.length} goals; only --attack multi-label takes several.`,
				{ subject: "goal" },
			);
	}
	if (flags["poison-rate"] !== undefined)
		attackParams.amount = { kind: "poison-rate", poisonRate: numberOf("poison-rate", flags["poison-rate"]) };
	if (flags.defense !== undefined)
		draft.defenses = listOf(flags.defense)
			.filter((name) => name !== "none")
			.map((name) => ({ name: camelCase(name) }));
	const training = section(draft, "training");
	if (flags.freeze !== undefined) training.freeze = flags.freeze;
	if (flags.epochs !== undefined) training.epochs = numberOf("epochs", flags.epochs);
	if (flags.seeds !== undefined) draft.seeds = listOf(flags.seeds).map((seed) => numberOf("seeds", seed));
	const runtime = section(draft, "runtime");
	if (flags.runtime !== undefined) runtime.runtime = flags.runtime;
	if (flags.device !== undefined) runtime.device = flags.device;
	if (flags.threads !== undefined) runtime.threads = numberOf("threads", flags.threads);
	return { config: parseExperiment(draft), out: flags.out ?? null, resume: false, json: flags.json };
}
