/** How the shipped checkpoints are trained: the victim's start, the filter's reference and a third architecture, all of different shape and seed. */
import type { ClipConfig, EmojiPascalBaseOptions, ShippedCheckpoint, TrainOptions } from "../src/index.ts";

export interface Recipe {
	readonly seed: number;
	/** Token ids learned from the base captions. */
	readonly vocabulary: number;
	readonly data: EmojiPascalBaseOptions;
	readonly training: Partial<TrainOptions>;
	architecture(vocabulary: number): ClipConfig;
}

interface Size {
	readonly width: number;
	readonly heads: number;
	readonly imageLayers: number;
	readonly textLayers: number;
	/** Outputs of the convolutions before the last one; null: patches of 8 x 8 pixels go through one linear map. */
	readonly channels: readonly number[] | null;
	readonly projection: number;
}

const imageSize = 32;
const context = 32;

function architecture(
	{ width, heads, imageLayers, textLayers, channels, projection }: Size,
	vocabulary: number,
): ClipConfig {
	const tower = { width, heads, mlp: 4 * width, activation: "quick_gelu", eps: 1e-5 } as const;
	return {
		projection,
		logitScaleInit: Math.log(1 / 0.07),
		vision: {
			...tower,
			layers: imageLayers,
			imageSize,
			patchSize: channels === null ? 8 : 2 ** (channels.length + 1),
			stem: channels === null ? { kind: "patch" } : { kind: "convolution", channels },
		},
		text: { ...tower, layers: textLayers, vocabulary, context, eosTokenId: vocabulary - 1 },
	};
}

const training = {
	batchSize: 128,
	minimumLearningRate: 1e-5,
	warmupSteps: 200,
	weightDecay: 0.1,
	clipNorm: 1,
} as const;

export const recipes: Readonly<Record<ShippedCheckpoint, Recipe>> = {
	base: {
		seed: 20260111,
		vocabulary: 2048,
		data: { count: 40_000 },
		training: { ...training, epochs: 3, learningRate: 6e-4 },
		architecture: (vocabulary) =>
			architecture(
				{ width: 128, heads: 4, imageLayers: 4, textLayers: 2, channels: [32, 64], projection: 128 },
				vocabulary,
			),
	},
	reference: {
		seed: 715517,
		vocabulary: 2048,
		data: { count: 40_000 },
		training: { ...training, epochs: 2, learningRate: 8e-4 },
		architecture: (vocabulary) =>
			architecture(
				{ width: 96, heads: 3, imageLayers: 3, textLayers: 2, channels: [24, 48], projection: 96 },
				vocabulary,
			),
	},
	patches: {
		seed: 40861,
		vocabulary: 2048,
		data: { count: 40_000 },
		training: { ...training, epochs: 2, learningRate: 8e-4 },
		architecture: (vocabulary) =>
			architecture({ width: 96, heads: 3, imageLayers: 4, textLayers: 2, channels: null, projection: 96 }, vocabulary),
	},
};
