/** The shape of a model of OpenAI's family, read off the tensors of a state dict that comes without any config. */
import { type ClipConfig, type ImageTowerConfig, validateConfig } from "../config.ts";
import { InvalidCheckpoint } from "./invalid-checkpoint.ts";
import { openaiConstants } from "./open-clip-config.ts";

const { eps, logitScaleInit, eosTokenId } = openaiConstants;

/** Shapes by name: all that is read here. */
export type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

/**
 * The config that fits the tensors. Heads are 64 wide in all of OpenAI's models, and all use `quick_gelu`. Throws `InvalidCheckpoint` naming a tensor that is missing.
 */
export function inferConfig(tensors: Shapes, source: string): ClipConfig {
	const shapeOf = (name: string, rank: number): readonly number[] => {
		const shape = tensors.get(name)?.shape;
		if (shape?.length === rank) return shape;
		const problem = shape ? `has ${shape.length} dimensions, not ${rank}` : "is missing";
		throw new InvalidCheckpoint("bad-tensor", `${source}: ${name} ${problem}; without it no config can be inferred.`, {
			subject: name,
		});
	};
	const names = [...tensors.keys()];
	const layersOf = (pattern: RegExp) => new Set(names.map((name) => pattern.exec(name)?.[1]).filter(Boolean)).size;
	const tower = { activation: "quick_gelu", eps } as const;
	const headsOf = (width: number) => Math.max(1, Math.round(width / 64));
	const [context, textWidth] = shapeOf("positional_embedding", 2) as [number, number];
	return validateConfig({
		projection: shapeOf("text_projection", 2)[1]!,
		logitScaleInit,
		vision: names.includes("visual.proj") ? inferTransformer() : inferResNet(),
		text: {
			...tower,
			width: textWidth,
			layers: layersOf(/^transformer\.resblocks\.(\d+)\./),
			heads: headsOf(textWidth),
			mlp: shapeOf("transformer.resblocks.0.mlp.c_fc.weight", 2)[0]!,
			vocabulary: shapeOf("token_embedding.weight", 2)[0]!,
			context,
			eosTokenId,
		},
	});

	function inferTransformer(): ImageTowerConfig {
		const [width, , patchSize] = shapeOf("visual.conv1.weight", 4) as [number, number, number, number];
		return {
			...tower,
			width,
			layers: layersOf(/^visual\.transformer\.resblocks\.(\d+)\./),
			heads: headsOf(width),
			mlp: shapeOf("visual.transformer.resblocks.0.mlp.c_fc.weight", 2)[0]!,
			imageSize: Math.round(Math.sqrt(shapeOf("visual.positional_embedding", 2)[0]! - 1)) * patchSize,
			patchSize,
			stem: { kind: "patch" },
		};
	}

	function inferResNet(): ImageTowerConfig {
		const blocksOf = (stage: number) => layersOf(new RegExp(`^visual\\.layer${stage}\\.(\\d+)\\.`));
		const width = shapeOf("visual.layer1.0.conv1.weight", 4)[0]!;
		const places = shapeOf("visual.attnpool.positional_embedding", 2)[0]! - 1;
		return {
			stages: [blocksOf(1), blocksOf(2), blocksOf(3), blocksOf(4)],
			width,
			heads: headsOf(width * 32),
			imageSize: Math.round(Math.sqrt(places)) * 32,
		};
	}
}
