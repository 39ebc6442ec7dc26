/** OpenAI's and open_clip's names for the parameters: projections are transposed there, and q, k and v lie in one matrix. */
import type { ClipConfig } from "../config.ts";
import { isResNet } from "../config.ts";
import { resnetShapes } from "../modified-resnet.ts";

/** How one of their tensors is made of ours: as it is, transposed, or several stacked by rows. */
export interface Renaming {
	readonly theirs: string;
	readonly ours: readonly string[];
	readonly how: "copy" | "transpose" | "stack";
}

/** Every parameter of the model under both names. */
export function openaiNames({ vision, text, projection }: ClipConfig): readonly Renaming[] {
	const copy = (theirs: string, ours: string): Renaming => ({ theirs, ours: [ours], how: "copy" });
	const transpose = (theirs: string, ours: string): Renaming => ({ theirs, ours: [ours], how: "transpose" });
	const both = (theirs: string, ours: string) =>
		["weight", "bias"].map((kind) => copy(`${theirs}.${kind}`, `${ours}.${kind}`));
	const blocks = (theirs: string, ours: string, layers: number) =>
		Array.from({ length: layers }, (_, layer) => {
			const [from, to] = [`${theirs}.resblocks.${layer}`, `${ours}.encoder.layers.${layer}`];
			return [
				...["weight", "bias"].map((kind): Renaming => {
					const parts = ["q", "k", "v"].map((part) => `${to}.self_attn.${part}_proj.${kind}`);
					return { theirs: `${from}.attn.in_proj_${kind}`, ours: parts, how: "stack" };
				}),
				...both(`${from}.attn.out_proj`, `${to}.self_attn.out_proj`),
				...both(`${from}.ln_1`, `${to}.layer_norm1`),
				...both(`${from}.ln_2`, `${to}.layer_norm2`),
				...both(`${from}.mlp.c_fc`, `${to}.mlp.fc1`),
				...both(`${from}.mlp.c_proj`, `${to}.mlp.fc2`),
			];
		}).flat();
	const visual = isResNet(vision)
		? Object.keys(resnetShapes(vision, projection)).map((name) => copy(name, name))
		: [
				transpose("visual.proj", "visual_projection.weight"),
				copy("visual.class_embedding", "vision_model.embeddings.class_embedding"),
				copy("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"),
				copy("visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"),
				...both("visual.ln_pre", "vision_model.pre_layrnorm"),
				...blocks("visual.transformer", "vision_model", vision.layers),
				...both("visual.ln_post", "vision_model.post_layernorm"),
			];
	return [
		copy("logit_scale", "logit_scale"),
		...visual,
		copy("token_embedding.weight", "text_model.embeddings.token_embedding.weight"),
		copy("positional_embedding", "text_model.embeddings.position_embedding.weight"),
		...blocks("transformer", "text_model", text.layers),
		...both("ln_final", "text_model.final_layer_norm"),
		transpose("text_projection", "text_projection.weight"),
	];
}
