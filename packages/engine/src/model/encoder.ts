/** Embeds images and texts in batches of one shape, on any runtime. */
import type * as tf from "@tensorflow/tfjs";
import { assembleImages, assembleTexts, checkImages, pixelTable, textLength, tokenizeTexts } from "../data/batches.ts";
import type { Executable, HostArray, Program, Runtime, Specs, Tensors } from "../runtime/contract.ts";
import type { Embeddings, Encoder, ImageStore, ProgressEvent } from "../types.ts";
import { type ClipModel, embedImages, embedTexts } from "./clip.ts";
import { parameterShapes, type Tower, towerOfParameter } from "./parameters.ts";

/** Rows per run; the last run is filled up with its first row. */
const BATCH = 64;

/** Text lengths are rounded up to a multiple of this, so that encoders of one architecture share few sessions. */
const LENGTH_STEP = 8;

/** An encoder that holds the model's weights on the runtime until disposed. */
export interface LoadedEncoder extends Encoder {
	dispose(): void;
}

/** `images` is the store that `embedImages` takes rows of. Throws `invalid-data` when its size is not the model's. */
export function createEncoder(input: { runtime: Runtime; model: ClipModel; images: ImageStore }): LoadedEncoder {
	const { runtime, model, images } = input;
	const { config } = model;
	checkImages(model, images);
	const lookup = pixelTable(model.preprocess);
	const specs = parameterSpecs(model);
	const state = runtime.createState(
		specs,
		Object.fromEntries(Object.entries(model.parameters).map(([name, { data }]) => [name, data])),
	);
	const executables = new Map<string, Promise<Executable>>();

	async function* embed(job: {
		program: Program;
		count: number;
		arrays(rows: readonly number[]): Record<string, HostArray>;
	}): AsyncGenerator<ProgressEvent, Embeddings> {
		const { program, count } = job;
		const values = new Float32Array(count * config.projection);
		if (count === 0) return { count, width: config.projection, values };
		let compiling = executables.get(program.name);
		if (!compiling) {
			compiling = runtime.compile(program);
			executables.set(program.name, compiling);
		}
		const executable = await compiling;
		for (let from = 0; from < count; from += BATCH) {
			const rows = Array.from({ length: BATCH }, (_, at) => (from + at < count ? from + at : from));
			const { embeddings } = await executable.run(state, job.arrays(rows));
			const kept = Math.min(BATCH, count - from);
			values.set((embeddings as Float32Array).subarray(0, kept * config.projection), from * config.projection);
			yield { type: "progress", stage: program.name, done: from + kept, total: count };
		}
		return { count, width: config.projection, values };
	}

	return {
		embedImages: (rows) =>
			embed({
				program: imageProgram(model, specs),
				count: rows.length,
				arrays: (batch) => ({
					images: assembleImages(
						images,
						batch.map((at) => rows[at]!),
						{ table: lookup },
					),
				}),
			}),
		embedTexts(captions) {
			const table = tokenizeTexts(model, captions);
			const longest = textLength(table, [...captions.keys()]);
			const length = Math.min(table.context, Math.ceil(longest / LENGTH_STEP) * LENGTH_STEP);
			return embed({
				program: textProgram(model, specs, length),
				count: captions.length,
				arrays(batch) {
					const { tokens, ends } = assembleTexts(table, batch, length);
					return { tokens, ends };
				},
			});
		},
		dispose() {
			for (const compiling of executables.values())
				compiling.then(
					(executable) => executable.dispose(),
					() => {},
				);
			state.dispose();
		},
	};
}

function parameterSpecs(model: ClipModel): Specs {
	const shapes = Object.entries(parameterShapes(model.config));
	return Object.fromEntries(shapes.map(([name, shape]) => [name, { shape, dtype: "float32" }]));
}

/** Specs of one tower's parameters: a program names no state that it does not read. */
function towerSpecs(specs: Specs, tower: Tower): Specs {
	return Object.fromEntries(Object.entries(specs).filter(([name]) => towerOfParameter(name) === tower));
}

function imageProgram({ config }: ClipModel, specs: Specs): Program {
	const { imageSize } = config.vision;
	return {
		name: "embed images",
		state: towerSpecs(specs, "vision"),
		inputs: { images: { shape: [BATCH, imageSize, imageSize, 3], dtype: "float32" } },
		run: (state: Tensors, { images }: Tensors) => ({
			state: {},
			outputs: { embeddings: embedImages(config, state, images as tf.Tensor4D) },
		}),
	};
}

function textProgram({ config }: ClipModel, specs: Specs, length: number): Program {
	return {
		name: `embed texts ${length}`,
		state: towerSpecs(specs, "text"),
		inputs: { tokens: { shape: [BATCH, length], dtype: "int32" }, ends: { shape: [BATCH], dtype: "int32" } },
		run: (state: Tensors, { tokens, ends }: Tensors) => ({
			state: {},
			outputs: {
				embeddings: embedTexts(config, state, { tokens: tokens as tf.Tensor2D, ends: ends as tf.Tensor1D }),
			},
		}),
	};
}
