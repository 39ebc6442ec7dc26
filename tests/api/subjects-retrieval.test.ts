/** Retrieval and previews over HTTP: what the gallery is asked, and how its answers are shown. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshDatabase } from "@mithridate/db/testing";
import { afterAll, expect, test } from "vitest";
import type { Services } from "../../apps/api/src/context.ts";
import { GalleryError } from "../../apps/api/src/gallery/gallery.ts";
import type {
	GalleryRequest,
	MapRequest,
	PreviewResult,
	RetrieveRequest,
} from "../../apps/api/src/gallery/protocol.ts";
import { startApi } from "./api.fixture.ts";
import { ask, finishedRun, someDataset } from "./subjects.fixture.ts";

const asked: GalleryRequest[] = [];
const image = { row: 1, size: 64, sha256: "a".repeat(64), png: Buffer.from("png") };
const answers = {
	retrieve: {
		items: [
			{ position: 1, similarity: 0.5 },
			{ position: 0, similarity: 0.25 },
		],
		targetRanks: [{ class: "aeroplane", bestRank: 0 }],
		milliseconds: 12,
	},
	map: {
		plane: { explained: [0.5, 0.25] },
		xs: [0.125],
		ys: [0.5],
	},
	preview: {
		poisoned: 1,
		samples: 4,
		goals: [{ from: "sheep", to: "aeroplane", targets: [] }],
		pairs: [{ kind: "inject", sample: "s", class: "sheep", captions: ["c"], before: null, after: image }],
		examples: [{ class: "sheep", image }],
	} satisfies PreviewResult,
};

const database = await freshDatabase();
const cacheFolder = mkdtempSync(join(tmpdir(), "mithridate-retrieval-"));
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));
const gallery: Services["gallery"] = {
	cacheFolder,
	ask: async (request) => {
		asked.push(request);
		if (request.kind === "retrieve" && request.text === "too much") throw new GalleryError("busy", "wait");
		return answers[request.kind] as never;
	},
	close: async () => undefined,
};
const api = await startApi(database, { services: { gallery } });
const pixels = Buffer.alloc(30 * 32 * 32 * 3, 7);
const { sha256 } = await api.services.artifacts.put(pixels, { mediaType: "application/octet-stream" });
const dataset = await someDataset(database, sha256);
await finishedRun({ database, datasetId: dataset.id });

const retrieve = `query($input: RetrieveInput!) { retrieve(input: $input) { milliseconds model { name isShipped }
	items { rank sample class caption similarity isTarget isTrueClass image { url } } targetRanks { class bestRank } } }`;
const ids = await ask(api, "{ shippedModels { id } datasets { nodes { id } } }");
const input = { modelIds: [ids.data.shippedModels[0].id], datasetId: ids.data.datasets.nodes[0].id, k: 2 };

test("asks the gallery with the caption that a name stands for, and shows samples with class and picture", async () => {
	const { data, errors } = await ask(api, retrieve, { input: { ...input, text: "test-0#1" } });
	expect(errors).toBeUndefined();
	const request = asked.at(-1) as RetrieveRequest;
	expect(request).toMatchObject({ text: "another 0", k: 2, images: { hash: dataset.hash, size: 32, count: 30 } });
	expect(request.images.rows).toEqual(Array.from({ length: 10 }, (_, at) => 20 + at));
	expect(data.retrieve).toEqual([
		{
			milliseconds: 12,
			model: { name: "base", isShipped: true },
			targetRanks: [{ class: "aeroplane", bestRank: 0 }],
			items: [
				{
					rank: 0,
					sample: "test-1",
					class: "aeroplane",
					caption: "a picture 1",
					similarity: 0.5,
					isTarget: false,
					isTrueClass: false,
					image: { url: `/images/${sha256}/21.png` },
				},
				expect.objectContaining({ sample: "test-0", isTrueClass: true }),
			],
		},
	]);
});

test.each([
	[{ text: "" }, "BAD_USER_INPUT"],
	[{ text: "x".repeat(1001) }, "BAD_USER_INPUT"],
	[{ text: "a", k: 51 }, "BAD_USER_INPUT"],
	[{ text: "a", modelIds: [] }, "BAD_USER_INPUT"],
	[{ text: "a", modelIds: ["nonsense"] }, "BAD_USER_INPUT"],
	[{ text: "a", datasetId: null }, "BAD_USER_INPUT"],
	[{ text: "too much" }, "RATE_LIMITED"],
])("refuses question %#", async (bad, code) => {
	const { errors } = await ask(api, retrieve, { input: { ...input, ...bad } });
	expect(errors?.[0]?.extensions.code).toBe(code);
});

test("previews an attack with its pictures", async () => {
	const { data } = await ask(
		api,
		"{ previewAttack(config: {}, first: 1) { poisoned samples poisonShare pairs { sample kind before { url } after { url width } } examples { class image { width } } } }",
	);
	expect(data.previewAttack).toEqual({
		poisoned: 1,
		samples: 4,
		poisonShare: 0.25,
		pairs: [
			{
				sample: "s",
				kind: "INJECT",
				before: null,
				after: { url: `data:image/png;base64,${Buffer.from("png").toString("base64")}`, width: 64 },
			},
		],
		examples: [{ class: "sheep", image: { width: 64 } }],
	});
});

const embeddingMap = `query($input: EmbeddingMapInput!) { embeddingMap(input: $input) { explained testPairs hasMorePoisonedPairs
	points { kind sample class caption isPoisoned partner image { url } } models { model { name } xs ys } } }`;

test("places test and poisoned pairs in one plane, which the first model's answer hands on to the next", async () => {
	const { data: found } = await ask(api, "{ shippedModels { id name } runs(first: 1) { nodes { id } } }");
	const modelIds = found.shippedModels.map(({ id }: { id: string }) => id);
	const before = asked.length;
	const { data, errors } = await ask(api, embeddingMap, {
		input: { runId: found.runs.nodes[0].id, modelIds, axes: "GOAL" },
	});
	expect(errors).toBeUndefined();
	const [first, second] = asked.slice(before) as MapRequest[];
	expect(first).toMatchObject({ kind: "map", plane: null, fitted: 10, goal: { from: "sheep", to: "aeroplane" } });
	expect(second?.plane).toBe(answers.map.plane);
	// Poisoned pairs are placed, and no class's centre is made of them.
	expect(first?.images.rows.length).toBeGreaterThan(10);
	expect(new Set(first?.images.classes.slice(10))).toEqual(new Set([null]));
	const { points, models, explained, testPairs } = data.embeddingMap;
	expect([explained, testPairs, models[0].xs]).toEqual([[0.5, 0.25], 10, [0.125]]);
	expect(points).toHaveLength(2 * (first?.texts.length ?? 0));
	for (const [at, { partner, sample }] of points.entries())
		expect([points[partner].partner, points[partner].sample]).toEqual([at, sample]);
	expect(points[0]).toMatchObject({
		kind: "IMAGE",
		isPoisoned: false,
		image: { url: expect.stringContaining(sha256) },
	});
	expect(points.at(-1)).toMatchObject({ kind: "CAPTION", isPoisoned: true, image: null });
});

test.each([
	[{ modelIds: [] }, "BAD_USER_INPUT"],
	[{ runId: "nonsense" }, "BAD_USER_INPUT"],
])("refuses to place %#", async (bad, code) => {
	const { data } = await ask(api, "{ runs(first: 1) { nodes { id } } }");
	const { errors } = await ask(api, embeddingMap, {
		input: { runId: data.runs.nodes[0].id, modelIds: input.modelIds, ...bad },
	});
	expect(errors?.[0]?.extensions.code).toBe(code);
});
