import { expect, test } from "vitest";
import { freshDatabase } from "../testing.fixture.ts";
import { hashOf } from "./config-hash.ts";
import { countPairs, ensureDataset, listPairs, type NewDataset } from "./datasets.ts";
import { countPoisonedPairs, defenseReportsOfRuns, listPoisonedPairs, listScores, scoresNear } from "./defenses.ts";
import { evaluationsOfRuns, listQueries, queryRanks } from "./evaluations.ts";
import { eventsAfter } from "./events.ts";
import { metricColumns, metricKeys, metricNames } from "./metrics.ts";
import { probesFor } from "./probes.ts";
import { record } from "./record.ts";
import type { ItemOf, RecordItem } from "./record-items.ts";
import { aRunningRun, sampleConfig } from "./run.fixture.ts";
import { findRuns } from "./runs.ts";
import { stagesOfRuns } from "./stages.ts";

const { db } = await freshDatabase();

const dataset: NewDataset = {
	name: "emojiPascal",
	hash: hashOf("data"),
	settings: { seed: 1 },
	classes: ["sheep", "aeroplane"],
	imageSize: 8,
	trainCount: 2,
	testCount: 1,
	trustedCount: 0,
	images: { sha256: hashOf("pixels"), bytes: 576, mediaType: "application/octet-stream" },
	pairs: (["train", "train", "test"] as const).map((split, row) => ({
		split,
		position: row % 2,
		sample: `s${row}`,
		class: row === 1 ? null : "sheep",
		captions: [`a "sheep", {${row}}`, "50 % wool"],
		imageRow: row,
		imageSha256: hashOf(row),
	})),
};

const goals = [{ from: "sheep", to: "aeroplane", targets: ["s2"] }];
const attack: RecordItem = {
	kind: "attack",
	attack: {
		goals,
		poisoned: 2,
		samples: 3,
		poisonShare: 2 / 3,
		edits: [
			{ kind: "replace-image", sample: "s0", before: 0, after: 2 },
			{ kind: "inject", sample: { id: "p1", image: 1, captions: ["a, b"] }, label: null },
			{ kind: "drop", sample: "s1" },
		],
	},
};

const found = (rank: number) => ({
	hits: { "hit@1": Number(rank === 0) },
	minRank: { mean: rank, median: rank, min: rank, max: rank },
	queries: [{ query: "s2#0", rank, top: ["s2", "s0"] }],
});
const direction = { attack: found(0), random: found(7), gallery: 10, targets: 1 };
const utility = { recalls: { "r@10": 1 }, topClass: null };

function evaluation(hitAt10: number, seconds: number): ItemOf<"evaluation"> {
	const shares = { hitAt1: 0, hitAt5: 0.5, hitAt10, minRank: 3.5, textRetrievalAt10: 0.9, imageRetrievalAt10: 0.8 };
	return {
		kind: "evaluation",
		step: null,
		stageKey: null,
		row: { model: "poisoned", seed: 1, seconds, ...shares },
		evaluation: {
			goals: [
				{ from: "sheep", to: "aeroplane", directions: { "text-to-image": direction, "image-to-text": direction } },
			],
			utility: { "text-to-image": utility, "image-to-text": utility },
			numbers: { "text-to-image/attack/hit@10": hitAt10 },
		},
	};
}

const detection = {
	auroc: 0.75,
	kept: 2,
	removed: 1,
	poisonLeft: 1,
	cleanLost: 0,
	precision: 1,
	recall: 0.5,
	cleanKept: 1,
};
const report: RecordItem = {
	kind: "defense-report",
	report: {
		type: "filter-end",
		seed: 1,
		defense: "filter",
		threshold: 0.5,
		detection,
		roc: [{ threshold: 0.5, falsePositiveRate: 0, truePositiveRate: 0.5 }],
		scores: [0, 0.25, 1].map((score, at) => ({ sample: `s${at}`, score, poisoned: at > 0 })),
	},
};

test("a data set is stored once with its pairs, which are found by class and by caption", async () => {
	const [one, two] = await Promise.all([ensureDataset(db, dataset), ensureDataset(db, dataset)]);
	expect(one.id).toBe(two.id);
	const filter = { datasetId: one.id, split: "train" as const };
	const { rows, hasNextPage } = await listPairs(db, { filter, page: { first: 1, after: { value: 0 } } });
	expect([rows[0]?.captions, hasNextPage]).toEqual([['a "sheep", {1}', "50 % wool"], false]);
	expect(await countPairs(db, { ...filter, class: "sheep" })).toBe(1);
	expect(await countPairs(db, { ...filter, text: "{1}" })).toBe(1);
	expect(await countPairs(db, { ...filter, text: "50_%" })).toBe(0);
});

test("an attack's pairs carry the captions and images of the data set they change", async () => {
	const { id: datasetId } = await ensureDataset(db, dataset);
	const { id: runId, epoch } = await aRunningRun(db);
	await record(db, { runId, epoch, items: [{ kind: "dataset", datasetId }, attack] });
	const { rows } = await listPoisonedPairs(db, { runId, page: { first: 10 } });
	expect(rows.map(({ runId: _, ...row }) => row)).toEqual([
		{
			position: 0,
			sample: "s0",
			kind: "replace-image",
			class: "sheep",
			captions: ['a "sheep", {0}', "50 % wool"],
			beforeRow: 0,
			afterRow: 2,
		},
		{ position: 1, sample: "p1", kind: "inject", class: null, captions: ["a, b"], beforeRow: null, afterRow: 1 },
		{
			position: 2,
			sample: "s1",
			kind: "drop",
			class: null,
			captions: ['a "sheep", {1}', "50 % wool"],
			beforeRow: 1,
			afterRow: null,
		},
	]);
	const samples = async (filter: { class?: string; text?: string }) => {
		const [found, all] = await Promise.all([
			listPoisonedPairs(db, { runId, ...filter, page: { last: 1 } }),
			countPoisonedPairs(db, { runId, ...filter }),
		]);
		return [found.rows.map(({ sample }) => sample), all];
	};
	expect(await samples({})).toEqual([["s1"], 3]);
	expect(await samples({ class: "sheep" })).toEqual([["s0"], 1]);
	expect(await samples({ text: "WOOL" })).toEqual([["s1"], 2]);
	expect(await samples({ text: "p1" })).toEqual([["p1"], 1]);
	expect(await samples({ class: "sheep", text: "p1" })).toEqual([[], 0]);
	expect((await findRuns(db, [runId]))[0]).toMatchObject({ datasetId, poisonShare: 2 / 3, goals });
});

test("results that an attempt repeats are stored once, and only what may not differ raises the alarm", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const items = [attack, evaluation(0.5, 10), report];
	const { lastSeq } = await record(db, { runId, epoch, items });
	const again = await record(db, { runId, epoch, items: [attack, evaluation(0.5, 99), report] });
	expect(again).toEqual({ lastSeq, differences: [] });
	const other = await record(db, { runId, epoch, items: [evaluation(0.6, 10)] });
	expect(other.differences).toMatchObject([{ what: "the evaluation of poisoned" }]);
	expect((await findRuns(db, [runId]))[0]).toMatchObject({ poisonedHitAt10: 0.5 });
	const told = await eventsAfter(db, { runId, after: 2, limit: 100 });
	expect(told.map(({ kind }) => kind)).toEqual(["attack", "evaluation", "defense-report", "log"]);
});

test("an evaluation keeps every query's rank, and a report every score", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	await record(db, { runId, epoch, items: [evaluation(0.5, 10), report] });
	const [stored] = await evaluationsOfRuns(db, { runIds: [runId], finalOnly: true });
	expect(stored?.goals).toMatchObject([{ direction: "text-to-image" }, { direction: "image-to-text", gallery: 10 }]);
	const of = { evaluationId: stored!.id, goal: 0, direction: "image-to-text", querySet: "random" } as const;
	expect(await queryRanks(db, of)).toEqual([7]);
	expect((await listQueries(db, { of, page: { first: 5 } })).rows).toMatchObject([
		{ query: "s2#0", top: ["s2", "s0"] },
	]);
	const [filtered] = await defenseReportsOfRuns(db, [runId]);
	const reportId = filtered!.id;
	expect(filtered?.histogram).toMatchObject({ minimum: 0, maximum: 1 });
	const { clean, poisoned } = filtered!.histogram;
	expect([clean[0], poisoned[128], poisoned[511], clean.length]).toEqual([1, 1, 1, 512]);
	expect((await listScores(db, { reportId, page: { first: 2 } })).rows.map(({ score }) => score)).toEqual([0, 0.25]);
	expect((await scoresNear(db, { reportId, near: 0.3, limit: 2 })).map(({ sample }) => sample)).toEqual(["s1", "s0"]);
});

test("a series comes back in columns, and at a glance its ends are over finite points", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const values = [2, Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5];
	const items = values.map((value, step): RecordItem => ({ kind: "metric-point", key: "clean/loss", step, value }));
	await record(db, { runId, epoch, items });
	const [series, none] = await metricColumns(db, { runId, keys: ["clean/loss", "none"], from: 1, to: 3 });
	expect([[...series!.steps], [...series!.values]]).toEqual([[1, 2, 3], values.slice(1, 4)]);
	expect(none?.steps).toHaveLength(0);
	expect(await metricKeys(db, [runId])).toEqual([
		{ runId, key: "clean/loss", count: 5, lastStep: 4, last: 0.5, minimum: -1, maximum: 2 },
	]);
});

test("the names of a run's series are its own, each once, in order, and no more than asked for", async () => {
	const [{ id: runId, epoch }, other] = [await aRunningRun(db), await aRunningRun(db)];
	const items = ["b/loss", "a/loss", "c/loss"].flatMap((key) =>
		[1, 2, 3].map((step): RecordItem => ({ kind: "metric-point", key, step, value: step })),
	);
	await record(db, { runId, epoch, items });
	const foreign: RecordItem = { kind: "metric-point", key: "aa/loss", step: 1, value: 1 };
	await record(db, { runId: other.id, epoch: other.epoch, items: [foreign] });
	expect(await metricNames(db, { runId, limit: 9 })).toEqual(["a/loss", "b/loss", "c/loss"]);
	expect(await metricNames(db, { runId, limit: 2 })).toEqual(["a/loss", "b/loss"]);
	const { id: empty } = await aRunningRun(db);
	expect(await metricNames(db, { runId: empty, limit: 9 })).toEqual([]);
});

test("a run that comes to a stage again tells of it again and keeps how it came to it first", async () => {
	const { id: runId, epoch } = await aRunningRun(db);
	const stage = (reused: boolean): RecordItem => ({ kind: "stage", name: "clean", key: hashOf("stage"), reused });
	await record(db, { runId, epoch, items: [stage(false), stage(true)] });
	expect(await stagesOfRuns(db, [runId])).toMatchObject([{ name: "clean", reused: false, stage: { status: "begun" } }]);
	expect(await eventsAfter(db, { runId, after: 2, limit: 9, kinds: ["stage"] })).toHaveLength(2);
});

test("a run that takes over another one's model takes over its curves too, under its own name for the stage", async () => {
	const key = hashOf("stage with curves");
	const points = [0.5, Number.NaN, 0.25].map((value, step) => ({
		kind: "metric-point" as const,
		key: "clean/loss",
		step,
		value,
	}));
	const maker = await aRunningRun(db);
	await record(db, {
		runId: maker.id,
		epoch: maker.epoch,
		items: [
			{ kind: "stage", name: "clean", key, reused: false },
			...points,
			{ kind: "metric-point", key: "cleaner/loss", step: 1, value: 9 },
		],
	});
	const { id: runId, epoch } = await aRunningRun(db);
	const takeOver = () => record(db, { runId, epoch, items: [{ kind: "stage", name: "start", key, reused: true }] });
	await takeOver();
	expect((await metricKeys(db, [runId])).map((one) => one.key)).toEqual(["start/loss"]);
	const [copied] = await metricColumns(db, { runId, keys: ["start/loss"] });
	expect([...copied!.values]).toEqual([0.5, Number.NaN, 0.25]);
	// The next attempt says so again.
	await takeOver();
	expect((await metricKeys(db, [runId]))[0]!.count).toBe(3);
});

test("a run that takes over a model takes over measurements within its training where they hold for it, and no others", async () => {
	const key = hashOf("stage with probes");
	const config = (goal: string, defenses: string[]) => ({
		...sampleConfig(1),
		attack: { name: "singleLabel", params: { from: goal } },
		evaluation: { probes: 2, cutoffs: [1] },
		defenses: defenses.map((name) => ({ name })),
	});
	const running = async (goal: string, defenses: string[] = []) =>
		aRunningRun(db, { config: config(goal, defenses) as never });
	const probe = (step: number, hitAt10: number) => ({ ...evaluation(hitAt10, 0), step, steps: 9, stageKey: key });
	const maker = await running("sheep");
	const stage = { kind: "stage", name: "poisoned", key } as const;
	const probes = [probe(3, 0.25), probe(6, 0.5)];
	await record(db, { runId: maker.id, epoch: 1, items: [{ ...stage, reused: false }, ...probes] });
	const taker = await running("sheep", ["filter"]);
	// As long as the maker has not come to the end there may be more to come.
	expect(await probesFor(db, { runId: taker.id, stageKey: key })).toBeNull();
	await record(db, { runId: maker.id, epoch: 1, items: [{ ...evaluation(0.75, 1), stageKey: key }] });
	expect(await probesFor(db, { runId: taker.id, stageKey: key })).toBe(maker.id);
	const takeOver = { ...stage, name: "again", reused: true };
	for (let time = 0; time < 2; time++) await record(db, { runId: taker.id, epoch: 1, items: [takeOver] });
	const copies = await evaluationsOfRuns(db, { runIds: [taker.id] });
	expect(copies.map(({ model, step, steps, hitAt10, numbers }) => [model, step, steps, hitAt10, numbers])).toEqual(
		[3, 6].map((step, at) => ["again", step, 9, probes[at]!.row.hitAt10, probes[at]!.evaluation.numbers]),
	);
	const ref = { evaluationId: copies[0]!.id, goal: 0, direction: "text-to-image", querySet: "random" } as const;
	expect(await queryRanks(db, ref)).toEqual([7]);
	// Measured against another goal, they say nothing of this run.
	const stranger = await running("sofa");
	expect(await probesFor(db, { runId: stranger.id, stageKey: key })).toBeNull();
	await record(db, { runId: stranger.id, epoch: 1, items: [takeOver] });
	expect(await evaluationsOfRuns(db, { runIds: [stranger.id] })).toEqual([]);
});
