/** What is written is what the reference implementation writes: names, types, shapes and bytes, key by key. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { saveCheckpoint } from "../checkpoint.ts";
import { CLIP_MEAN, CLIP_STD, type ClipModel } from "../clip.ts";
import { type ClipConfig, parseConfig } from "../config.ts";
import { parameterShapes } from "../parameters.ts";
import { readSafetensors } from "../safetensors.ts";
import { toyModel } from "../toy.fixture.ts";
import { readParameters } from "./hugging-face.ts";
import { openSafetensors } from "./tensor-file.ts";

/** Saved by Hugging Face transformers 5.18. */
const reference = resolve(import.meta.dirname, "../../../fixtures/parity/vit");
const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;

let folder: string;
beforeEach(async () => {
	folder = join(await mkdtemp(join(tmpdir(), "mithridate-reference-")), "model");
});
afterEach(() => rm(resolve(folder, ".."), { recursive: true }));

async function referenceModel(): Promise<ClipModel> {
	const config = parseConfig(await readJson(join(reference, "config.json")));
	const weights = await openSafetensors(join(reference, "model.safetensors"));
	const parameters = await readParameters(weights, parameterShapes(config));
	await weights.close();
	// The reference has no vocabulary of its own; the toy's is of the same kind.
	return {
		config,
		parameters,
		tokenizer: toyModel().tokenizer,
		preprocess: { mean: CLIP_MEAN, std: CLIP_STD, size: 32 },
	};
}

/** Values of `written` that `expected` has otherwise or not at all, by their path. */
function differences(written: unknown, expected: unknown, path = ""): string[] {
	if (written === null || typeof written !== "object")
		return Object.is(written, expected) ? [] : [`${path}: ${String(written)} instead of ${String(expected)}`];
	return Object.entries(written).flatMap(([key, value]) =>
		differences(value, (expected as Record<string, unknown> | undefined)?.[key], path === "" ? key : `${path}.${key}`),
	);
}

describe("a checkpoint of Hugging Face's that is saved again", () => {
	test("has its tensors: the same names, types, shapes and bytes, and no other", async () => {
		await saveCheckpoint(folder, await referenceModel());
		const tensorsOf = async (path: string) => {
			const { tensors, metadata } = readSafetensors(await readFile(join(path, "model.safetensors")), "weights");
			return { metadata, tensors: new Map([...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) };
		};
		const written = await tensorsOf(folder);
		const expected = await tensorsOf(reference);
		expect([...written.tensors.keys()]).toEqual([...expected.tensors.keys()]);
		for (const [name, { dtype, shape, bytes }] of written.tensors) {
			const original = expected.tensors.get(name)!;
			expect({ dtype, shape }, name).toEqual({ dtype: original.dtype, shape: original.shape });
			expect(Buffer.compare(Buffer.from(bytes), Buffer.from(original.bytes)), name).toBe(0);
		}
		expect(written.metadata).toEqual(expected.metadata);
	});

	test("has its config: every value that is written is the reference's own", async () => {
		await saveCheckpoint(folder, await referenceModel());
		const written = await readJson(join(folder, "config.json"));
		const expected = await readJson(join(reference, "config.json"));
		expect(differences(written, expected)).toEqual([]);
		// What is left out are the library's version, its defaults and what only training from scratch reads.
		const left = (part: "vision_config" | "text_config") =>
			Object.keys(expected[part] as object).filter((key) => !Object.keys(written[part] as object).includes(key));
		const defaults = ["attention_dropout", "initializer_factor", "initializer_range"];
		expect(left("vision_config").sort()).toEqual(defaults);
		expect(left("text_config").sort()).toEqual([...defaults, "bos_token_id", "pad_token_id"].sort());
	});

	test("has its preprocessing, value for value", async () => {
		await saveCheckpoint(folder, await referenceModel());
		const name = "preprocessor_config.json";
		expect(await readJson(join(folder, name))).toEqual(await readJson(join(reference, name)));
	});

	test("has files under the names that the library looks for, in one piece and in shards", async () => {
		const model = await referenceModel();
		await saveCheckpoint(folder, model, { shardBytes: 400_000 });
		const names = await readdir(folder);
		expect(names.filter((name) => !name.startsWith("model-")).sort()).toEqual([
			"config.json",
			"merges.txt",
			"model.safetensors.index.json",
			"preprocessor_config.json",
			"vocab.json",
		]);
		const shards = names.filter((name) => name.startsWith("model-")).sort();
		expect(shards).toEqual(shards.map((_, at) => shardName(at + 1, shards.length)));
		const index = await readJson(join(folder, "model.safetensors.index.json"));
		expect(Object.keys(index).sort()).toEqual(["metadata", "weight_map"]);
		expect(Object.keys(index.weight_map as object).sort()).toEqual(Object.keys(model.parameters).sort());
	});
});

const shardName = (shard: number, of: number) =>
	`model-${String(shard).padStart(5, "0")}-of-${String(of).padStart(5, "0")}.safetensors`;

const text = { width: 512, layers: 12, heads: 8, mlp: 2048, activation: "quick_gelu", eps: 1e-5 } as const;
const words = { vocabulary: 49408, context: 77, eosTokenId: 49407 };
const vision = { ...text, width: 768, heads: 12, mlp: 3072, imageSize: 224, stem: { kind: "patch" } } as const;
const large = { ...vision, width: 1024, layers: 24, heads: 16, mlp: 4096 };
const wide = { ...text, ...words, width: 768, heads: 12, mlp: 3072 };
const base = { projection: 512, logitScaleInit: Math.log(1 / 0.07), text: { ...text, ...words } };
const resnet = { heads: 32, width: 64, imageSize: 224 };

/** Numbers of OpenAI's models as they are published; running statistics are none of them. */
const published: readonly [string, ClipConfig, number, number | null][] = [
	["ViT-B/32", { ...base, vision: { ...vision, patchSize: 32 } }, 151_277_313, 398],
	["ViT-B/16", { ...base, vision: { ...vision, patchSize: 16 } }, 149_620_737, 398],
	["ViT-L/14", { ...base, projection: 768, text: wide, vision: { ...large, patchSize: 14 } }, 427_616_513, 590],
	["RN50", { ...base, projection: 1024, vision: { ...resnet, stages: [3, 4, 6, 3] } }, 102_007_137, null],
	["RN101", { ...base, vision: { ...resnet, stages: [3, 4, 23, 3] } }, 119_688_033, null],
];

test.each(published)("%s has as many numbers as OpenAI's", (_, config, numbers, tensors) => {
	const shapes = Object.entries(parameterShapes(config));
	const learned = shapes.filter(([name]) => !/running_(mean|var)$|num_batches_tracked$/.test(name));
	expect(learned.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0)).toBe(numbers);
	if (tensors !== null) expect(shapes).toHaveLength(tensors);
});
