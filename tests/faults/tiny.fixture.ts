/** An experiment that trains a CLIP of a few thousand weights: hundreds of steps in seconds, checkpoints of kilobytes. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
	type ExperimentConfig,
	type ExperimentEvent,
	initialiseOpenai,
	openCheckpoints,
	parseExperiment,
	Random,
	saveCheckpoint,
} from "@mithridate/engine";

const repository = resolve(import.meta.dirname, "../..");

/** Writes two tiny checkpoints into `folder` and gives an experiment that starts from them. */
export async function tinyExperiment(
	folder: string,
	{ epochs, defenses = [], seed = 1 }: { epochs: number; defenses?: readonly unknown[]; seed?: number },
): Promise<ExperimentConfig> {
	const { start } = await openCheckpoints({ start: null, reference: null });
	const tower = { width: 32, layers: 1, heads: 2, mlp: 64 };
	const config = {
		...start.config,
		projection: 32,
		vision: { ...start.config.vision, ...tower, patchSize: 16, stem: { kind: "patch" as const } },
		text: { ...start.config.text, ...tower },
	};
	for (const [name, key] of Object.entries({ start: 1, reference: 2 }))
		await saveCheckpoint(join(folder, name), {
			...start,
			config,
			parameters: initialiseOpenai(config, new Random(key)),
		});
	return parseExperiment({
		dataset: { name: "emojiPascal", params: { trainPerClass: 4, filler: 40, testPerClass: 5, trusted: 64 } },
		attack: { name: "singleLabel", params: { amount: { kind: "poison-rate", poisonRate: 0.02 } } },
		training: { epochs, batchSize: 32 },
		defenses,
		checkpoints: { start: join(folder, "start"), reference: join(folder, "reference") },
		runtime: { threads: 1 },
		seeds: [seed],
	});
}

/** What nobody disturbed: SHA-256 of each stage's weights by its key, and every metric point by `key@step`. */
export interface Undisturbed {
	readonly weights: ReadonlyMap<string, string>;
	readonly points: ReadonlyMap<string, number>;
}

/** Runs the experiment command, which has no worker, no database and no faults. */
export async function undisturbed(folder: string, config: ExperimentConfig): Promise<Undisturbed> {
	const [path, out] = [join(folder, "undisturbed.json"), join(folder, "undisturbed")];
	await writeFile(path, JSON.stringify(config));
	const command = join(repository, "packages/engine/bin/experiment.ts");
	const child = spawn(process.execPath, [command, "--json", "--config", path, "--out", out], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	let output = "";
	child.stdout.on("data", (chunk) => (output += chunk));
	const [code] = await once(child, "close");
	if (code !== 0) throw new Error(`The undisturbed experiment ended with code ${code}.`);
	const weights = new Map<string, string>();
	for (const key of await readdir(join(out, "stages"))) {
		const file = await readFile(join(out, "stages", key, "model.safetensors"));
		weights.set(key, createHash("sha256").update(file).digest("hex"));
	}
	const events = output
		.trim()
		.split("\n")
		.map((line): ExperimentEvent => JSON.parse(line));
	const points = events.flatMap((event) => {
		if (event.type !== "train-step") return [];
		const { stage, step, loss, learningRate, logitScale, gradientNorm } = event;
		const values = Object.entries({ loss, learningRate, logitScale, gradientNorm });
		return values.map(([name, value]): [string, number] => [`${stage}/${name}@${step}`, value]);
	});
	return { weights, points: new Map(points) };
}
