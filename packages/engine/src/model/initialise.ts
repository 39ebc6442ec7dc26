/**
 * Fresh weights by the convention named `openai`: that of OpenAI's code and open_clip, which differs from Hugging Face's
 * (there the depth-scaled deviation sits on q, k, v instead of on the output). From-scratch runs under the two differ.
 */
import type { Random } from "../random.ts";
import type { HostTensor } from "../types.ts";
import { isStatistic } from "./batch-norm.ts";
import { type ClipConfig, isResNet, type ResNetConfig } from "./config.ts";
import { parameterShapes } from "./parameters.ts";

type Draw =
	| { kind: "constant"; value: number }
	| { kind: "normal"; deviation: number }
	| { kind: "uniform"; bound: number };

/** Every parameter, each drawn from its own stream `random.split(name)`, so that one never shifts another. */
export function initialiseOpenai(config: ClipConfig, random: Random): Record<string, HostTensor> {
	const parameters: Record<string, HostTensor> = {};
	for (const [name, shape] of Object.entries(parameterShapes(config))) {
		const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
		const draw = drawFor(config, name, shape);
		const stream = random.split(name);
		for (let at = 0; at < data.length; at++)
			data[at] =
				draw.kind === "constant"
					? draw.value
					: draw.kind === "normal"
						? stream.normal() * draw.deviation
						: (2 * stream.uniform() - 1) * draw.bound;
		parameters[name] = { shape, data };
	}
	return parameters;
}

function drawFor(config: ClipConfig, name: string, shape: readonly number[]): Draw {
	if (name.startsWith("visual.") && isResNet(config.vision)) return resnetDraw(config.vision, name, shape);
	const text = name.startsWith("text_");
	const tower = text || isResNet(config.vision) ? config.text : config.vision;
	const { width, layers } = tower;
	if (name === "logit_scale") return { kind: "constant", value: config.logitScaleInit };
	if (/norm\d?\.weight$/.test(name)) return { kind: "constant", value: 1 };
	if (/norm\d?\.bias$|self_attn\..*\.bias$/.test(name)) return { kind: "constant", value: 0 };
	if (name.endsWith("mlp.fc1.bias")) return pytorchDefault(width);
	if (name.endsWith("mlp.fc2.bias")) return pytorchDefault(tower.mlp);
	if (name.endsWith("_projection.weight") || name.endsWith("class_embedding")) return normal(width ** -0.5);
	if (name.endsWith("token_embedding.weight")) return normal(0.02);
	if (name.endsWith("position_embedding.weight")) return normal(text ? 0.01 : width ** -0.5);
	if (name.includes(".stem."))
		return pytorchDefault(name.endsWith("bias") ? stemInputs(config, name) : shape[1]! * shape[2]! * shape[3]!);
	if (text) {
		if (/out_proj|fc2/.test(name)) return normal(width ** -0.5 * (2 * layers) ** -0.5);
		return normal(name.endsWith("fc1.weight") ? (2 * width) ** -0.5 : width ** -0.5);
	}
	// Xavier-uniform over q, k and v stacked into one [3 width, width] matrix.
	if (/[qkv]_proj\.weight$/.test(name)) return { kind: "uniform", bound: Math.sqrt(6 / (4 * width)) };
	return pytorchDefault(shape.slice(1).reduce((product, side) => product * side, 1));
}

/** Each block begins as its short way alone: the gain of its last normalisation is zero. */
function resnetDraw({ width }: ResNetConfig, name: string, shape: readonly number[]): Draw {
	const constant = (value: number): Draw => ({ kind: "constant", value });
	if (isStatistic(name)) return constant(name.endsWith(".running_var") ? 1 : 0);
	if (/\.(bn\d|downsample\.1)\.bias$/.test(name)) return constant(0);
	if (/\.(bn\d|downsample\.1)\.weight$/.test(name)) return constant(/layer\d.*bn3/.test(name) ? 0 : 1);
	const wide = width * 32;
	if (name.endsWith(".bias")) return pytorchDefault(wide);
	if (name.includes(".attnpool.")) return normal(wide ** -0.5);
	return pytorchDefault(shape.slice(1).reduce((product, side) => product * side, 1));
}

function normal(deviation: number): Draw {
	return { kind: "normal", deviation };
}

/** PyTorch's default for linear and convolution layers, weight and bias alike. */
function pytorchDefault(inputs: number): Draw {
	return { kind: "uniform", bound: inputs ** -0.5 };
}

function stemInputs(config: ClipConfig, biasName: string): number {
	const weight = parameterShapes(config)[biasName.replace(/bias$/, "weight")]!;
	return weight[1]! * weight[2]! * weight[3]!;
}
