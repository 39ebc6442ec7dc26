/**
 * CLIP ViT-B/32 at full size (151 million numbers, random weights) trained on the CPU: pairs per second and memory, one
 * JSON line per figure. Run: `npm run -s bench:large -- [case] [steps]`; without a case, all at full size, each in a process of
 * its own so that memory is its own. Takes minutes and up to 20 GB. The case `small` is the same with a model of
 * thousands of numbers, in a second. With `MITHRIDATE_REFERENCE_PYTHON`, PyTorch trains the same pairs before each case.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import type { PairBatch } from "../packages/engine/src/data/batches.ts";
import type { TransformerClipConfig } from "../packages/engine/src/model/config.ts";
import { initialiseOpenai } from "../packages/engine/src/model/initialise.ts";
import { parameterShapes } from "../packages/engine/src/model/parameters.ts";
import { Random } from "../packages/engine/src/random.ts";
import { openRuntime } from "../packages/engine/src/runtime/index.ts";
import { accumulatedSteps } from "../packages/engine/src/training/accumulate.ts";
import { ratesAt, weightsOf } from "../packages/engine/src/training/adamw.ts";
import { flatten, layOut } from "../packages/engine/src/training/layout.ts";
import { TrainOptions } from "../packages/engine/src/training/options.ts";
import { wholeBatchSteps } from "../packages/engine/src/training/step.ts";
import { trainInPytorch } from "./pytorch.ts";
import { report } from "./report.ts";

/** PyTorch 2.13 with Hugging Face's CLIP, eager float32, once measured on two cores of a Xeon with AVX-512. */
const recorded = {
	rate: { name: "PyTorch eager fp32 on 2 cores, batch 32, 77 tokens, as recorded", value: 4.7 },
	memory: { name: "PyTorch eager fp32, batch 128, 77 tokens, as recorded", value: 13.7 },
};

interface Case {
	readonly batchSize: number;
	readonly microBatch: number | null;
	/** Columns of the token table: 77 is the context, 24 what captions of COCO need, rounded up. */
	readonly length: number;
	readonly model: TransformerClipConfig;
}

const tower = { activation: "quick_gelu", eps: 1e-5, layers: 12 } as const;
const full: TransformerClipConfig = {
	projection: 512,
	logitScaleInit: Math.log(1 / 0.07),
	vision: { ...tower, width: 768, heads: 12, mlp: 3072, imageSize: 224, patchSize: 32, stem: { kind: "patch" } },
	text: { ...tower, width: 512, heads: 8, mlp: 2048, vocabulary: 49408, context: 77, eosTokenId: 2 },
};
const tiny = { width: 64, heads: 1, mlp: 128, layers: 1 };
const small: TransformerClipConfig = {
	...full,
	projection: 32,
	vision: { ...full.vision, ...tiny, imageSize: 64 },
	text: { ...full.text, ...tiny, vocabulary: 600 },
};

const cases: Readonly<Record<string, Case>> = {
	"batch-32": { batchSize: 32, microBatch: null, length: 77, model: full },
	"batch-32-cut": { batchSize: 32, microBatch: null, length: 24, model: full },
	"batch-128-cut": { batchSize: 128, microBatch: 32, length: 24, model: full },
	small: { batchSize: 16, microBatch: 4, length: 24, model: small },
};

function syntheticBatch({ batchSize, length, model }: Case, random: Random): PairBatch {
	const { imageSize } = model.vision;
	const images = Float32Array.from({ length: batchSize * imageSize ** 2 * 3 }, () => 2 * random.uniform() - 1);
	const tokens = Int32Array.from({ length: batchSize * length }, () => random.integer(model.text.vocabulary - 2));
	const ends = new Int32Array(batchSize).fill(length - 1);
	return { images, tokens, ends, length };
}

/** What the case is measured against: the same by PyTorch on as many threads in the same run, else what is recorded. */
function baselinesOf({ model: config, batchSize: batch, length }: Case, steps: number): typeof recorded {
	const peer = trainInPytorch({ config, batch, length, steps, threads: availableParallelism() });
	if (peer === null) return recorded;
	const name = `PyTorch ${peer.version} eager fp32, batch ${batch}, ${length} tokens, in this run`;
	return { rate: { name, value: batch / peer.seconds }, memory: { name, value: peer.gigabytes } };
}

async function measure(name: string, steps: number): Promise<void> {
	const { batchSize, microBatch, length, model: config } = cases[name]!;
	const baselines = baselinesOf(cases[name]!, steps);
	const options = TrainOptions.parse({ batchSize, microBatch });
	const layout = layOut(parameterShapes(config), () => false);
	const runtime = await openRuntime({ runtime: "onnx", device: "cpu", threads: 0 });
	const plan = { config, options, layout };
	const method = microBatch === null ? wholeBatchSteps(plan) : accumulatedSteps(plan, microBatch);
	const state = runtime.createState(method.state, freshWeights());
	const step = await method.compile(runtime, length);
	const batch = syntheticBatch(cases[name]!, new Random("large/batch"));
	// The first two steps fetch the session's memory and both sets of state buffers from the system, and are not counted.
	const losses: number[] = [];
	let began = 0;
	for (let at = 0; at < 2 + steps; at++) {
		if (at === 2) began = performance.now();
		losses.push((await step.run(state, batch, ratesAt(1e-5, at + 1, options))).loss);
	}
	const seconds = (performance.now() - began) / 1000;
	if (!losses.every(Number.isFinite) || losses.at(-1)! >= losses[0]!)
		throw new Error(`The loss went from ${losses.join(" to ")}; nothing was learned.`);
	const label = `${config === full ? "ViT-B/32" : "a small model"}, ${name}, ${length} tokens, ${runtime.threads} threads`;
	report({ name: label, unit: "pairs/s", value: (batchSize * steps) / seconds, baseline: baselines.rate });
	const gigabytes = process.resourceUsage().maxRSS / 1024 ** 2;
	report({ name: `${label}: peak memory`, unit: "GB", value: gigabytes, baseline: baselines.memory });
	step.dispose();
	state.dispose();
	await runtime.dispose();

	/** Made here so that the host's copy is garbage once the state has its own. */
	function freshWeights(): Record<string, Float32Array> {
		const parameters = initialiseOpenai(config, new Random("large"));
		return Object.fromEntries(layout.map((group) => [weightsOf(group.name), flatten(group, parameters)]));
	}
}

const [only, steps = "3"] = process.argv.slice(2);
if (only !== undefined && !(only in cases))
	throw new Error(`There is no case ${only}; there are ${Object.keys(cases).join(", ")}.`);
if (only !== undefined) await measure(only, Number(steps));
else
	for (const [name] of Object.entries(cases).filter(([, { model }]) => model === full)) {
		const { status } = spawnSync(process.execPath, [import.meta.filename, name, steps], { stdio: "inherit" });
		if (status !== 0) process.exitCode = 1;
	}
