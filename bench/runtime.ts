/**
 * Measures the onnx runtime on the CPU: one JSON line per figure. Run: `node bench/runtime.ts [threads]`.
 * The model is CLIP at batch 128, 32x32 pixels, patch 4, width 128, 4 + 2 layers, context 16; 47.5 GFLOP by the usual count.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-node";
import type { PairBatch } from "../packages/engine/src/data/batches.ts";
import { embedImages } from "../packages/engine/src/model/clip.ts";
import type { ClipConfig } from "../packages/engine/src/model/config.ts";
import { initialiseOpenai } from "../packages/engine/src/model/initialise.ts";
import { Random } from "../packages/engine/src/random.ts";
import type { HostArray, Program } from "../packages/engine/src/runtime/contract.ts";
import { openRuntime } from "../packages/engine/src/runtime/index.ts";
import { record } from "../packages/engine/src/runtime/onnx/recorder.ts";
import { ratesAt, stateSpecs, weightsOf } from "../packages/engine/src/training/adamw.ts";
import { flatten, layOut } from "../packages/engine/src/training/layout.ts";
import { TrainOptions } from "../packages/engine/src/training/options.ts";
import { namedParameters, wholeBatchSteps } from "../packages/engine/src/training/step.ts";
import { medianMilliseconds, report } from "./report.ts";

const BATCH = 128;
const CONTEXT = 16;
const REPEATS = 8;
const threads = Number(process.argv[2] ?? 2);
const tower = { width: 128, heads: 4, mlp: 512, activation: "quick_gelu", eps: 1e-5 } as const;
const config: ClipConfig = {
	projection: 128,
	logitScaleInit: Math.log(1 / 0.07),
	vision: { ...tower, layers: 4, imageSize: 32, patchSize: 4, stem: { kind: "patch" } },
	text: { ...tower, layers: 2, vocabulary: 256, context: CONTEXT, eosTokenId: 255 },
};

/** Multiplications and additions of a tower's matrix products, forward only, for one sequence. */
function towerFlops(length: number, layers: number): number {
	const { width } = tower;
	return layers * (2 * length * width * 12 * width + 4 * length * length * width);
}

/** The session's own rate at large matrices: GFLOP/s of one 1024 x 1024 x 1024 product. */
async function gemmRate(runtime: Awaited<ReturnType<typeof openRuntime>>): Promise<number> {
	const side = 1024;
	const square = { shape: [side, side], dtype: "float32" } as const;
	const products = 8;
	const program: Program = {
		name: "gemm",
		state: { a: square, b: square },
		inputs: {},
		run: ({ a, b }) => {
			let product = a as tf.Tensor2D;
			for (let at = 0; at < products; at++) product = tf.matMul(product, b as tf.Tensor2D);
			return { state: {}, outputs: { corner: tf.slice(product, [0, 0], [1, 1]) } };
		},
	};
	const random = new Random(2);
	const values = Float32Array.from({ length: side * side }, () => random.normal() / 32);
	const state = runtime.createState(program.state, { a: values, b: values });
	const executable = await runtime.compile(program);
	const milliseconds = await medianMilliseconds(REPEATS, () => executable.run(state, {}));
	executable.dispose();
	state.dispose();
	return (products * 2 * side ** 3) / milliseconds / 1e6;
}

/** Share of node time spent in matrix products, from ONNX Runtime's own profile of a recorded program. */
async function productShare(program: Program, feeds: Record<string, ort.Tensor>): Promise<number> {
	const folder = await mkdtemp(join(tmpdir(), "mithridate-bench-"));
	try {
		const session = await ort.InferenceSession.create(record(program).model, {
			intraOpNumThreads: threads,
			enableProfiling: true,
			profileFilePrefix: join(folder, "step"),
		});
		for (let at = 0; at < 4; at++) await session.run(feeds);
		session.endProfiling();
		const [file] = await readdir(folder);
		const events = JSON.parse(await readFile(join(folder, file!), "utf8")) as {
			cat: string;
			dur: number;
			args?: { op_name?: string };
		}[];
		const nodes = events.filter(({ cat, args }) => cat === "Node" && args?.op_name);
		const total = nodes.reduce((sum, { dur }) => sum + dur, 0);
		const products = nodes.filter(({ args }) =>
			["Gemm", "MatMul", "FusedMatMul", "FusedGemm"].includes(args!.op_name!),
		);
		return products.reduce((sum, { dur }) => sum + dur, 0) / total;
	} finally {
		await rm(folder, { recursive: true });
	}
}

const runtime = await openRuntime({ runtime: "onnx", device: "cpu", threads });
const parameters = initialiseOpenai(config, new Random(1));
const layout = layOut(
	Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape])),
	() => false,
);
const options = TrainOptions.parse({ batchSize: BATCH, learningRate: 1e-3 });
const specs = stateSpecs(layout);
const values = Object.fromEntries(layout.map((group) => [weightsOf(group.name), flatten(group, parameters)]));
const state = runtime.createState(specs, values);

const random = new Random(5);
const batch: PairBatch = {
	length: CONTEXT,
	images: Float32Array.from({ length: BATCH * 32 * 32 * 3 }, () => random.normal()),
	tokens: Int32Array.from({ length: BATCH * CONTEXT }, (_, at) =>
		at % CONTEXT === CONTEXT - 1 ? 255 : random.integer(250),
	),
	ends: new Int32Array(BATCH).fill(CONTEXT - 1),
};

const rate = await gemmRate(runtime);

let program: Program | undefined;
let compileMilliseconds = 0;
const watched = {
	...runtime,
	async compile(each: Program) {
		program = each;
		const executable = await runtime.compile(each);
		compileMilliseconds = executable.compileMilliseconds;
		return executable;
	},
};
const step = await wholeBatchSteps({ config, options, layout }).compile(watched, CONTEXT);
report({ name: "trace and compile", unit: "ms", value: compileMilliseconds, baseline: { name: "goal", value: 1500 } });

let at = 0;
const milliseconds = await medianMilliseconds(REPEATS, () => step.run(state, batch, ratesAt(1e-3, ++at, options)));
const gigaflops = (3 * BATCH * (towerFlops(65, 4) + towerFlops(CONTEXT, 2))) / 1e9;
report({
	name: "training step",
	unit: "ms",
	value: milliseconds,
	baseline: { name: "its products at the gemm rate", value: (gigaflops / rate) * 1000 },
});
report({
	name: "training step",
	unit: "GFLOP/s",
	value: (gigaflops / milliseconds) * 1000,
	baseline: { name: "gemm 1024", value: rate },
});

const rates = ratesAt(1e-3, 1, options);
const feeds: Record<string, ort.Tensor> = {};
for (const [name, { shape }] of Object.entries(specs)) {
	const data = values[name] ?? new Float32Array(shape.reduce((product, extent) => product * extent, 1));
	feeds[`s.${name}`] = new ort.Tensor("float32", data, [...shape]);
}
const given: Record<string, HostArray> = { images: batch.images, tokens: batch.tokens, ends: batch.ends, ...rates };
for (const [name, { shape, dtype }] of Object.entries(program!.inputs))
	feeds[`i.${name}`] = new ort.Tensor(dtype, given[name]!, [...shape]);
const share = await productShare(program!, feeds);
report({
	name: "share of matrix products",
	unit: "of node time",
	value: share,
	baseline: { name: "everything else", value: 1 - share },
});

const embed: Program = {
	name: "embed",
	state: Object.fromEntries(layout.map(({ name }) => [weightsOf(name), specs[weightsOf(name)]!])),
	inputs: { images: program!.inputs.images! },
	run: (weights, { images }) => {
		const named = namedParameters(layout, weights, []);
		return { state: {}, outputs: { embeddings: embedImages(config, named, images as tf.Tensor4D) } };
	},
};
const embedding = await runtime.compile(embed);
const perBatch = await medianMilliseconds(REPEATS, () => embedding.run(state, { images: batch.images }));
report({
	name: "image embedding",
	unit: "images/s",
	value: (BATCH / perBatch) * 1000,
	baseline: { name: "at the gemm rate", value: (rate * 1e9) / towerFlops(65, 4) },
});
const stateMegabytes = layout.reduce((sum, { size }) => sum + 3 * 4 * size, 0) / 1e6;
report({
	name: "peak memory",
	unit: "MB",
	value: process.resourceUsage().maxRSS / 1000,
	baseline: { name: "the state", value: stateMegabytes },
});
