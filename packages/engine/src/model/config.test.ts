import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { MithridateError } from "../errors.ts";
import { type ClipConfig, parseConfig, printConfig } from "./config.ts";
import { toyModel } from "./toy.fixture.ts";

function faultOf(json: unknown): MithridateError {
	try {
		parseConfig(json);
	} catch (error) {
		if (error instanceof MithridateError) return error;
	}
	throw new Error("the config was accepted");
}

test("an empty file is Hugging Face's default model, ViT-B/32", () => {
	const config = parseConfig({});
	expect(config).toEqual({
		projection: 512,
		logitScaleInit: 2.6592,
		vision: {
			width: 768,
			layers: 12,
			heads: 12,
			mlp: 3072,
			activation: "quick_gelu",
			eps: 1e-5,
			imageSize: 224,
			patchSize: 32,
			stem: { kind: "patch" },
		},
		text: {
			width: 512,
			layers: 12,
			heads: 8,
			mlp: 2048,
			activation: "quick_gelu",
			eps: 1e-5,
			vocabulary: 49408,
			context: 77,
			eosTokenId: 49407,
		},
	} satisfies ClipConfig);
});

test("a file of transformers 5 is read", () => {
	const path = resolve(import.meta.dirname, "../../fixtures/parity/vit/config.json");
	const config = parseConfig(JSON.parse(readFileSync(path, "utf8")));
	expect(config.projection).toBe(40);
	expect(config.vision).toMatchObject({ width: 64, layers: 3, heads: 4, imageSize: 32, patchSize: 8 });
	expect(config.text).toMatchObject({ width: 48, layers: 2, vocabulary: 512, context: 24, eosTokenId: 2 });
});

test("fields that transformers 4 adds are ignored and its config dicts override", () => {
	const config = parseConfig({
		_name_or_path: "openai/clip-vit-base-patch32",
		torch_dtype: "float32",
		transformers_version: "4.16.0.dev0",
		text_config: { hidden_size: 512, top_k: 50, hidden_act: "gelu" },
		text_config_dict: { hidden_size: 640, num_attention_heads: 10 },
		vision_config: { layer_norm_eps: 1e-6 },
		vision_config_dict: null,
	});
	expect(config.text).toMatchObject({ width: 640, heads: 10, activation: "gelu" });
	expect(config.vision.eps).toBe(1e-6);
});

test.each([{ kind: "patch" } as const, { kind: "convolution", channels: [6] } as const])(
	"a config with a $kind stem survives printing and parsing",
	(stem) => {
		const { config } = toyModel({ stem });
		expect(parseConfig(JSON.parse(JSON.stringify(printConfig(config))))).toEqual(config);
	},
);

test.each([
	["projection_dim", { projection_dim: 0 }],
	["model_type", { model_type: "siglip" }],
	["vision_config.hidden_act", { vision_config: { hidden_act: "relu" } }],
	["text_config.num_hidden_layers", { text_config: { num_hidden_layers: 1.5 } }],
	["vision_config.num_channels", { vision_config: { num_channels: 4 } }],
	["text_config.attention_dropout", { text_config: { attention_dropout: 0.1 } }],
	["vision_config.num_attention_heads", { vision_config: { num_attention_heads: 7 } }],
	["vision_config.patch_size", { vision_config: { patch_size: 30 } }],
	["vision_config.patch_size", { vision_config: { stem: { kind: "convolution", channels: [8] } } }],
	["vision_config.stem.kind", { vision_config: { stem: { kind: "pool" } } }],
	["text_config.eos_token_id", { text_config: { vocab_size: 600 } }],
	["config.json", []],
])("a bad value is refused by its name, %s", (subject, json) => {
	const fault = faultOf(json);
	expect(fault.code).toBe("invalid-checkpoint");
	expect(fault.subject).toBe(subject);
});
