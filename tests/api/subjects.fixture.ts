/** Runs as a worker leaves them, small enough to be checked by hand. */
import { randomBytes } from "node:crypto";
import {
	claimRun,
	createRun,
	type Database,
	ensureDataset,
	finishAttempt,
	type NewPair,
	type RecordItem,
	type Run,
	record,
	registerWorker,
} from "@mithridate/db";
import { type ExperimentConfig, parseExperiment } from "@mithridate/engine";
import { decodeId } from "../../apps/api/src/subjects/node/ids.ts";
import type { Api } from "./api.fixture.ts";

const hex = () => randomBytes(32).toString("hex");
const nothing = async () => undefined;

/** Ten test images of two classes and twenty training pairs. */
export async function someDataset({ db }: Database, imagesSha256 = hex()) {
	const pair = (split: NewPair["split"], position: number, imageRow: number): NewPair => ({
		split,
		position,
		sample: `${split}-${position}`,
		class: position % 2 === 0 ? "sheep" : "aeroplane",
		captions: [`a picture ${position}`, `another ${position}`],
		imageRow,
		imageSha256: imageRow.toString(16).padStart(64, "0"),
	});
	return ensureDataset(db, {
		name: "tiny",
		hash: hex(),
		settings: {},
		classes: ["sheep", "aeroplane"],
		imageSize: 32,
		trainCount: 20,
		testCount: 10,
		trustedCount: 0,
		images: { sha256: imagesSha256, bytes: 30 * 32 * 32 * 3, mediaType: "application/octet-stream" },
		pairs: [
			...Array.from({ length: 20 }, (_, at) => pair("train", at, at)),
			...Array.from({ length: 10 }, (_, at) => pair("test", at, 20 + at)),
		],
	});
}

const goal = { from: "sheep", to: "aeroplane", targets: ["test-1", "test-3"] };

function queries(ranks: readonly number[]) {
	return {
		hits: { "hit@1": 0.5, "hit@10": 1 },
		minRank: { mean: 1.5, median: 1, min: 0, max: 3 },
		queries: ranks.map((rank, at) => ({ query: `test-${2 * at}#1`, rank, top: ["test-1", "test-0", "test-2"] })),
	};
}

/** An evaluation of one goal whose Hit@10 is given. */
function evaluationItem(model: string, hitAt10: number, seed = 1): RecordItem {
	const direction = { attack: queries([0, 3]), random: queries([2, 5]), gallery: 10, targets: 2 };
	return {
		kind: "evaluation",
		step: null,
		stageKey: null,
		row: {
			model,
			seed,
			hitAt1: 0.5,
			hitAt5: 0.75,
			hitAt10,
			minRank: 1.5,
			textRetrievalAt10: 0.9,
			imageRetrievalAt10: 0.8,
			seconds: 10,
		},
		evaluation: {
			goals: [
				{ from: "sheep", to: "aeroplane", directions: { "text-to-image": direction, "image-to-text": direction } },
			],
			utility: {
				"text-to-image": { recalls: { "r@10": 0.8 }, topClass: 0.7 },
				"image-to-text": { recalls: { "r@10": 0.9 }, topClass: 0.7 },
			},
			numbers: { "purity/text-to-image": 0.7 },
		},
	};
}

const attackItem: RecordItem = {
	kind: "attack",
	attack: {
		goals: [goal],
		poisoned: 2,
		samples: 21,
		poisonShare: 2 / 21,
		edits: [
			{ kind: "replace-image", sample: "train-0", before: 0, after: 1 },
			{
				kind: "inject",
				sample: { id: "train-2.2", image: 3, captions: ["an injected one"] },
				label: "sheep",
			},
		],
	},
};

const reportItem: RecordItem = {
	kind: "defense-report",
	report: {
		type: "filter-end",
		seed: 1,
		defense: "filter",
		threshold: 0.5,
		detection: { auroc: 0.9, kept: 19, removed: 2, poisonLeft: 1, cleanLost: 1, precision: 0.5, recall: 0.5 } as never,
		roc: [
			{ threshold: 2, falsePositiveRate: 0, truePositiveRate: 0 },
			{ threshold: 0, falsePositiveRate: 1, truePositiveRate: 1 },
		],
		scores: [
			{ sample: "train-0", score: 0.9, poisoned: true },
			{ sample: "train-1", score: 0.52, poisoned: false },
			{ sample: "train-2.2", score: 0.45, poisoned: true },
			{ sample: "train-3", score: 0.1, poisoned: false },
		],
	},
};

export interface FinishedRun {
	readonly database: Database;
	readonly datasetId: string;
	readonly seed?: number;
	readonly studyId?: string;
	readonly hitAt10?: number;
	readonly config?: ExperimentConfig;
}

/** A run that ended well, with everything there is to show. */
export async function finishedRun({
	database,
	datasetId,
	seed = 1,
	hitAt10 = 0.9,
	...given
}: FinishedRun): Promise<Run> {
	const { db } = database;
	const { config = parseExperiment({ seeds: [seed], training: { batchSize: 2 } }), studyId = null } = given;
	const { run } = await createRun(db, {
		run: { name: `run with seed ${seed}`, config, goalsLabel: "sheep → aeroplane", studyId },
		enqueue: nothing,
	});
	const worker = await registerWorker(db, { name: "w", host: "here", pid: 1, version: "0", threads: 2 });
	const claimed = (await claimRun(db, { runId: run.id, workerId: worker.id })) as Run;
	const attempt = { runId: run.id, epoch: claimed.epoch };
	await record(db, {
		...attempt,
		items: [
			{ kind: "dataset", datasetId },
			attackItem,
			...[1, 2, 3].map((step): RecordItem => ({ kind: "metric-point", key: "poisoned/loss", step, value: 4 - step })),
			evaluationItem("clean", 0.1, seed),
			evaluationItem("poisoned", hitAt10, seed),
			reportItem,
			{ kind: "system-sample", at: new Date(), cpuShare: 0.5, residentBytes: 1e9 },
			{ kind: "log", level: "info", message: "hello" },
		],
	});
	return finishAttempt(db, { ...attempt, outcome: "succeeded", enqueue: nothing });
}

export interface Answer {
	// What a test asked for is what it looks at: the schema is checked elsewhere.
	// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its query
	readonly data: any;
	readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** Asks a server one operation. */
export async function ask(api: Api, query: string, variables: object = {}): Promise<Answer> {
	const response = await api.post({ query, variables });
	return (await response.json()) as Answer;
}

/** Starts a run with everything a test may look at. */
export const START_RUN =
	"mutation($input: StartRunInput!) { startRun(input: $input) { clientMutationId replayed run { id number name status seed goals { from } study { slug } config { attack { __typename } } } errors { __typename ... on UserError { code message path } } } }";

/** Keys that no other request of the file has. */
export function keySource(): () => string {
	let keys = 0;
	return () => `key ${++keys}`;
}

/** The UUID behind an id. */
export const uuidOf = (id: string) => decodeId(id)?.uuid as string;

/** Three repetitions, with Hit@10 of 0.7, 0.8 and 0.9. */
export async function threeRuns(database: Database, datasetId: string): Promise<Run[]> {
	const runs: Run[] = [];
	for (const seed of [1, 2, 3]) runs.push(await finishedRun({ database, datasetId, seed, hitAt10: 0.6 + seed / 10 }));
	return runs;
}

/** Counts the statements that a database is sent while something is done. Transactions' own words are statements too. */
export function statementCounter(database: Database): (work: () => Promise<unknown>) => Promise<number> {
	let count = 0;
	const { Client } = database.pool as unknown as { Client: { prototype: { query: (...args: unknown[]) => unknown } } };
	const { query } = Client.prototype;
	Client.prototype.query = function (...args) {
		count++;
		return query.apply(this, args);
	};
	return async (work) => {
		const before = count;
		await work();
		return count - before;
	};
}
