/**
 * Checkpoints written here give the same embeddings in the reference implementations. Compared only where
 * `MITHRIDATE_REFERENCE_PYTHON` names a Python that has torch, transformers and open_clip.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { tokenizeTexts } from "../../data/batches.ts";
import { createTokenizer } from "../../data/tokenizer.ts";
import { Random } from "../../random.ts";
import { type SaveOptions, saveCheckpoint } from "../checkpoint.ts";
import type { ClipModel } from "../clip.ts";
import { createEncoder } from "../encoder.ts";
import { finish, onnxRuntime, toyModel, toyPairs, toyResNet } from "../toy.fixture.ts";

// biome-ignore lint/style/noProcessEnv: an interpreter with the reference libraries cannot be installed by npm
const python = process.env.MITHRIDATE_REFERENCE_PYTHON;
const script = join(import.meta.dirname, "reference.py");
const Answer = z.object({
	images: z.array(z.array(z.number())),
	texts: z.array(z.array(z.number())),
	versions: z.record(z.string(), z.string()),
});

let folder: string;
beforeEach(async () => {
	folder = join(await mkdtemp(join(tmpdir(), "mithridate-reference-")), "model");
});
afterEach(() => rm(resolve(folder, ".."), { recursive: true }));

interface Case {
	readonly name: string;
	readonly library: "transformers" | "open_clip";
	readonly model: () => ClipModel;
	readonly options?: SaveOptions;
	/** Largest difference of a coordinate; rows have length one. */
	readonly tolerance?: number;
}

const cases: readonly Case[] = [
	{ name: "a transformer in Hugging Face's layout", library: "transformers", model: toyModel },
	{ name: "the same in shards", library: "transformers", model: toyModel, options: { shardBytes: 20_000 } },
	{
		name: "the same in half precision",
		library: "transformers",
		model: toyModel,
		options: { half: true },
		tolerance: 2e-3,
	},
	{ name: "a transformer with OpenAI's rules in open_clip's layout", library: "open_clip", model: openaiModel },
	{ name: "a ResNet in open_clip's layout", library: "open_clip", model: toyResNet },
];

test.for(cases)("$library embeds the same with $name", { timeout: 120_000 }, async (each, context) => {
	if (python === undefined) return context.skip("MITHRIDATE_REFERENCE_PYTHON is not set; nothing was compared");
	const model = each.model();
	await saveCheckpoint(folder, model, each.options);
	const pairs = pairsFor(model);
	const expected = embedElsewhere(python, each.library, pairs);
	expect(expected.images).toHaveLength(pairs.captions.length);
	const found = await embedHere(model, pairs);
	for (const kind of ["images", "texts"] as const)
		expect(largestDifference(found[kind], expected[kind].flat()), kind).toBeLessThan(each.tolerance ?? 5e-6);
});

function openaiModel(): ClipModel {
	const model = toyModel();
	const { vocabulary } = model.tokenizer;
	const config = { ...model.config, text: { ...model.config.text, eosTokenId: 2 } };
	return { ...model, config, tokenizer: createTokenizer(vocabulary, "openai") };
}

/** Twelve random images of the model's size, and a caption for each with its tokens. */
function pairsFor(model: ClipModel) {
	const size = model.config.vision.imageSize;
	const { samples } = toyPairs();
	const random = new Random("reference/pixels");
	const pixels = Uint8Array.from({ length: samples.length * size * size * 3 }, () => random.integer(256));
	const captions = samples.map((sample) => sample.captions[1]!);
	return { images: { size, count: samples.length, pixels }, captions, tokens: tokenizeTexts(model, captions).ids };
}

type Pairs = ReturnType<typeof pairsFor>;

function embedElsewhere(interpreter: string, library: Case["library"], { images, captions, tokens }: Pairs) {
	const { size, count } = images;
	const cut = <Item>(items: readonly Item[], length: number) =>
		Array.from({ length: items.length / length }, (_, at) => items.slice(at * length, (at + 1) * length));
	const pixels = cut(cut(cut([...images.pixels], 3), size), size);
	const { status, stdout, stderr } = spawnSync(interpreter, [script, library, folder], {
		input: JSON.stringify({ pixels, captions, tokens: cut([...tokens], tokens.length / count) }),
		encoding: "utf8",
		maxBuffer: 2 ** 28,
	});
	expect(status, stderr).toBe(0);
	return Answer.parse(JSON.parse(stdout));
}

async function embedHere(model: ClipModel, { images, captions }: Pairs) {
	const runtime = await onnxRuntime();
	const encoder = createEncoder({ runtime, model, images });
	const pictures = await finish(encoder.embedImages([...captions.keys()]));
	const texts = await finish(encoder.embedTexts(captions));
	encoder.dispose();
	await runtime.dispose();
	return { images: pictures.values, texts: texts.values };
}

function largestDifference(found: Float32Array, expected: readonly number[]): number {
	expect(found).toHaveLength(expected.length);
	return Math.max(...found.map((value, at) => Math.abs(value - expected[at]!)));
}
