import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../checkpoint.ts";
import { writeSafetensors } from "../safetensors.ts";
import { toyModel } from "../toy.fixture.ts";
import type { CheckpointFault } from "./invalid-checkpoint.ts";

const model = toyModel();
const indexName = "model.safetensors.index.json";
let folder: string;
let target: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "mithridate-shards-"));
	target = join(folder, "model");
	await saveCheckpoint(target, model, { shardBytes: 20_000 });
});
afterEach(() => rm(folder, { recursive: true }));

interface Index {
	readonly metadata: { readonly total_size: number };
	readonly weight_map: Record<string, string>;
}
const readIndex = async () => JSON.parse(await readFile(join(target, indexName), "utf8")) as Index;
const writeIndex = (weight_map: unknown) => writeFile(join(target, indexName), JSON.stringify({ weight_map }));
const expectFault = (fault: CheckpointFault, subject: string) =>
	expect(loadCheckpoint(target)).rejects.toMatchObject({ code: "invalid-checkpoint", fault, subject });

test("a model saved in shards is loaded as it was, and no shard is larger than asked for", async () => {
	const shards = (await readdir(target)).filter((name) => name.endsWith(".safetensors")).sort();
	expect(shards.length).toBeGreaterThan(2);
	expect(shards[0]).toBe(`model-00001-of-0000${shards.length}.safetensors`);
	expect((await loadCheckpoint(target)).parameters).toEqual(model.parameters);
	const { metadata, weight_map } = await readIndex();
	expect(new Set(Object.values(weight_map))).toEqual(new Set(shards));
	const bytes = Object.values(model.parameters).reduce((sum, { data }) => sum + data.byteLength, 0);
	expect(metadata.total_size).toBe(bytes);
});

test("a shard that is missing, or that lacks a tensor, is refused by name", async () => {
	const { weight_map } = await readIndex();
	const shard = weight_map.logit_scale!;
	await writeIndex({ ...weight_map, surplus: shard });
	await expectFault("missing-tensor", "surplus");
	await writeIndex(weight_map);
	await rm(join(target, shard));
	await expectFault("missing-shard", shard);
});

test("a tensor in two shards is refused, whether the files or the index say so", async () => {
	const { weight_map } = await readIndex();
	await writeFile(join(target, "more.safetensors"), writeSafetensors({ extra: scalar, logit_scale: scalar }));
	await writeIndex({ ...weight_map, extra: "more.safetensors" });
	await expectFault("tensor-in-two-shards", "logit_scale");
	const twice = JSON.stringify({ weight_map }).replace("{", '{"weight_map":{},');
	await writeFile(join(target, indexName), twice);
	await expectFault("tensor-in-two-shards", "weight_map");
});
const scalar = { shape: [], data: new Float32Array(1) };

test("a tensor that the index does not list, or lists in another shard, is refused", async () => {
	const { weight_map } = await readIndex();
	const { logit_scale, ...rest } = weight_map;
	await writeIndex(rest);
	await expectFault("unlisted-tensor", "logit_scale");
	const other = Object.values(rest).find((name) => name !== logit_scale)!;
	await writeIndex({ ...rest, logit_scale: other });
	await expectFault("unlisted-tensor", "logit_scale");
});

test.each(["../outside.safetensors", "/etc/passwd", "..", "a\\b", "", "nested/x.safetensors", "x\u0000.safetensors"])(
	"the path %j is no shard",
	async (name) => {
		await cp(join(target, (await readIndex()).weight_map.logit_scale!), join(folder, "outside.safetensors"));
		await writeIndex({ ...(await readIndex()).weight_map, logit_scale: name });
		await expectFault("path-escape", name);
	},
);

test("an index that is none, or that lists too many shards, is refused", async () => {
	await writeIndex(["x"]);
	await expectFault("bad-index", indexName);
	await writeIndex({ x: 1 });
	await expectFault("bad-index", indexName);
	await writeFile(join(target, indexName), "{");
	await expectFault("bad-json", indexName);
	await writeIndex(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`t${at}`, `${at}.safetensors`])));
	await expectFault("too-many-shards", indexName);
});

test("a damaged shard is refused by its own fault", async () => {
	const shard = (await readIndex()).weight_map.logit_scale!;
	await rename(join(target, shard), join(folder, "whole"));
	await writeFile(join(target, shard), (await readFile(join(folder, "whole"))).subarray(0, -1));
	await expect(loadCheckpoint(target)).rejects.toMatchObject({ fault: "past-end" });
});
