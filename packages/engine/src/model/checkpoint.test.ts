import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { writeSafetensors } from "./safetensors.ts";
import { toyModel } from "./toy.fixture.ts";

let folder: string;
let target: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-checkpoint-"));
	target = join(folder, "nested", "model");
});
afterEach(() => rm(folder, { recursive: true }));

test.each(["patch", "convolution"] as const)("a model with a %s stem is loaded as it was saved", async (kind) => {
	const model = toyModel({ stem: kind === "patch" ? { kind } : { kind, channels: [6] } });
	await saveCheckpoint(target, model);
	const { tokenizer, ...loaded } = await loadCheckpoint(target);
	const { tokenizer: original, ...saved } = model;
	expect(loaded).toEqual(saved);
	expect(tokenizer.vocabulary).toEqual(original.vocabulary);
	expect(tokenizer.encode("a red sheep", 24)).toEqual(original.encode("a red sheep", 24));
});

test("half precision halves the file and rounds each weight once", async () => {
	const model = toyModel();
	await saveCheckpoint(target, model, { half: true });
	const { parameters } = await loadCheckpoint(target);
	for (const [name, { data }] of Object.entries(model.parameters))
		expect(parameters[name]!.data).toEqual(data.map(Math.f16round));
});

test("saving again replaces the checkpoint and leaves nothing beside it", async () => {
	await saveCheckpoint(target, toyModel({ seed: 1 }));
	const second = toyModel({ seed: 2 });
	await saveCheckpoint(target, second);
	expect((await loadCheckpoint(target)).parameters).toEqual(second.parameters);
	expect(await readdir(join(folder, "nested"))).toEqual(["model"]);
	expect((await readdir(target)).sort()).toEqual([
		"config.json",
		"merges.txt",
		"model.safetensors",
		"preprocessor_config.json",
		"vocab.json",
	]);
});

test("a checkpoint that cannot be written is an error and leaves the old one in place", async () => {
	await writeFile(join(folder, "file"), "");
	await expect(saveCheckpoint(join(folder, "file", "model"), toyModel())).rejects.toMatchObject({ code: "unwritable" });
	await saveCheckpoint(target, toyModel());
	const model = toyModel({ seed: 2 });
	const broken = {
		...model,
		parameters: { ...model.parameters, logit_scale: { shape: [2], data: new Float32Array(1) } },
	};
	await expect(saveCheckpoint(target, broken)).rejects.toThrow(RangeError);
	expect((await loadCheckpoint(target)).parameters).toEqual(toyModel().parameters);
	expect(await readdir(join(folder, "nested"))).toEqual(["model"]);
});

test.each(["config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "model.safetensors"])(
	"a checkpoint without %s is refused by that name",
	async (name) => {
		await saveCheckpoint(target, toyModel());
		await rm(join(target, name));
		await expect(loadCheckpoint(target)).rejects.toMatchObject({ code: "invalid-checkpoint", subject: name });
	},
);

test("a missing, an unexpected or a misshapen tensor is refused by its name", async () => {
	const model = toyModel();
	await saveCheckpoint(target, model);
	const { logit_scale, ...rest } = model.parameters;
	const write = (parameters: typeof model.parameters) =>
		writeFile(join(target, "model.safetensors"), writeSafetensors(parameters));
	await write(rest);
	await expect(loadCheckpoint(target)).rejects.toThrow("logit_scale is missing");
	await write({ ...model.parameters, surplus: logit_scale! });
	await expect(loadCheckpoint(target)).rejects.toThrow("surplus is not part of the model");
	await write({ ...rest, logit_scale: { shape: [1], data: new Float32Array(1) } });
	await expect(loadCheckpoint(target)).rejects.toThrow("logit_scale has shape [1]; config.json asks for []");
	await write({ ...model.parameters, "text_model.embeddings.position_ids": { shape: [1], data: new Float32Array(1) } });
	await expect(loadCheckpoint(target)).resolves.toBeDefined();
});

test("preprocessing that the model does not take is refused", async () => {
	await saveCheckpoint(target, toyModel());
	const path = join(target, "preprocessor_config.json");
	const saved = JSON.parse(await readFile(path, "utf8"));
	await writeFile(path, JSON.stringify({ ...saved, crop_size: 8 }));
	await expect(loadCheckpoint(target)).resolves.toBeDefined();
	await writeFile(path, JSON.stringify({ ...saved, crop_size: 9 }));
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ subject: "crop_size" });
	await writeFile(path, JSON.stringify({ ...saved, rescale_factor: 1 }));
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ subject: "rescale_factor" });
	await writeFile(path, "no JSON");
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ subject: "preprocessor_config.json" });
});

test("a vocabulary larger than the token table is refused", async () => {
	await saveCheckpoint(target, toyModel());
	const path = join(target, "vocab.json");
	await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), surplus: 5000 }));
	await expect(loadCheckpoint(target)).rejects.toThrow("the id 5000 lies beyond");
});
