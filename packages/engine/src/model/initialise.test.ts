import { expect, test } from "vitest";
import { Random } from "../random.ts";
import type { HostTensor } from "../types.ts";
import type { ClipConfig } from "./config.ts";
import { initialiseOpenai } from "./initialise.ts";
import { toyModel } from "./toy.fixture.ts";

const tower = { layers: 2, heads: 2, activation: "gelu", eps: 1e-5 } as const;
const config: ClipConfig = {
	projection: 64,
	logitScaleInit: 2.6,
	vision: {
		...tower,
		width: 128,
		mlp: 512,
		imageSize: 16,
		patchSize: 4,
		stem: { kind: "convolution", channels: [32] },
	},
	text: { ...tower, width: 64, mlp: 256, vocabulary: 600, context: 32, eosTokenId: 599 },
};
const parameters = initialiseOpenai(config, new Random(7));

function deviation({ data }: HostTensor): number {
	return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
}

/** Deviation of a uniform distribution on [-bound, bound]. */
const uniform = (bound: number) => bound / Math.sqrt(3);

test.each([
	["text_model.embeddings.token_embedding.weight", 0.02],
	["text_model.embeddings.position_embedding.weight", 0.01],
	["text_model.encoder.layers.1.self_attn.q_proj.weight", 64 ** -0.5],
	["text_model.encoder.layers.1.self_attn.out_proj.weight", 64 ** -0.5 / 2],
	["text_model.encoder.layers.0.mlp.fc1.weight", 128 ** -0.5],
	["text_model.encoder.layers.0.mlp.fc2.weight", 64 ** -0.5 / 2],
	["text_projection.weight", 64 ** -0.5],
	["vision_model.embeddings.position_embedding.weight", 128 ** -0.5],
	["vision_model.encoder.layers.0.self_attn.k_proj.weight", uniform(Math.sqrt(6 / 512))],
	["vision_model.encoder.layers.0.self_attn.out_proj.weight", uniform(128 ** -0.5)],
	["vision_model.encoder.layers.0.mlp.fc2.weight", uniform(512 ** -0.5)],
	["vision_model.encoder.layers.0.mlp.fc2.bias", uniform(512 ** -0.5)],
	["vision_model.encoder.layers.0.mlp.fc1.bias", uniform(128 ** -0.5)],
	["vision_model.embeddings.stem.0.weight", uniform(48 ** -0.5)],
	["vision_model.embeddings.stem.1.weight", uniform(512 ** -0.5)],
	["vision_model.embeddings.stem.1.bias", uniform(512 ** -0.5)],
	["visual_projection.weight", 128 ** -0.5],
])("%s has the deviation of OpenAI's code", (name, expected) => {
	expect(deviation(parameters[name]!) / expected).toBeCloseTo(1, 0);
	// Four standard errors of a normal sample's deviation.
	expect(Math.abs(deviation(parameters[name]!) / expected - 1)).toBeLessThan(
		4 / Math.sqrt(2 * parameters[name]!.data.length),
	);
});

test("norms start as the identity, attention biases at zero, the temperature at the config's value", () => {
	expect(new Set(parameters["vision_model.pre_layrnorm.weight"]!.data)).toEqual(new Set([1]));
	expect(new Set(parameters["text_model.final_layer_norm.bias"]!.data)).toEqual(new Set([0]));
	expect(new Set(parameters["text_model.encoder.layers.0.self_attn.v_proj.bias"]!.data)).toEqual(new Set([0]));
	expect(parameters.logit_scale!.data).toEqual(Float32Array.of(2.6));
});

test("the same seed gives the same weights, another seed others, and a parameter does not depend on its neighbours", () => {
	expect(toyModel({ seed: 5 }).parameters).toEqual(toyModel({ seed: 5 }).parameters);
	expect(toyModel({ seed: 5 }).parameters).not.toEqual(toyModel({ seed: 6 }).parameters);
	const deeper = { ...config, text: { ...config.text, vocabulary: 700 } };
	const name = "vision_model.encoder.layers.0.mlp.fc1.weight";
	expect(initialiseOpenai(deeper, new Random(7))[name]).toEqual(parameters[name]);
});
