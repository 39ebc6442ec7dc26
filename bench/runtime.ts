/**
 * Measures the onnx runtime on the CPU: one JSON line per figure. Run: `node bench/runtime.ts [threads]`.
 * The model is CLIP at batch 128, 32x32 pixels, patch 4, width 128, 4 + 2 layers, context 16. Operations are those of the
 * products that really run, read off ONNX Runtime's profile: the last block computes only the token that is read, so they
 * are fewer than the usual count of 47.5 GFLOP. With `MITHRIDATE_REFERENCE_PYTHON`, PyTorch takes the same step beside it.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-node";
import type { PairBatch } from "../packages/engine/src/data/batches.ts";
import { embedImages } from "../packages/engine/src/model/clip.ts";
import type { TransformerClipConfig } from "../packages/engine/src/model/config.ts";
import { initialiseOpenai } from "../packages/engine/src/model/initialise.ts";
import { Random } from "../packages/engine/src/random.ts";
import type { HostArray, Program, Runtime } from "../packages/engine/src/runtime/contract.ts";
import { openRuntime } from "../packages/engine/src/runtime/index.ts";
import { record } from "../packages/engine/src/runtime/onnx/recorder.ts";
import { ratesAt, stateSpecs, weightsOf } from "../packages/engine/src/training/adamw.ts";
import { flatten, layOut } from "../packages/engine/src/training/layout.ts";
import { TrainOptions } from "../packages/engine/src/training/options.ts";
import { namedParameters, wholeBatchSteps } from "../packages/engine/src/training/step.ts";
import { trainInPytorch } from "./pytorch.ts";
import { alternating, medianMilliseconds, report } from "./report.ts";

const BATCH = 128;
const CONTEXT = 16;
const REPEATS = 8;
const threads = Number(process.argv[2] ?? 2);
const tower = { width: 128, heads: 4, mlp: 512, activation: "quick_gelu", eps: 1e-5 } as const;
const config: TransformerClipConfig = {
	projection: 128,
	logitScaleInit: Math.log(1 / 0.07),
	vision: { ...tower, layers: 4, imageSize: 32, patchSize: 4, stem: { kind: "patch" } },
	text: { ...tower, layers: 2, vocabulary: 256, context: CONTEXT, eosTokenId: 255 },
};

/** The runtime's own rate is taken at large matrices: this many products of this side, one after another. */
const GEMM = { side: 1024, products: 8 };

/** Runs the large products once. */
async function openGemm(runtime: Runtime): Promise<() => Promise<unknown>> {
	const { side, products } = GEMM;
	const square = { shape: [side, side], dtype: "float32" } as const;
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
	return () => executable.run(state, {});
}

/** What ONNX Runtime's profile says of one run of a program: time in all nodes and in its matrix products, and their operations. */
interface Profile {
	readonly nodeMilliseconds: number;
	readonly productMilliseconds: number;
	/** Multiplications and additions of the products, in 10^9. */
	readonly gigaflops: number;
}

interface NodeEvent {
	readonly cat: string;
	readonly dur: number;
	readonly args?: {
		readonly op_name?: string;
		readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
		readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
	};
}

async function profile(program: Program, feeds: Record<string, ort.Tensor>): Promise<Profile> {
	const folder = await mkdtemp(join(tmpdir(), "mithridate-bench-"));
	const runs = 8;
	try {
		const session = await ort.InferenceSession.create(record(program, { isSerial: threads === 1 }).model, {
			intraOpNumThreads: threads,
			// As the runtime's own sessions.
			enableMemPattern: false,
			enableProfiling: true,
			profileFilePrefix: join(folder, "step"),
		});
		for (let at = 0; at < runs; at++) await session.run(feeds);
		session.endProfiling();
		const [file] = await readdir(folder);
		const events = JSON.parse(await readFile(join(folder, file!), "utf8")) as NodeEvent[];
		const all = events.filter(({ cat, args }) => cat === "Node" && args?.op_name);
		// The first run allocates, and is not counted.
		const nodes = all.slice(all.length / runs);
		const products = nodes.filter(({ args }) =>
			["Gemm", "MatMul", "FusedMatMul", "FusedGemm"].includes(args!.op_name!),
		);
		const milliseconds = (some: readonly NodeEvent[]) =>
			some.reduce((sum, { dur }) => sum + dur, 0) / 1000 / (runs - 1);
		return {
			nodeMilliseconds: milliseconds(nodes),
			productMilliseconds: milliseconds(products),
			gigaflops: products.reduce((sum, node) => sum + operationsOf(node), 0) / 1e9 / (runs - 1),
		};
	} finally {
		await rm(folder, { recursive: true });
	}
}

/**
 * Twice rows x columns x inner of a product, summed over its batch, whichever sides it transposes: the three matrices'
 * sizes are rows x inner, inner x columns and rows x columns, so their product is the square of what is asked for.
 */
function operationsOf({ args }: NodeEvent): number {
	const [left, right] = args!.input_type_shape!.map((shape) => Object.values(shape)[0]!) as [number[], number[]];
	const result = Object.values(args!.output_type_shape![0]!)[0]!;
	const matrix = (shape: readonly number[]) => shape.slice(-2).reduce((product, extent) => product * extent, 1);
	const batch = result.slice(0, -2).reduce((product, extent) => product * extent, 1);
	return 2 * batch * Math.sqrt(matrix(left) * matrix(right) * matrix(result));
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
const [gemmMilliseconds, milliseconds] = (await alternating(REPEATS, [
	await openGemm(runtime),
	() => step.run(state, batch, ratesAt(1e-3, ++at, options)),
])) as [number, number];
const rate = (GEMM.products * 2 * GEMM.side ** 3) / gemmMilliseconds / 1e6;
// Before the profiles, whose sessions hold as much again.
const peakMegabytes = process.resourceUsage().maxRSS / 1000;

const peer = trainInPytorch({ config, batch: BATCH, length: CONTEXT, steps: REPEATS, threads });
if (peer) {
	const name = `PyTorch ${peer.version} eager fp32 in this run`;
	report({ name: "training step", unit: "ms", value: milliseconds, baseline: { name, value: 1000 * peer.seconds } });
}

const rates = ratesAt(1e-3, 1, options);
const feeds: Record<string, ort.Tensor> = {};
for (const [name, { shape }] of Object.entries(specs)) {
	const data = values[name] ?? new Float32Array(shape.reduce((product, extent) => product * extent, 1));
	feeds[`s.${name}`] = new ort.Tensor("float32", data, [...shape]);
}
const given: Record<string, HostArray> = { images: batch.images, tokens: batch.tokens, ends: batch.ends, ...rates };
for (const [name, { shape, dtype }] of Object.entries(program!.inputs))
	feeds[`i.${name}`] = new ort.Tensor(dtype, given[name]!, [...shape]);
const { gigaflops, nodeMilliseconds, productMilliseconds } = await profile(program!, feeds);
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
report({
	name: "matrix products of the step",
	unit: "GFLOP/s",
	value: (gigaflops / productMilliseconds) * 1000,
	baseline: { name: "gemm 1024", value: rate },
});
report({
	name: "share of matrix products",
	unit: "of node time",
	value: productMilliseconds / nodeMilliseconds,
	baseline: { name: "everything else", value: 1 - productMilliseconds / nodeMilliseconds },
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
const { gigaflops: embedGigaflops } = await profile(embed, feeds);
report({
	name: "image embedding",
	unit: "images/s",
	value: (BATCH / perBatch) * 1000,
	baseline: { name: "its products at the gemm rate", value: (BATCH * rate) / embedGigaflops },
});
const stateMegabytes = layout.reduce((sum, { size }) => sum + 3 * 4 * size, 0) / 1e6;
report({
	name: "peak memory of training",
	unit: "MB",
	value: peakMegabytes,
	baseline: { name: "the state", value: stateMegabytes },
});
