/** What a finished run shows, on rows as a worker leaves them. */
import { claimRun, eventsAfter, record, registerWorker } from "@mithridate/db";
import { freshDatabase } from "@mithridate/db/testing";
import { parseExperiment } from "@mithridate/engine";
import { describe, expect, test } from "vitest";
import { decodeCursor } from "../../apps/api/src/live/cursor.ts";
import { startApi } from "./api.fixture.ts";
import { ask, finishedRun, keySource, START_RUN, someDataset, threeRuns, uuidOf } from "./subjects.fixture.ts";

const database = await freshDatabase();
const api = await startApi(database);
const dataset = await someDataset(database);
const runs = await threeRuns(database, dataset.id);
const key = keySource();

describe("a finished run", () => {
	const page = `query($number: Int!) { run(number: $number) {
		id status dataset { name counts { split count } } attempts { number outcome worker } outcomes { model hitAt10 } poisonShare goals { from to targets }
		poisonedPairs(first: 5) { nodes { sample kind class captions before { url sha256 } after { url } } }
		metricKeys { key stage name last min max lastStep rawCount }
		evaluations { id model outcome { model hitAt10 } numbers { name value } goals { direction hits { k value } meanMinRank ranks queries(first: 1) { nodes { query text rank top { sample class caption isTarget isTrueClass image { url } } } } } }
		defenseReports { id histogram { clean poisoned } roc { threshold } pairs(near: 0.5, first: 2) { nodes { sample score isPoisoned isKept captions image { url } } pageInfo { hasNextPage endCursor } } }
		systemSamples { cpuShare } logs(first: 1) { nodes { level message } } exportUrl(format: CSV) viewerCanCancel configText throughSeq resumeCursor } }`;

	test("shows all that was recorded", async () => {
		const { data, errors } = await ask(api, page, { number: runs[0]!.number });
		expect(errors).toBeUndefined();
		const { run } = data;
		expect(run).toMatchObject({
			status: "SUCCEEDED",
			dataset: { name: "tiny" },
			attempts: [{ number: 1, outcome: "SUCCEEDED" }],
			viewerCanCancel: false,
		});
		expect(run.outcomes).toEqual([
			{ model: "clean", hitAt10: 0.1 },
			{ model: "poisoned", hitAt10: 0.7 },
		]);
		expect(run.poisonedPairs.nodes).toMatchObject([
			{
				sample: "train-0",
				kind: "REPLACE_IMAGE",
				class: "sheep",
				captions: ["a picture 0", "another 0"],
				before: { sha256: "0".repeat(64) },
			},
			{ sample: "train-2.2", kind: "INJECT", before: null, captions: ["an injected one"] },
		]);
		expect(run.poisonedPairs.nodes[0].after.url).toBe(`/images/${dataset.imagesSha256}/1.png`);
		expect(run.metricKeys).toEqual([
			{ key: "poisoned/loss", stage: "poisoned", name: "loss", last: 1, min: 1, max: 3, lastStep: 3, rawCount: 3 },
		]);
		expect(run.logs.nodes).toEqual([{ level: "INFO", message: "hello" }]);
		expect(JSON.parse(run.configText).seeds).toEqual([1]);
	});

	test("finds its poisoned pairs by class and text, forwards and backwards, and counts them under the filter", async () => {
		const pairs = async (page: string) => {
			const { data, errors } = await ask(
				api,
				`query($number: Int!) { run(number: $number) { poisonedPairs(${page}) { totalCount nodes { sample } pageInfo { hasPreviousPage hasNextPage startCursor endCursor } } } }`,
				{ number: runs[0]!.number },
			);
			expect(errors).toBeUndefined();
			const { totalCount, nodes, pageInfo } = data.run.poisonedPairs;
			return { totalCount, samples: nodes.map(({ sample }: { sample: string }) => sample), pageInfo };
		};
		const first = await pairs("first: 1");
		expect(first).toMatchObject({ totalCount: 2, samples: ["train-0"], pageInfo: { hasNextPage: true } });
		const second = await pairs(`first: 1, after: "${first.pageInfo.endCursor}"`);
		expect(second).toMatchObject({ samples: ["train-2.2"], pageInfo: { hasPreviousPage: true, hasNextPage: false } });
		expect(await pairs(`last: 1, before: "${second.pageInfo.startCursor}"`)).toMatchObject({ samples: ["train-0"] });
		expect(await pairs('filter: { text: "INJECTED" }')).toMatchObject({ totalCount: 1, samples: ["train-2.2"] });
		expect(await pairs('filter: { class: "aeroplane" }')).toMatchObject({ totalCount: 0, samples: [] });
	});

	test("shows what each query retrieved, with targets and true classes marked", async () => {
		const { data } = await ask(api, page, { number: runs[0]!.number });
		const [goal] = data.run.evaluations[1].goals;
		expect(goal).toMatchObject({
			direction: "TEXT_TO_IMAGE",
			hits: [
				{ k: 1, value: 0.5 },
				{ k: 10, value: 1 },
			],
			ranks: [0, 3],
		});
		const [query] = goal.queries.nodes;
		expect(query).toMatchObject({ query: "test-0#1", text: "another 0", rank: 0 });
		expect(query.top).toMatchObject([
			{
				sample: "test-1",
				class: "aeroplane",
				isTarget: true,
				isTrueClass: false,
				image: { url: `/images/${dataset.imagesSha256}/21.png` },
			},
			{ sample: "test-0", isTarget: false, isTrueClass: true },
			{ sample: "test-2", isTarget: false, isTrueClass: true },
		]);
	});

	test("lists the pairs nearest to a threshold, page after page", async () => {
		const { data } = await ask(api, page, { number: runs[0]!.number });
		const [report] = data.run.defenseReports;
		expect(report.histogram.clean).toHaveLength(512);
		expect(report.pairs.nodes).toMatchObject([
			{ sample: "train-1", score: 0.52, isPoisoned: false, isKept: false },
			{
				sample: "train-2.2",
				score: 0.45,
				isPoisoned: true,
				isKept: true,
				captions: ["an injected one"],
				image: { url: `/images/${dataset.imagesSha256}/3.png` },
			},
		]);
		const next = await ask(
			api,
			"query($id: ID!, $after: Cursor) { node(id: $id) { ... on DefenseReport { pairs(near: 0.5, first: 2, after: $after) { nodes { sample } pageInfo { hasNextPage } } } } }",
			{ id: report.id, after: report.pairs.pageInfo.endCursor },
		);
		expect(next.data.node.pairs).toEqual({
			nodes: [{ sample: "train-0" }, { sample: "train-3" }],
			pageInfo: { hasNextPage: false },
		});
	});

	test("is found again by every id it gave", async () => {
		const { data } = await ask(api, page, { number: runs[0]!.number });
		const ids = [data.run.id, data.run.evaluations[0].id, data.run.defenseReports[0].id, "nonsense"];
		const found = await ask(api, "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", { ids });
		expect(found.data.nodes).toEqual([
			{ __typename: "Run", id: ids[0] },
			{ __typename: "Evaluation", id: ids[1] },
			{ __typename: "DefenseReport", id: ids[2] },
			null,
		]);
		const models = await ask(
			api,
			"{ shippedModels { id name isShipped sha256 } datasets { nodes { id pairs(split: TEST, first: 1) { nodes { id sample } } } } }",
		);
		const more = [
			models.data.shippedModels[0].id,
			models.data.datasets.nodes[0].id,
			models.data.datasets.nodes[0].pairs.nodes[0].id,
		];
		const again = await ask(api, "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", { ids: more });
		expect(again.data.nodes.map((node: { __typename: string }) => node.__typename)).toEqual([
			"Model",
			"Dataset",
			"Pair",
		]);
	});

	test("is compared with others, and gathered with its repetitions", async () => {
		const ids = (
			await ask(
				api,
				"{ runs(filter: { status: [SUCCEEDED] }, orderBy: { direction: ASC }) { nodes { id groupHash } } }",
			)
		).data.runs.nodes;
		const diff = await ask(api, "query($ids: [ID!]!) { configDiff(runIds: $ids) { path values } }", {
			ids: ids.map(({ id }: { id: string }) => id),
		});
		expect(diff.data.configDiff).toEqual([{ path: "seeds", values: ["[1]", "[2]", "[3]"] }]);
		const groups = await ask(
			api,
			"query($hash: Sha256) { runGroups(filter: { groupHash: $hash, status: [SUCCEEDED] }) { nodes { seeds runs { number } outcomes { model metric mean low high n } } } }",
			{ hash: ids[0].groupHash },
		);
		const [group] = groups.data.runGroups.nodes;
		expect(group.seeds).toEqual([1, 2, 3]);
		const hit = group.outcomes.find(
			(one: { model: string; metric: string }) => one.model === "poisoned" && one.metric === "hitAt10",
		);
		// 0.8 -+ 4.302653 x 0.1 / sqrt(3)
		expect(hit.n).toBe(3);
		expect(hit.mean).toBeCloseTo(0.8, 12);
		expect(hit.low).toBeCloseTo(0.551586, 5);
		expect(hit.high).toBeCloseTo(1.048414, 5);
	});

	test("lends its time to the estimate of the next", async () => {
		const { data } = await ask(api, "{ estimateRun(config: { training: { batchSize: 2 } }) { seconds basis steps } }");
		expect(data.estimateRun.basis).toMatch(/^Median of the last 3 runs/);
		expect(data.estimateRun.steps).toBe(300);
	});

	test("warns of default rates on a checkpoint from elsewhere before anything starts", async () => {
		const adviceOn = async (checkpoints: string) =>
			(await ask(api, `{ estimateRun(config: { checkpoints: ${checkpoints} }) { advice } }`)).data.estimateRun.advice;
		expect(await adviceOn("{}")).toEqual([]);
		expect(await adviceOn('{ start: "clip" }')).toEqual([
			expect.stringMatching(/^training.learningRate is 0.000065, learningRate of cure is 0.0006: .*if that is CLIP/),
		]);
	});
});

describe("curves", () => {
	test("keep spikes and non-finite points, and a subscription goes on exactly where they end", async () => {
		const started = await ask(api, START_RUN, { input: { idempotencyKey: key(), config: {} } });
		const runId = uuidOf(started.data.startRun.run.id);
		const worker = await registerWorker(database.db, { name: "c", host: "here", pid: 1, version: "0", threads: 1 });
		await claimRun(database.db, { runId, workerId: worker.id });
		const write = (from: number, to: number) =>
			record(database.db, {
				runId,
				epoch: 1,
				items: Array.from({ length: to - from }, (_, at) => {
					const step = from + at;
					return {
						kind: "metric-point",
						key: "poisoned/loss",
						step,
						value: step === 77 ? 1e6 : step === 130 ? Number.NaN : 1,
					} as const;
				}),
			});
		await write(0, 200);
		const series = `query($number: Int!, $keys: [String!]!) { run(number: $number) { metrics(keys: $keys, maxBuckets: 10) { key rawCount buckets method steps last min max nonFinite { index step kind } throughSeq resumeCursor } } }`;
		const { data } = await ask(api, series, {
			number: started.data.startRun.run.number,
			keys: ["poisoned/loss", "none/loss"],
		});
		const [loss, none] = data.run.metrics;
		expect(loss).toMatchObject({
			rawCount: 200,
			buckets: 10,
			method: "MIN_MAX_LAST",
			nonFinite: [{ index: 6, step: 130, kind: "NAN" }],
		});
		expect(loss.max[3]).toBe(1e6);
		expect(none).toMatchObject({ rawCount: 0, buckets: 0, steps: [] });
		const all = await ask(
			api,
			"query($number: Int!) { run(number: $number) { metrics(maxBuckets: 10) { key rawCount steps } } }",
			{ number: started.data.startRun.run.number },
		);
		expect(all.data.run.metrics).toEqual([{ key: "poisoned/loss", rawCount: 200, steps: loss.steps }]);
		await write(200, 210);
		const later = await eventsAfter(database.db, {
			runId,
			after: decodeCursor({ kind: "run", id: runId }, loss.resumeCursor),
			limit: 1000,
			kinds: ["metric-points"],
		});
		expect(later.map(({ body }) => (body as { step: number }).step)).toEqual(
			Array.from({ length: 10 }, (_, at) => 200 + at),
		);
	});
});

test("what a backdoor poisoned is shown with its patch, and what it had before without", async () => {
	const attack = { name: "patchBackdoor", params: { patch: { side: 0.5, place: "centre" } } };
	const config = parseExperiment({ attack, training: { batchSize: 2 } });
	const { number } = await finishedRun({ database, datasetId: dataset.id, seed: 9, config });
	const { data } = await ask(
		api,
		"query($number: Int!) { run(number: $number) { poisonedPairs(first: 2) { nodes { before { url sha256 } after { url sha256 } } } defenseReports { pairs(first: 4) { nodes { sample image { url } } } } } }",
		{ number },
	);
	const [{ before, after }] = data.run.poisonedPairs.nodes;
	const pixels = Math.round(dataset.imageSize / 2);
	expect(before.url).toBe(`/images/${dataset.imagesSha256}/0.png`);
	expect(after.url).toBe(`/images/${dataset.imagesSha256}/1-centre-${Math.max(2, pixels)}px.png`);
	expect(after.sha256).toMatch(/^[0-9a-f]{64}$/);
	const stamped = data.run.defenseReports[0].pairs.nodes.map(
		({ sample, image }: { sample: string; image: { url: string } }) => [sample, image.url.includes("centre")],
	);
	expect(Object.fromEntries(stamped)).toEqual({
		"train-0": true,
		"train-1": false,
		"train-2.2": true,
		"train-3": false,
	});
});
