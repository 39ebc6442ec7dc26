/** Checkpoints: directories in Hugging Face's layout, written whole or not at all. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { createTokenizer, parseVocabulary, printVocabulary } from "../data/tokenizer.ts";
import { MithridateError } from "../errors.ts";
import type { HostTensor } from "../types.ts";
import { CLIP_MEAN, CLIP_STD, type ClipModel, type Preprocess } from "./clip.ts";
import { parseConfig, printConfig } from "./config.ts";
import { parameterShapes } from "./parameters.ts";
import { decodeFloats, readSafetensors, writeSafetensors } from "./safetensors.ts";

/** Buffers that older exporters saved beside the weights. */
const IGNORED = /\.position_ids$/;

/**
 * Reads config.json, model.safetensors, vocab.json, merges.txt and preprocessor_config.json.
 * Throws `invalid-checkpoint` naming the file, field or tensor that is missing or wrong.
 */
export async function loadCheckpoint(directory: string): Promise<ClipModel> {
	const config = parseConfig(await readJson(directory, "config.json"));
	const preprocess = parsePreprocess(await readJson(directory, "preprocessor_config.json"), config.vision.imageSize);
	const vocabulary = parseVocabulary(await readText(directory, "vocab.json"), await readText(directory, "merges.txt"));
	const tokenizer = createTokenizer(vocabulary);
	const largest = Math.max(...vocabulary.ids.values());
	if (largest >= config.text.vocabulary)
		throw new MithridateError(
			"invalid-checkpoint",
			`vocab.json: the id ${largest} lies beyond text_config.vocab_size ${config.text.vocabulary}.`,
			{ subject: "vocab.json" },
		);
	const weights = await readBytes(directory, "model.safetensors");
	return { config, tokenizer, preprocess, parameters: decodeParameters(weights, parameterShapes(config)) };
}

/**
 * Writes the five files into a directory beside `directory` and renames it into place, so that a reader never sees half
 * a checkpoint. An older checkpoint there is replaced. `half` stores weights as F16. Throws `unwritable`.
 */
export async function saveCheckpoint(
	directory: string,
	model: ClipModel,
	options: { half?: boolean } = {},
): Promise<void> {
	const { vocabJson, mergesText } = printVocabulary(model.tokenizer.vocabulary);
	await replaceDirectory(directory, {
		"config.json": printJson(printConfig(model.config)),
		"preprocessor_config.json": printJson(printPreprocess(model.preprocess)),
		"vocab.json": vocabJson,
		"merges.txt": mergesText,
		"model.safetensors": writeSafetensors(model.parameters, {
			half: options.half ?? false,
			metadata: { format: "pt" },
		}),
	});
}

/** Parameters of a safetensors file, checked against the shapes a config asks for: none missing, none unexpected. */
export function decodeParameters(
	file: Uint8Array,
	shapes: Readonly<Record<string, readonly number[]>>,
): Record<string, HostTensor> {
	const { tensors } = readSafetensors(file, "model.safetensors");
	const parameters: Record<string, HostTensor> = {};
	for (const [name, shape] of Object.entries(shapes)) {
		const stored = tensors.get(name);
		if (!stored) throw wrongTensor(name, "is missing");
		if (stored.shape.join() !== shape.join())
			throw wrongTensor(name, `has shape [${stored.shape.join(", ")}]; config.json asks for [${shape.join(", ")}]`);
		parameters[name] = decodeFloats(stored, name);
	}
	for (const name of tensors.keys())
		if (!(name in shapes) && !IGNORED.test(name))
			throw wrongTensor(name, "is not part of the model that config.json describes");
	return parameters;
}

/** Writes `files` beside `directory`, then renames; the previous directory is removed last. Throws `unwritable`. */
async function replaceDirectory(
	directory: string,
	files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
	const target = resolve(directory);
	const fresh = `${target}.${randomUUID()}.new`;
	const old = `${target}.${randomUUID()}.old`;
	try {
		await mkdir(dirname(target), { recursive: true });
		await mkdir(fresh);
		try {
			for (const [name, content] of Object.entries(files)) await writeFile(join(fresh, name), content, { flush: true });
			await rename(target, old).catch((fault: NodeJS.ErrnoException) => {
				if (fault.code !== "ENOENT") throw fault;
			});
			await rename(fresh, target);
		} finally {
			await rm(fresh, { recursive: true, force: true });
		}
		await rm(old, { recursive: true, force: true });
	} catch (cause) {
		throw new MithridateError("unwritable", `The checkpoint ${directory} cannot be written: ${String(cause)}.`, {
			subject: directory,
			cause,
		});
	}
}

const side = z.int().positive();
const channels = z.tuple([z.number(), z.number(), z.number()]);
/** `crop_size` is a number in files of Hugging Face 4.0 and a pair of sides since. */
const preprocessSchema = z.looseObject({
	image_mean: channels.default([...CLIP_MEAN]),
	image_std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).default([...CLIP_STD]),
	crop_size: z.union([side, z.looseObject({ height: side, width: side })]).optional(),
	rescale_factor: z.number().default(1 / 255),
});

function parsePreprocess(json: unknown, imageSize: number): Preprocess {
	const parsed = preprocessSchema.safeParse(json);
	const fault = (field: string, problem: string) =>
		new MithridateError("invalid-checkpoint", `preprocessor_config.json, ${field}: ${problem}.`, { subject: field });
	if (!parsed.success) throw fault(parsed.error.issues[0]!.path.join("."), parsed.error.issues[0]!.message);
	const { image_mean: mean, image_std: std, crop_size: crop = imageSize, rescale_factor: factor } = parsed.data;
	const [height, width] = typeof crop === "number" ? [crop, crop] : [crop.height, crop.width];
	if (height !== imageSize || width !== imageSize)
		throw fault("crop_size", `${height} x ${width} pixels, but the model takes ${imageSize} x ${imageSize}`);
	if (Math.abs(factor * 255 - 1) > 1e-6)
		throw fault("rescale_factor", `${factor} is not 1/255, the only scale CLIP uses`);
	return { mean, std, size: imageSize };
}

function printPreprocess({ mean, std, size }: Preprocess): Record<string, unknown> {
	return {
		image_processor_type: "CLIPImageProcessor",
		do_convert_rgb: true,
		do_resize: true,
		size: { shortest_edge: size },
		resample: 3,
		do_center_crop: true,
		crop_size: { height: size, width: size },
		do_rescale: true,
		rescale_factor: 1 / 255,
		do_normalize: true,
		image_mean: mean,
		image_std: std,
	};
}

async function readBytes(directory: string, name: string): Promise<Uint8Array> {
	try {
		return await readFile(join(directory, name));
	} catch (cause) {
		throw new MithridateError("invalid-checkpoint", `${join(directory, name)} cannot be read.`, {
			subject: name,
			cause,
		});
	}
}

async function readText(directory: string, name: string): Promise<string> {
	return new TextDecoder().decode(await readBytes(directory, name));
}

async function readJson(directory: string, name: string): Promise<unknown> {
	try {
		return JSON.parse(await readText(directory, name));
	} catch (cause) {
		if (cause instanceof MithridateError) throw cause;
		throw new MithridateError("invalid-checkpoint", `${join(directory, name)} is not JSON.`, { subject: name, cause });
	}
}

function printJson(value: unknown): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}

function wrongTensor(name: string, problem: string): MithridateError {
	return new MithridateError("invalid-checkpoint", `model.safetensors: ${name} ${problem}.`, { subject: name });
}
