/** The shape of a CLIP model, read strictly from and printed to Hugging Face's `config.json`. */
import { z } from "zod";
import { MithridateError } from "../errors.ts";

export type Activation = "quick_gelu" | "gelu";

/** What both towers have in common. Widths and counts are plain numbers; `eps` belongs to every LayerNorm. */
export interface TowerConfig {
	readonly width: number;
	readonly layers: number;
	readonly heads: number;
	/** Hidden width of the two-layer perceptron. */
	readonly mlp: number;
	readonly activation: Activation;
	readonly eps: number;
}

/**
 * How an image becomes tokens. `patch`: one linear map of non-overlapping patches (CLIP). `convolution`: 4x4, stride 2
 * convolutions; `channels` are the outputs of all but the last, whose output is the tower's width, so that the stem has
 * `channels.length + 1` layers and `patchSize` is 2 to that power.
 */
export type Stem = { readonly kind: "patch" } | { readonly kind: "convolution"; readonly channels: readonly number[] };

export interface VisionConfig extends TowerConfig {
	/** Side of the square input in pixels. */
	readonly imageSize: number;
	/** Pixels per token side; divides `imageSize`. */
	readonly patchSize: number;
	readonly stem: Stem;
}

/** A ModifiedResNet (RN50 and its like): residual stages of bottleneck blocks, then attention pooling. */
export interface ResNetConfig {
	/** Blocks of each of the four stages; 3, 4, 6, 3 in RN50. */
	readonly stages: readonly [number, number, number, number];
	/** Channels behind the stem; the last stage has 32 times as many. */
	readonly width: number;
	/** Heads of the attention pooling. */
	readonly heads: number;
	/** Side of the square input in pixels, a multiple of 32. */
	readonly imageSize: number;
}

export type ImageTowerConfig = VisionConfig | ResNetConfig;

/** Whether the image tower is a ModifiedResNet; otherwise it is a transformer. */
export function isResNet(tower: ImageTowerConfig): tower is ResNetConfig {
	return "stages" in tower;
}

export interface TextConfig extends TowerConfig {
	/** Number of token ids. */
	readonly vocabulary: number;
	/** Most tokens of one text, start and end token included. */
	readonly context: number;
	/** 2 pools at the largest id (OpenAI's historic value); any other value pools at the first position that holds it. */
	readonly eosTokenId: number;
}

export interface ClipConfig {
	/** Width of the joint embedding space. */
	readonly projection: number;
	readonly vision: ImageTowerConfig;
	readonly text: TextConfig;
	/** Initial value of the learned log temperature; ln(1/0.07) in CLIP. */
	readonly logitScaleInit: number;
}

/** A CLIP with a vision transformer, the only kind that Hugging Face's `config.json` describes. */
export type TransformerClipConfig = ClipConfig & { readonly vision: VisionConfig };

const count = z.int().positive();
const tower = {
	hidden_act: z.enum(["quick_gelu", "gelu"]).default("quick_gelu"),
	layer_norm_eps: z.number().positive().default(1e-5),
	num_hidden_layers: count.default(12),
	attention_dropout: z.literal(0).default(0),
};

/** Defaults are those of Hugging Face's CLIPVisionConfig and CLIPTextConfig, which leave out what equals them. */
const visionSchema = z.looseObject({
	...tower,
	hidden_size: count.default(768),
	intermediate_size: count.default(3072),
	num_attention_heads: count.default(12),
	image_size: count.default(224),
	patch_size: count.default(32),
	num_channels: z.literal(3).default(3),
	stem: z
		.discriminatedUnion("kind", [
			z.strictObject({ kind: z.literal("patch") }),
			z.strictObject({ kind: z.literal("convolution"), channels: z.array(count) }),
		])
		.default({ kind: "patch" }),
});

const textSchema = z.looseObject({
	...tower,
	hidden_size: count.default(512),
	intermediate_size: count.default(2048),
	num_attention_heads: count.default(8),
	vocab_size: count.default(49408),
	max_position_embeddings: count.min(3).default(77),
	eos_token_id: z.int().nonnegative().default(49407),
});

const fileSchema = z.looseObject({
	model_type: z.literal("clip").default("clip"),
	projection_dim: count.default(512),
	logit_scale_init_value: z.number().default(2.6592),
	vision_config: z.record(z.string(), z.unknown()).nullish(),
	vision_config_dict: z.record(z.string(), z.unknown()).nullish(),
	text_config: z.record(z.string(), z.unknown()).nullish(),
	text_config_dict: z.record(z.string(), z.unknown()).nullish(),
});

/** Reads a parsed `config.json`. Throws `invalid-checkpoint` naming the first field that is wrong. */
export function parseConfig(json: unknown): TransformerClipConfig {
	const file = check(fileSchema, json, "");
	const vision = check(visionSchema, { ...file.vision_config, ...file.vision_config_dict }, "vision_config.");
	const text = check(textSchema, { ...file.text_config, ...file.text_config_dict }, "text_config.");
	return validateConfig({
		projection: file.projection_dim,
		logitScaleInit: file.logit_scale_init_value,
		vision: {
			...towerOf(vision),
			imageSize: vision.image_size,
			patchSize: vision.patch_size,
			stem: vision.stem,
		},
		text: {
			...towerOf(text),
			vocabulary: text.vocab_size,
			context: text.max_position_embeddings,
			eosTokenId: text.eos_token_id,
		},
	});
}

/** The `config.json` of a model, complete, in the spelling that Hugging Face 4.x and 5.x both read. */
export function printConfig(config: TransformerClipConfig): Record<string, unknown> {
	const { vision, text } = config;
	return {
		architectures: ["CLIPModel"],
		model_type: "clip",
		projection_dim: config.projection,
		logit_scale_init_value: config.logitScaleInit,
		vision_config: {
			model_type: "clip_vision_model",
			...printTower(vision, config.projection),
			image_size: vision.imageSize,
			patch_size: vision.patchSize,
			num_channels: 3,
			...(vision.stem.kind === "patch" ? {} : { stem: vision.stem }),
		},
		text_config: {
			model_type: "clip_text_model",
			...printTower(text, config.projection),
			vocab_size: text.vocabulary,
			max_position_embeddings: text.context,
			eos_token_id: text.eosTokenId,
		},
	};
}

/** Checks what a field cannot know alone; returns the config. Throws `invalid-checkpoint`. */
export function validateConfig<Config extends ClipConfig>(config: Config): Config {
	const { vision, text } = config;
	for (const [name, width, heads] of [
		["vision_config", isResNet(vision) ? vision.width * 32 : vision.width, vision.heads],
		["text_config", text.width, text.heads],
	] as const)
		if (!(Number.isInteger(heads) && heads > 0 && width % heads === 0))
			throw fault(`${name}.num_attention_heads`, `${heads} heads do not divide the width ${width}; choose a divisor`);
	if (isResNet(vision)) validateResNet(vision);
	else validatePatches(vision);
	if (text.eosTokenId !== 2 && text.eosTokenId >= text.vocabulary)
		throw fault(
			"text_config.eos_token_id",
			`the end token ${text.eosTokenId} lies outside the vocabulary of ${text.vocabulary} ids`,
		);
	return config;
}

function validateResNet({ width, imageSize, stages }: ResNetConfig): void {
	if (imageSize % 32 !== 0)
		throw fault("vision_config.image_size", `${imageSize} pixels cannot be halved five times; choose a multiple of 32`);
	if (width % 2 !== 0) throw fault("vision_config.width", `half of ${width} channels is no whole number`);
	if (stages.some((blocks) => blocks < 1))
		throw fault("vision_config.layers", `each stage has at least one block, not ${stages.join(", ")}`);
}

function validatePatches(vision: VisionConfig): void {
	if (vision.imageSize % vision.patchSize !== 0)
		throw fault(
			"vision_config.patch_size",
			`patches of ${vision.patchSize} pixels do not tile an image of ${vision.imageSize}; choose a divisor`,
		);
	if (vision.stem.kind === "convolution") {
		const stride = 2 ** (vision.stem.channels.length + 1);
		if (vision.patchSize !== stride)
			throw fault(
				"vision_config.patch_size",
				`a stem of ${vision.stem.channels.length + 1} convolutions has patches of ${stride} pixels, not ${vision.patchSize}`,
			);
	}
}

/** Tokens of one image: the patches and the class token before them. */
export function imageTokens(vision: VisionConfig): number {
	return (vision.imageSize / vision.patchSize) ** 2 + 1;
}

interface TowerFields {
	readonly hidden_size: number;
	readonly num_hidden_layers: number;
	readonly num_attention_heads: number;
	readonly intermediate_size: number;
	readonly hidden_act: Activation;
	readonly layer_norm_eps: number;
}

function towerOf(fields: TowerFields): TowerConfig {
	return {
		width: fields.hidden_size,
		layers: fields.num_hidden_layers,
		heads: fields.num_attention_heads,
		mlp: fields.intermediate_size,
		activation: fields.hidden_act,
		eps: fields.layer_norm_eps,
	};
}

function printTower(tower: TowerConfig, projection: number): TowerFields & { projection_dim: number } {
	return {
		hidden_size: tower.width,
		num_hidden_layers: tower.layers,
		num_attention_heads: tower.heads,
		intermediate_size: tower.mlp,
		hidden_act: tower.activation,
		layer_norm_eps: tower.eps,
		projection_dim: projection,
	};
}

function check<T extends z.ZodType>(schema: T, value: unknown, prefix: string): z.output<T> {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const issue = result.error.issues[0]!;
	throw fault(`${prefix}${issue.path.join(".")}` || "config.json", issue.message);
}

function fault(field: string, problem: string): MithridateError {
	return new MithridateError("invalid-checkpoint", `config.json, ${field}: ${problem}.`, { subject: field });
}
