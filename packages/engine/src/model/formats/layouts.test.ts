import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { Random } from "../../random.ts";
import { loadCheckpoint, saveCheckpoint } from "../checkpoint.ts";
import type { ClipModel } from "../clip.ts";
import { type ClipConfig, parseConfig } from "../config.ts";
import { initialiseOpenai } from "../initialise.ts";
import { parameterShapes } from "../parameters.ts";
import { readSafetensors, writeSafetensors } from "../safetensors.ts";
import { toyModel, toyResNet } from "../toy.fixture.ts";
import { readParameters } from "./hugging-face.ts";
import { inferConfig } from "./infer-config.ts";
import { parseOpenClip, printOpenClip } from "./open-clip-config.ts";
import { fromOpenai, toOpenai } from "./openai.ts";
import { openaiNames } from "./openai-names.ts";
import { openSafetensors } from "./tensor-file.ts";
import { torchFile } from "./torch-file.fixture.ts";

const parity = resolve(import.meta.dirname, "../../../fixtures/parity");
let folder: string;
let target: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-layouts-"));
	target = join(folder, "model");
});
afterEach(() => rm(folder, { recursive: true }));

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));
const writeJson = (name: string, value: unknown) => writeFile(join(target, name), JSON.stringify(value));

test("a Hugging Face checkpoint written in open_clip's layout has the bytes that open_clip wrote", async () => {
	const config = parseConfig(await readJson(join(parity, "vit/config.json")));
	const weights = await openSafetensors(join(parity, "vit/model.safetensors"));
	const parameters = await readParameters(weights, parameterShapes(config));
	await weights.close();
	const written = readSafetensors(writeSafetensors(toOpenai(config, parameters)), "written").tensors;
	const tensorSchema = z.record(
		z.string(),
		z.object({ dtype: z.string(), shape: z.array(z.int()), sha256: z.string() }),
	);
	const expected = tensorSchema.parse(await readJson(join(parity, "openai-vit/tensors.json")));
	expect(Object.keys(expected)).toHaveLength(written.size);
	for (const [name, { dtype, shape, bytes }] of written)
		expect({ dtype, shape, sha256: createHash("sha256").update(bytes).digest("hex") }, name).toEqual(expected[name]);

	const described = parseOpenClip(await readJson(join(parity, "openai-vit/open_clip_config.json")));
	expect({ ...described.config, logitScaleInit: config.logitScaleInit }).toEqual(config);
	const path = join(folder, "openai.safetensors");
	await writeFile(path, writeSafetensors(toOpenai(config, parameters)));
	const file = await openSafetensors(path);
	expect(await fromOpenai(file, described.config)).toEqual(parameters);
	await file.close();
});

test("a ModifiedResNet that open_clip wrote is written back byte for byte", async () => {
	const original = readSafetensors(
		await readFile(join(parity, "resnet/open_clip_model.safetensors")),
		"original",
	).tensors;
	const { config } = parseOpenClip(await readJson(join(parity, "resnet/open_clip_config.json")));
	const file = await openSafetensors(join(parity, "resnet/open_clip_model.safetensors"));
	const written = readSafetensors(
		writeSafetensors(toOpenai(config, await fromOpenai(file, config))),
		"written",
	).tensors;
	await file.close();
	expect([...written.keys()].sort()).toEqual([...original.keys()].sort());
	for (const [name, tensor] of written) {
		const { dtype, shape, bytes } = original.get(name)!;
		expect({ dtype: tensor.dtype, shape: tensor.shape }, name).toEqual({ dtype, shape });
		expect(Buffer.from(tensor.bytes).equals(bytes), name).toBe(true);
	}
});

test("a ResNet is saved in open_clip's layout and loaded as it was, with OpenAI's tokenizer rules", async () => {
	const model = toyResNet();
	await saveCheckpoint(target, model);
	const { tokenizer, ...loaded } = await loadCheckpoint(target);
	const { tokenizer: _, ...saved } = model;
	expect(loaded).toEqual(saved);
	expect(tokenizer.rules).toBe("openai");
	await saveCheckpoint(join(folder, "again"), { ...loaded, tokenizer });
	const [first, second] = await Promise.all(
		[target, join(folder, "again")].map((at) => readFile(join(at, "open_clip_model.safetensors"))),
	);
	expect(first!.equals(second!)).toBe(true);
});

test("a transformer goes through open_clip's layout unchanged, and stays in it", async () => {
	const model = toyModel();
	await saveCheckpoint(target, model, { layout: "open_clip" });
	const loaded = await loadCheckpoint(target);
	expect(loaded.parameters).toEqual(model.parameters);
	expect(loaded.config).toEqual({ ...model.config, text: { ...model.config.text, eosTokenId: 2 } });
	await saveCheckpoint(join(folder, "again"), loaded);
	expect((await loadCheckpoint(join(folder, "again"))).tokenizer.rules).toBe("openai");
});

test.each<readonly [string, (config: ClipConfig) => ClipConfig]>([
	["vision.stem", () => toyModel({ stem: { kind: "convolution", channels: [6] } }).config],
	["text.activation", (config) => ({ ...config, text: { ...config.text, activation: "gelu" } })],
	["text.eosTokenId", (config) => ({ ...config, text: { ...config.text, eosTokenId: 7 } })],
])("what open_clip's layout cannot hold is refused by its name, %s", (subject, change) => {
	expect(() => printOpenClip(change(toyModel().config))).toThrow(
		expect.objectContaining({ code: "unwritable", subject }),
	);
});

test("a field of open_clip's config that would change the architecture is refused by its name", async () => {
	const { model_cfg, ...rest } = (await readJson(join(parity, "resnet/open_clip_config.json"))) as {
		model_cfg: { text_cfg: object };
	};
	const text_cfg = { ...model_cfg.text_cfg, pool_type: "last" };
	expect(() => parseOpenClip({ ...rest, model_cfg: { ...model_cfg, text_cfg } })).toThrow(/text_cfg.*pool_type/s);
	expect(() => parseOpenClip({ model_cfg: { ...model_cfg, vision_cfg: { timm_model_name: "x" } } })).toThrow(
		/vision_cfg.*timm_model_name/s,
	);
});

/** The model families that OpenAI published: width, layers and so on of both towers (Radford et al. 2021, table 20). */
const text = (width: number) => ({ width, layers: 12, heads: width / 64, mlp: 4 * width });
const transformer = (width: number, layers: number, patchSize: number, imageSize = 224) => ({
	width,
	layers,
	heads: width / 64,
	mlp: 4 * width,
	patchSize,
	imageSize,
});
const resnet = (stages: readonly number[], width: number, imageSize: number) => ({
	stages,
	width,
	heads: width / 2,
	imageSize,
});

test.each([
	["ViT-B/32", 151_277_313, 512, transformer(768, 12, 32), text(512)],
	["ViT-B/16", 149_620_737, 512, transformer(768, 12, 16), text(512)],
	["ViT-L/14", 427_616_513, 768, transformer(1024, 24, 14), text(768)],
	["ViT-L/14@336px", 427_944_193, 768, transformer(1024, 24, 14, 336), text(768)],
	["RN50", 102_007_137, 1024, resnet([3, 4, 6, 3], 64, 224), text(512)],
	["RN101", 119_688_033, 512, resnet([3, 4, 23, 3], 64, 224), text(512)],
	["RN50x4", 178_300_601, 640, resnet([4, 6, 10, 6], 80, 288), text(640)],
	["RN50x16", 290_979_217, 768, resnet([6, 8, 18, 8], 96, 384), text(768)],
	["RN50x64", 623_258_305, 1024, resnet([3, 15, 36, 10], 128, 448), text(1024)],
] as const)(
	"%s, with its %i learned numbers, is recognised by its tensors' shapes",
	(_, size, projection, vision, words) => {
		const tower = { activation: "quick_gelu", eps: 1e-5 } as const;
		const config = {
			projection,
			logitScaleInit: Math.log(1 / 0.07),
			vision: "stages" in vision ? vision : { ...tower, ...vision, stem: { kind: "patch" } },
			text: { ...tower, ...words, vocabulary: 49408, context: 77, eosTokenId: 2 },
		} as ClipConfig;
		const shapes = parameterShapes(config);
		const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
		const learned = Object.entries(shapes).filter(([name]) => !/running_|num_batches/.test(name));
		expect(learned.reduce((sum, [, shape]) => sum + sizeOf(shape), 0)).toBe(size);
		const stored = openaiNames(config).map(({ theirs, ours, how }) => {
			const shape = shapes[ours[0]!]!;
			const turned = how === "transpose" ? shape.toReversed() : shape;
			return [theirs, { shape: how === "stack" ? turned.with(0, turned[0]! * ours.length) : turned }] as const;
		});
		expect(inferConfig(new Map(stored), "state dict")).toEqual(config);
	},
);

/** A model that is wide enough for heads of 64, so that its config can be read off its tensors. */
function wideModel(): ClipModel {
	const { config, tokenizer, preprocess } = toyModel();
	const vision = { ...config.vision, width: 128, mlp: 256, heads: 2 };
	const wide = { ...config, vision, text: { ...config.text, width: 64, heads: 1, eosTokenId: 2 } };
	return { config: wide, tokenizer, preprocess, parameters: initialiseOpenai(wide, new Random("wide")) };
}

test.each(["ViT.safetensors", "epoch_3.pt"])("a bare state dict %s needs only a vocabulary beside it", async (name) => {
	const model = wideModel();
	await saveCheckpoint(target, model);
	for (const file of ["config.json", "preprocessor_config.json", "model.safetensors"]) await rm(join(target, file));
	const tensors = toOpenai(model.config, model.parameters);
	const prefixed = Object.fromEntries(Object.entries(tensors).map(([key, value]) => [`module.${key}`, value]));
	const hosts = prefixed as Parameters<typeof torchFile>[0];
	await writeFile(join(target, name), name.endsWith(".pt") ? torchFile(hosts) : writeSafetensors(prefixed));
	const loaded = await loadCheckpoint(target);
	expect(loaded.parameters).toEqual(model.parameters);
	expect(loaded.config).toEqual(model.config);
	expect(loaded.preprocess).toEqual(model.preprocess);
});

test("a state dict with a tensor too many, or without one, is refused by the tensor's name", async () => {
	const model = wideModel();
	const tensors = toOpenai(model.config, model.parameters);
	const path = join(folder, "x.safetensors");
	const load = async (changed: typeof tensors) => {
		await writeFile(path, writeSafetensors(changed));
		const file = await openSafetensors(path);
		return fromOpenai(file, model.config).finally(() => file.close());
	};
	const { ln_final: _, "ln_final.bias": missing, ...rest } = tensors;
	await expect(load(rest)).rejects.toMatchObject({ fault: "bad-tensor", subject: "ln_final.bias" });
	await expect(load({ ...tensors, logit_bias: missing! })).rejects.toMatchObject({
		fault: "unexpected-tensor",
		subject: "logit_bias",
	});
	const sizes = { input_resolution: missing!, context_length: missing!, vocab_size: missing! };
	await expect(load({ ...tensors, ...sizes })).resolves.toEqual(model.parameters);
});

test("the layout of transformers 5 is read: tokenizer.json alone, and the processor in one file", async () => {
	const model = toyModel();
	await saveCheckpoint(target, model);
	const { ids, merges } = model.tokenizer.vocabulary;
	const vocab = Object.fromEntries(ids);
	const image_processor = await readJson(join(target, "preprocessor_config.json"));
	for (const file of ["vocab.json", "merges.txt", "preprocessor_config.json"]) await rm(join(target, file));
	await writeJson("processor_config.json", { image_processor, processor_class: "CLIPProcessor" });
	for (const pairs of [merges, merges.map((pair) => pair.join(" "))]) {
		await writeJson("tokenizer.json", { version: "1.0", model: { type: "BPE", vocab, merges: pairs } });
		const loaded = await loadCheckpoint(target);
		expect(loaded.tokenizer.vocabulary).toEqual(model.tokenizer.vocabulary);
		expect(loaded.preprocess).toEqual(model.preprocess);
	}
	await writeJson("tokenizer.json", { model: { type: "WordPiece", vocab, merges: [] } });
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ subject: "tokenizer.json", fault: "bad-config" });
	await writeJson("tokenizer.json", { model: { vocab: { ...vocab, surplus: 5000 }, merges } });
	await expect(loadCheckpoint(target)).rejects.toThrow("tokenizer.json: the id 5000 lies beyond");
});

test("a checkpoint of 2021 is read: whole sizes, PyTorch's archive, integer positions, the end token 2", async () => {
	const model = toyModel();
	await saveCheckpoint(target, model);
	const config = (await readJson(join(target, "config.json"))) as { text_config: object };
	await writeJson("config.json", {
		...config,
		torch_dtype: "float32",
		transformers_version: "4.9.0.dev0",
		text_config: { ...config.text_config, eos_token_id: 2, bos_token_id: 0, top_k: 50 },
	});
	await writeJson("preprocessor_config.json", {
		crop_size: 8,
		do_center_crop: true,
		do_normalize: true,
		do_resize: true,
		feature_extractor_type: "CLIPFeatureExtractor",
		image_mean: model.preprocess.mean,
		image_std: model.preprocess.std,
		resample: 3,
		size: 8,
	});
	await rm(join(target, "model.safetensors"));
	const positions = { shape: [1, 24], data: new Float32Array(24) };
	const parameters = { ...model.parameters, "text_model.embeddings.position_ids": positions };
	await writeFile(join(target, "pytorch_model.bin"), torchFile(parameters));
	const loaded = await loadCheckpoint(target);
	expect(loaded.parameters).toEqual(model.parameters);
	expect(loaded.config.text.eosTokenId).toBe(2);
	expect(loaded.preprocess).toEqual(model.preprocess);
});

test.each([
	["size", { size: { shortest_edge: 9 } }],
	["size", { size: 9 }],
	["resample", { resample: 2 }],
	["do_center_crop", { do_center_crop: false }],
	["do_normalize", { do_normalize: false }],
	["image_std.0", { image_std: [0, 1, 1] }],
])("a preprocessor whose %s is not CLIP's is refused by that name", async (subject, change) => {
	await saveCheckpoint(target, toyModel());
	const saved = (await readJson(join(target, "preprocessor_config.json"))) as object;
	await writeJson("preprocessor_config.json", { ...saved, ...change });
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ fault: "bad-config", subject });
});

test("an unreadable folder is an error that names the file looked for", async () => {
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ code: "invalid-checkpoint" });
	await cp(join(parity, "resnet/open_clip_config.json"), join(target, "open_clip_config.json"));
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ subject: "open_clip_model.safetensors" });
});
