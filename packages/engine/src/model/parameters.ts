/**
 * Names and shapes of a model's parameters: Hugging Face's keys, so that checkpoints need no renaming, and OpenAI's for
 * a ResNet, which Hugging Face's CLIP does not have. A ResNet's running statistics are among them.
 */
import { type ClipConfig, imageTokens, isResNet, type TowerConfig, type VisionConfig } from "./config.ts";
import { resnetShapes } from "./modified-resnet.ts";

export type Tower = "vision" | "text";

/** Every parameter with its shape; linear weights are [out, in], convolutions [out, in, height, width]. */
export function parameterShapes(config: ClipConfig): Record<string, readonly number[]> {
	const { vision, text, projection } = config;
	const shapes: Record<string, readonly number[]> = { logit_scale: [] };
	if (isResNet(vision)) Object.assign(shapes, resnetShapes(vision, projection));
	else addTransformer(shapes, vision, projection);
	shapes["text_model.embeddings.token_embedding.weight"] = [text.vocabulary, text.width];
	shapes["text_model.embeddings.position_embedding.weight"] = [text.context, text.width];
	addBlocks(shapes, "text_model", text);
	addNorm(shapes, "text_model.final_layer_norm", text.width);
	shapes["text_projection.weight"] = [projection, text.width];
	return shapes;
}

function addTransformer(shapes: Record<string, readonly number[]>, vision: VisionConfig, projection: number): void {
	shapes["vision_model.embeddings.class_embedding"] = [vision.width];
	if (vision.stem.kind === "patch")
		shapes["vision_model.embeddings.patch_embedding.weight"] = [vision.width, 3, vision.patchSize, vision.patchSize];
	else
		for (const [layer, [from, to]] of stemChannels(vision.stem.channels, vision.width).entries()) {
			shapes[`vision_model.embeddings.stem.${layer}.weight`] = [to, from, 4, 4];
			shapes[`vision_model.embeddings.stem.${layer}.bias`] = [to];
		}
	shapes["vision_model.embeddings.position_embedding.weight"] = [imageTokens(vision), vision.width];
	addNorm(shapes, "vision_model.pre_layrnorm", vision.width);
	addBlocks(shapes, "vision_model", vision);
	addNorm(shapes, "vision_model.post_layernorm", vision.width);
	shapes["visual_projection.weight"] = [projection, vision.width];
}

/** The tower a parameter belongs to, projection included; null for the temperature. */
export function towerOfParameter(name: string): Tower | null {
	if (/^(vision_model|visual)\./.test(name) || name === "visual_projection.weight") return "vision";
	if (name.startsWith("text_model.") || name === "text_projection.weight") return "text";
	return null;
}

/** [in, out] channels of each convolution of the stem. */
function stemChannels(channels: readonly number[], width: number): [number, number][] {
	const outputs = [...channels, width];
	return outputs.map((to, layer) => [layer === 0 ? 3 : outputs[layer - 1]!, to]);
}

function addNorm(shapes: Record<string, readonly number[]>, prefix: string, width: number): void {
	shapes[`${prefix}.weight`] = [width];
	shapes[`${prefix}.bias`] = [width];
}

function addBlocks(
	shapes: Record<string, readonly number[]>,
	model: string,
	{ width, layers, mlp }: TowerConfig,
): void {
	for (let layer = 0; layer < layers; layer++) {
		const block = `${model}.encoder.layers.${layer}`;
		addNorm(shapes, `${block}.layer_norm1`, width);
		for (const name of ["q_proj", "k_proj", "v_proj", "out_proj"]) {
			shapes[`${block}.self_attn.${name}.weight`] = [width, width];
			shapes[`${block}.self_attn.${name}.bias`] = [width];
		}
		addNorm(shapes, `${block}.layer_norm2`, width);
		shapes[`${block}.mlp.fc1.weight`] = [mlp, width];
		shapes[`${block}.mlp.fc1.bias`] = [mlp];
		shapes[`${block}.mlp.fc2.weight`] = [width, mlp];
		shapes[`${block}.mlp.fc2.bias`] = [width];
	}
}
