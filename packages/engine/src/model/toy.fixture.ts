/** A model and pairs small enough for tests: two blocks a tower, 8x8 images, a vocabulary learned from twelve captions. */
import { learnVocabulary } from "../data/bpe-learn.ts";
import { createTokenizer } from "../data/tokenizer.ts";
import { Random } from "../random.ts";
import type { Runtime } from "../runtime/contract.ts";
import { createEagerRuntime } from "../runtime/eager.ts";
import { openRuntime } from "../runtime/index.ts";
import type { MemoryImages, Sample } from "../types.ts";
import { CLIP_MEAN, CLIP_STD, type ClipModel } from "./clip.ts";
import type { ClipConfig, Stem, TransformerClipConfig } from "./config.ts";
import { initialiseOpenai } from "./initialise.ts";

const COLOURS = ["red", "green", "blue", "yellow"] as const;
const THINGS = ["sheep", "aeroplane", "bicycle"] as const;

/** Twelve samples of two captions each, and one random 8x8 image for each sample. */
export function toyPairs(): { images: MemoryImages; samples: Sample[] } {
	const random = new Random("toy/pixels");
	const pixels = Uint8Array.from({ length: 12 * 8 * 8 * 3 }, () => random.integer(256));
	const samples = THINGS.flatMap((thing, row) =>
		COLOURS.map((colour, column) => ({
			id: `${colour}-${thing}`,
			image: row * COLOURS.length + column,
			captions: [`a ${colour} ${thing}`, `the ${thing} is ${colour}, seen from a long way off in ${column} places`],
		})),
	);
	return { images: { size: 8, count: 12, pixels }, samples };
}

/** A freshly initialised model for `toyPairs`. */
export function toyModel({ seed = 1, stem = { kind: "patch" } }: { seed?: number; stem?: Stem } = {}): ClipModel & {
	readonly config: TransformerClipConfig;
} {
	const vocabulary = learnVocabulary(
		toyPairs().samples.flatMap(({ captions }) => captions),
		560,
	);
	const tower = { width: 16, layers: 2, heads: 2, mlp: 32, activation: "quick_gelu", eps: 1e-5 } as const;
	const tokenizer = createTokenizer(vocabulary);
	const config: TransformerClipConfig = {
		projection: 12,
		logitScaleInit: Math.log(1 / 0.07),
		vision: { ...tower, imageSize: 8, patchSize: 4, stem },
		text: { ...tower, vocabulary: vocabulary.ids.size, context: 24, eosTokenId: tokenizer.endId },
	};
	return {
		config,
		tokenizer,
		preprocess: { mean: CLIP_MEAN, std: CLIP_STD, size: 8 },
		parameters: initialiseOpenai(config, new Random(seed)),
	};
}

/** A freshly initialised ModifiedResNet for the captions of `toyPairs` and images of 32 pixels. */
export function toyResNet(): ClipModel {
	const { config, tokenizer, preprocess } = toyModel();
	const vision = { stages: [1, 2, 1, 1], width: 4, heads: 2, imageSize: 32 } as const;
	const resnet: ClipConfig = { ...config, vision, text: { ...config.text, eosTokenId: 2 } };
	const parameters = initialiseOpenai(resnet, new Random("resnet"));
	return { config: resnet, tokenizer, preprocess: { ...preprocess, size: 32 }, parameters };
}

/** TF.js's own backend, operation by operation: the reference for what compiled runtimes compute. */
export function eagerRuntime(): Runtime {
	return createEagerRuntime({
		backend: "cpu",
		name: "tensorflow",
		device: "cpu",
		reason: "reference of the tests",
		versions: {},
		threads: 1,
	});
}

/** The runtime that ships, on one thread. */
export function onnxRuntime(): Promise<Runtime> {
	return openRuntime({ runtime: "onnx", device: "cpu", threads: 1 });
}

/** Runs a generator to its end and returns what it returns. */
export async function finish<Event, Result>(generator: AsyncGenerator<Event, Result>): Promise<Result> {
	let next = await generator.next();
	while (!next.done) next = await generator.next();
	return next.value;
}
