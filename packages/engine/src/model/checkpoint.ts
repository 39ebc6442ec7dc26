/** Checkpoints: directories in Hugging Face's or open_clip's layout, written whole or not at all. */
import { createTokenizer, printVocabulary } from "../data/tokenizer.ts";
import { CLIP_MEAN, CLIP_STD, type ClipModel, type Preprocess } from "./clip.ts";
import { type ClipConfig, isResNet, parseConfig, printConfig, type TransformerClipConfig } from "./config.ts";
import { type Files, hasFile, printJson, readJson, replaceDirectory } from "./formats/directory.ts";
import { readParameters } from "./formats/hugging-face.ts";
import { inferConfig } from "./formats/infer-config.ts";
import { parseOpenClip, printOpenClip } from "./formats/open-clip-config.ts";
import { fromOpenai, toOpenai, withoutPrefix } from "./formats/openai.ts";
import { printPreprocess, readPreprocess } from "./formats/preprocessor.ts";
import { printShards } from "./formats/shards.ts";
import { readVocabulary } from "./formats/vocabulary-files.ts";
import { openWeights } from "./formats/weights.ts";
import { parameterShapes } from "./parameters.ts";
import { safetensorsChunks, type WritableTensors } from "./safetensors.ts";

/**
 * Reads a checkpoint directory: Hugging Face's layout where there is a config.json, else open_clip's, or a state dict in
 * OpenAI's naming with nothing but a vocabulary beside it. Throws `invalid-checkpoint` naming what is missing or wrong.
 */
export async function loadCheckpoint(directory: string): Promise<ClipModel> {
	return hasFile(directory, "config.json") ? loadHuggingFace(directory) : loadOpenai(directory);
}

async function loadHuggingFace(directory: string): Promise<ClipModel> {
	const config = parseConfig(await readJson(directory, "config.json"));
	const preprocess = await readPreprocess(directory, config.vision.imageSize);
	const tokenizer = createTokenizer(await readVocabulary(directory, config.text.vocabulary));
	const file = await openWeights(directory, ["model", "pytorch_model"]);
	try {
		return { config, tokenizer, preprocess, parameters: await readParameters(file, parameterShapes(config)) };
	} finally {
		await file.close();
	}
}

async function loadOpenai(directory: string): Promise<ClipModel> {
	const name = "open_clip_config.json";
	const described = hasFile(directory, name) ? parseOpenClip(await readJson(directory, name)) : null;
	const file = await openWeights(directory, ["open_clip_model", "open_clip_pytorch_model", "*"]);
	try {
		const { source } = file;
		const tensors = withoutPrefix(file.tensors);
		// Weights under Hugging Face's names say too little of themselves: they need their config.
		if (!described && !tensors.has("positional_embedding")) await readJson(directory, "config.json");
		const config = described?.config ?? inferConfig(tensors, source);
		const preprocess = await openaiPreprocess(directory, config.vision.imageSize, described);
		const vocabulary = await readVocabulary(directory, config.text.vocabulary);
		const parameters = await fromOpenai({ source, tensors }, config);
		return { config, tokenizer: createTokenizer(vocabulary, "openai"), preprocess, parameters };
	} finally {
		await file.close();
	}
}

async function openaiPreprocess(
	directory: string,
	size: number,
	described: { readonly [Kind in "mean" | "std"]?: Preprocess[Kind] | undefined } | null,
): Promise<Preprocess> {
	if (!described && hasFile(directory, "preprocessor_config.json")) return readPreprocess(directory, size);
	return { mean: described?.mean ?? CLIP_MEAN, std: described?.std ?? CLIP_STD, size };
}

export interface SaveOptions {
	/** Stores weights as F16. */
	readonly half?: boolean;
	/** Cuts the weights into files of at most so many bytes, with an index; Hugging Face's layout only. */
	readonly shardBytes?: number;
	/** Unless given, the one whose tokenizer rules the model has; a ResNet only fits open_clip's. */
	readonly layout?: "huggingface" | "open_clip";
}

/**
 * Writes a checkpoint into a directory beside `directory` and renames it into place, so that a reader never sees half
 * of one. An older checkpoint there is replaced. Throws `unwritable`.
 */
export async function saveCheckpoint(directory: string, model: ClipModel, options: SaveOptions = {}): Promise<void> {
	const { vocabJson, mergesText } = printVocabulary(model.tokenizer.vocabulary);
	const vocabulary = { "vocab.json": vocabJson, "merges.txt": mergesText };
	const layout = options.layout ?? (model.tokenizer.rules === "openai" ? "open_clip" : "huggingface");
	const { config } = model;
	const files =
		layout === "huggingface" && isTransformer(config)
			? huggingFaceFiles(model, config, options)
			: openaiFiles(model, options);
	await replaceDirectory(directory, { ...files, ...vocabulary });
}

function isTransformer(config: ClipConfig): config is TransformerClipConfig {
	return !isResNet(config.vision);
}

function huggingFaceFiles(
	{ parameters, preprocess }: ClipModel,
	config: TransformerClipConfig,
	{ half = false, shardBytes }: SaveOptions,
): Files {
	const write = (tensors: WritableTensors) => safetensorsChunks(tensors, { half, metadata: { format: "pt" } });
	return {
		"config.json": printJson(printConfig(config)),
		"preprocessor_config.json": printJson(printPreprocess(preprocess)),
		...(shardBytes === undefined
			? { "model.safetensors": write(parameters) }
			: printShards(parameters, { half, shardBytes, write })),
	};
}

function openaiFiles({ config, parameters, preprocess }: ClipModel, { half = false }: SaveOptions): Files {
	const { mean, std } = preprocess;
	return {
		"open_clip_config.json": printJson({ model_cfg: printOpenClip(config), preprocess_cfg: { mean, std } }),
		"open_clip_model.safetensors": safetensorsChunks(toOpenai(config, parameters), {
			half,
			metadata: { format: "pt" },
		}),
	};
}
