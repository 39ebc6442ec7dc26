/** `open_clip_config.json`, read strictly and written. */
import { z } from "zod";
import { MithridateError } from "../../errors.ts";
import { type ClipConfig, type ImageTowerConfig, isResNet, type TowerConfig, validateConfig } from "../config.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";

const count = z.int().positive();
const ratio = z.number().positive().default(4);
const head = count.default(64);
/** What OpenAI and open_clip fix: every LayerNorm's epsilon, the first temperature, and pooling at the largest id. */
export const openaiConstants = { eps: 1e-5, logitScaleInit: Math.log(1 / 0.07), eosTokenId: 2 } as const;
const { eps, logitScaleInit, eosTokenId } = openaiConstants;

/** Strict: a field that is not read here would change the architecture unnoticed. */
const visionSchema = z.strictObject({
	image_size: count.default(224),
	layers: z.union([count, z.tuple([count, count, count, count])]).default(12),
	width: count.default(768),
	head_width: head,
	mlp_ratio: ratio,
	patch_size: count.nullable().default(16),
});
const textSchema = z.strictObject({
	context_length: count.default(77),
	vocab_size: count.default(49408),
	width: count.default(512),
	heads: count.default(8),
	layers: count.default(12),
	mlp_ratio: ratio,
});
const channels = z.tuple([z.number(), z.number(), z.number()]);
const fileSchema = z.looseObject({
	model_cfg: z.strictObject({
		embed_dim: count,
		quick_gelu: z.boolean().default(false),
		vision_cfg: visionSchema,
		text_cfg: textSchema,
	}),
	preprocess_cfg: z.looseObject({ mean: channels.optional(), std: channels.optional() }).default({}),
});

/** Reads a parsed file; `mean` and `std` where it gives them. Throws `InvalidCheckpoint` naming the field. */
export function parseOpenClip(json: unknown) {
	const parsed = fileSchema.safeParse(json);
	if (!parsed.success) {
		const { path, message } = parsed.error.issues[0]!;
		throw new InvalidCheckpoint("bad-config", `open_clip_config.json, ${path.join(".")}: ${message}.`, {
			subject: path.join(".") || "open_clip_config.json",
		});
	}
	const { model_cfg: model, preprocess_cfg: preprocess } = parsed.data;
	const { vision_cfg: vision, text_cfg: text } = model;
	const activation = model.quick_gelu ? ("quick_gelu" as const) : ("gelu" as const);
	const tower: ImageTowerConfig = Array.isArray(vision.layers)
		? {
				stages: vision.layers,
				width: vision.width,
				heads: (vision.width * 32) / vision.head_width,
				imageSize: vision.image_size,
			}
		: {
				width: vision.width,
				layers: vision.layers,
				heads: vision.width / vision.head_width,
				mlp: Math.trunc(vision.width * vision.mlp_ratio),
				activation,
				eps,
				imageSize: vision.image_size,
				patchSize: vision.patch_size ?? 16,
				stem: { kind: "patch" },
			};
	const config = validateConfig({
		projection: model.embed_dim,
		logitScaleInit,
		vision: tower,
		text: {
			width: text.width,
			layers: text.layers,
			heads: text.heads,
			mlp: Math.trunc(text.width * text.mlp_ratio),
			activation,
			eps,
			vocabulary: text.vocab_size,
			context: text.context_length,
			eosTokenId,
		},
	});
	return { config, ...preprocess };
}

/** The `model_cfg` of a model. Throws `unwritable` for what open_clip cannot express. */
export function printOpenClip({ projection, vision, text }: ClipConfig): Record<string, unknown> {
	if (text.eosTokenId !== eosTokenId && text.eosTokenId !== text.vocabulary - 1)
		throw inexpressible("text.eosTokenId", "a text is pooled at its largest id, and this model's end token is another");
	const towers = isResNet(vision) ? [text] : [vision, text];
	if (towers.some((tower) => tower.eps !== eps || tower.activation !== text.activation))
		throw inexpressible("text.activation", "both towers have one activation and a LayerNorm epsilon of 1e-5");
	if (!isResNet(vision) && vision.stem.kind !== "patch")
		throw inexpressible("vision.stem", "there is no convolution stem");
	return {
		embed_dim: projection,
		quick_gelu: text.activation === "quick_gelu",
		vision_cfg: isResNet(vision)
			? {
					image_size: vision.imageSize,
					layers: vision.stages,
					width: vision.width,
					head_width: (vision.width * 32) / vision.heads,
					patch_size: null,
				}
			: {
					image_size: vision.imageSize,
					layers: vision.layers,
					width: vision.width,
					head_width: vision.width / vision.heads,
					mlp_ratio: ratioOf(vision),
					patch_size: vision.patchSize,
				},
		text_cfg: {
			context_length: text.context,
			vocab_size: text.vocabulary,
			width: text.width,
			heads: text.heads,
			layers: text.layers,
			mlp_ratio: ratioOf(text),
		},
	};
}

/** open_clip rounds width times ratio down. */
function ratioOf({ width, mlp }: TowerConfig): number {
	const share = mlp / width;
	return Math.trunc(width * share) === mlp ? share : (mlp + 0.5) / width;
}

function inexpressible(subject: string, rule: string): MithridateError {
	return new MithridateError(
		"unwritable",
		`open_clip's layout cannot hold this model: ${rule}. Save it in Hugging Face's layout.`,
		{ subject },
	);
}
