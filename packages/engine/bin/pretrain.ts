/** Trains the checkpoints that ship with the engine: `npm run pretrain -- [base|reference|patches] [--fresh]`, resumable. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
	CLIP_MEAN,
	CLIP_STD,
	type ClipModel,
	createTokenizer,
	emojiPascalBase,
	fingerprint,
	initialiseOpenai,
	learnVocabulary,
	loadTrainState,
	MithridateError,
	openRuntime,
	Random,
	resizeStore,
	type ShippedCheckpoint,
	saveCheckpoint,
	saveTrainState,
	shippedCheckpoint,
	TrainingAborted,
	TrainOptions,
	type TrainState,
	train,
} from "../src/index.ts";
import { createProgress } from "./progress.ts";
import { type Recipe, recipes } from "./recipes.ts";
import { STOPPED, stopSignal } from "./stop.ts";

const repository = resolve(import.meta.dirname, "../../..");
const cacheFolder = join(repository, ".cache");

/** Steps between two points of the recorded loss curve, and between two saved states. */
const CURVE_EVERY = 50;
const SAVE_EVERY = 250;

/** A fresh model whose vocabulary is learned from the captions it will see. */
function freshModel(recipe: Recipe, captions: readonly string[], random: Random): ClipModel {
	const vocabulary = learnVocabulary(captions, recipe.vocabulary);
	const config = recipe.architecture(vocabulary.ids.size);
	return {
		config,
		tokenizer: createTokenizer(vocabulary),
		preprocess: { mean: CLIP_MEAN, std: CLIP_STD, size: config.vision.imageSize },
		parameters: initialiseOpenai(config, random),
	};
}

interface CurvePoint {
	readonly step: number;
	readonly loss: number;
}

/** The loss curve up to the step that training goes on from. */
async function readCurve(path: string, step: number): Promise<CurvePoint[]> {
	const points = JSON.parse(await readFile(path, "utf8")) as CurvePoint[];
	return points.filter((point) => point.step <= step);
}

/** Trains one recipe and writes checkpoint and record; a stopped run goes on from its last saved state. */
async function pretrain(name: ShippedCheckpoint, fresh: boolean): Promise<void> {
	const recipe = recipes[name];
	const progress = createProgress(process.stderr);
	const folder = join(cacheFolder, "pretrain");
	const statePath = join(folder, `${name}.safetensors`);
	const curvePath = join(folder, `${name}.curve.json`);
	await mkdir(folder, { recursive: true });
	if (fresh) await rm(statePath, { force: true });

	const making = emojiPascalBase({ ...recipe.data, cacheFolder });
	let made = await making.next();
	for (; !made.done; made = await making.next()) progress.show({ ...made.value, seed: recipe.seed });
	const { split, images, hash } = made.value;
	const random = new Random(recipe.seed);
	const model = freshModel(
		recipe,
		split.samples.flatMap((sample) => sample.captions),
		random.split("initialise"),
	);
	const options = TrainOptions.parse(recipe.training);
	const runtime = await openRuntime({ runtime: "auto", device: "auto", threads: 0 });
	const resume = existsSync(statePath) ? await loadTrainState(statePath) : undefined;
	const curve = resume ? await readCurve(curvePath, resume.step) : [];
	const save = async (state: TrainState) => {
		await writeFile(curvePath, JSON.stringify(curve));
		await saveTrainState(statePath, state);
	};
	const began = performance.now();
	const training = train({
		runtime,
		model,
		images: resizeStore(images, model.preprocess.size),
		samples: split.samples,
		options,
		random: random.split("train"),
		stage: `pretrain ${name}`,
		signal: stopSignal(),
		checkpoint: { everySteps: SAVE_EVERY, save },
		...(resume && { resume }),
	});
	try {
		let event = await training.next();
		for (; !event.done; event = await training.next()) {
			if (event.value.type !== "snapshot") progress.show({ ...event.value, seed: recipe.seed });
			if (event.value.type !== "train-step" || event.value.step % CURVE_EVERY !== 0) continue;
			curve.push({ step: event.value.step, loss: event.value.loss });
			if (!process.stderr.isTTY && event.value.step % SAVE_EVERY === 0)
				process.stderr.write(`step ${event.value.step} of ${event.value.steps}: loss ${event.value.loss.toFixed(3)}\n`);
		}
		progress.close();
		const trained = event.value.model;
		const destination = shippedCheckpoint(name);
		await saveCheckpoint(destination, trained, { half: true });
		const record = {
			recipe: { ...recipe, training: options },
			architecture: trained.config,
			dataset: { name: "emoji-pascal-base", hash, samples: split.samples.length },
			runtime: { name: runtime.name, device: runtime.device, threads: runtime.threads, versions: runtime.versions },
			steps: event.value.steps,
			seconds: Math.round((performance.now() - began) / 1000),
			curve,
		};
		await writeFile(join(destination, "record.json"), `${JSON.stringify(record, null, "\t")}\n`);
		await rm(statePath, { force: true });
		process.stdout.write(`${name}: ${event.value.steps} steps, weights ${fingerprint(trained)}\n`);
	} catch (error) {
		progress.close();
		if (error instanceof TrainingAborted) {
			await save(error.state);
			process.stderr.write("Stopped. The same command goes on from here.\n");
		}
		throw error;
	} finally {
		await runtime.dispose();
	}
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { fresh: { type: "boolean", default: false } },
});
try {
	const names = positionals.length > 0 ? positionals : Object.keys(recipes);
	for (const name of names) {
		if (!Object.hasOwn(recipes, name))
			throw new MithridateError(
				"invalid-config",
				`There is no recipe "${name}". Choose one of: ${Object.keys(recipes).join(", ")}.`,
			);
		await pretrain(name as ShippedCheckpoint, values.fresh);
	}
} catch (error) {
	if (!(error instanceof MithridateError)) throw error;
	if (error.code !== "aborted") process.stderr.write(`${error.code}: ${error.message}\n`);
	process.exitCode = error.code === "aborted" ? STOPPED : 2;
}
