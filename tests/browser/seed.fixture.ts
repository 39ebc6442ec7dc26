/** Rows behind pages that no demonstration makes: texts of attackers wherever somebody may write one. */
import { randomBytes } from "node:crypto";
import {
	claimRun,
	createRun,
	createStudy,
	createToken,
	type Database,
	type DiskArtifactStore,
	ensureDataset,
	finishAttempt,
	type NewPair,
	type RecordItem,
	type Run,
	record,
	registerWorker,
} from "@mithridate/db";
import { parseExperiment } from "@mithridate/engine";

const nothing = async () => undefined;

/** Calls `ran(n)`, which the test hears, in thirty ways; most of them would in a page without protection. */
export const payloads: readonly string[] = [
	"<script>ran(0)</script>",
	"<img src=x onerror=ran(1)>",
	"<svg onload=ran(2)>",
	"<svg><script>ran(3)</script></svg>",
	"<iframe srcdoc='<script>parent.ran(4)</script>'></iframe>",
	"<details open ontoggle=ran(5)>",
	"<input autofocus onfocus=ran(6)>",
	"<video src=x onerror=ran(7)></video>",
	"<audio src=x onerror=ran(8)></audio>",
	"<style onload=ran(9)></style>",
	"<iframe src='javascript:parent.ran(10)'></iframe>",
	"<img srcset=x onerror=ran(11)>",
	"<link rel=stylesheet href='data:text/css,' onload=ran(12)>",
	"<object data=x onerror=ran(13)></object>",
	"<embed src=x onerror=ran(14)>",
	"<svg><animate onbegin=ran(15) attributeName=x dur=1s>",
	"<body onpageshow=ran(16)>",
	"<a href='javascript:ran(17)' autofocus onfocus=ran(17)>a</a>",
	"<select autofocus onfocus=ran(18)></select>",
	"<textarea autofocus onfocus=ran(19)></textarea>",
	"<marquee onstart=ran(20)>m</marquee>",
	"<math><mtext></p><img src=x onerror=ran(21)>",
	'"><img src=x onerror=ran(22)>',
	"'-ran(23)-'",
	"{{constructor.constructor('ran(24)')()}}",
	"$" + "{ran(25)}",
	"</title><script>ran(26)</script>",
	"javascript:ran(27)",
	"<template shadowrootmode=open><img src=x onerror=ran(28)></template>",
	"<IMG SRC=x ONERROR=ran(29)>",
];

const side = 32;

/** Forty training pairs of two classes and ten test pairs, whose pictures are stripes and whose captions are payloads. */
async function hostileDataset({ db }: Database, artifacts: DiskArtifactStore): Promise<string> {
	const pixels = Buffer.from(Array.from({ length: 50 * side * side * 3 }, (_, at) => (at * 37) % 251));
	const { sha256, bytes } = await artifacts.put(pixels, { mediaType: "application/octet-stream" });
	const pair = (split: NewPair["split"], position: number, imageRow: number): NewPair => ({
		split,
		position,
		sample: `${split}-${position}`,
		class: position % 2 === 0 ? "sheep" : "aeroplane",
		captions: [payloads[position % payloads.length]!, `a picture ${position}`],
		imageRow,
		imageSha256: imageRow.toString(16).padStart(64, "0"),
	});
	const { id } = await ensureDataset(db, {
		name: payloads[1]!,
		hash: randomBytes(32).toString("hex"),
		settings: {},
		classes: ["sheep", "aeroplane"],
		imageSize: side,
		trainCount: 40,
		testCount: 10,
		trustedCount: 0,
		images: { sha256, bytes, mediaType: "application/octet-stream" },
		pairs: [
			...Array.from({ length: 40 }, (_, at) => pair("train", at, at)),
			...Array.from({ length: 10 }, (_, at) => pair("test", at, 40 + at)),
		],
	});
	return id;
}

function queries(ranks: readonly number[]) {
	return {
		hits: { "hit@1": 0.5, "hit@10": 1 },
		minRank: { mean: 1.5, median: 1, min: 0, max: 3 },
		queries: ranks.map((rank, at) => ({ query: `test-${2 * at}#0`, rank, top: ["test-1", "test-0", "test-2"] })),
	};
}

function evaluation(model: string, hitAt10: number): RecordItem {
	const direction = { attack: queries([0, 3]), random: queries([2, 5]), gallery: 10, targets: 2 };
	const utility = { recalls: { "r@10": 0.8123 }, topClass: 0.7 };
	return {
		kind: "evaluation",
		step: null,
		stageKey: null,
		row: {
			model,
			seed: 1,
			hitAt1: 0.1234,
			hitAt5: 0.4567,
			hitAt10,
			minRank: 12.345,
			textRetrievalAt10: 0.9012,
			imageRetrievalAt10: 0.8123,
			seconds: 10,
		},
		evaluation: {
			goals: [
				{ from: "sheep", to: "aeroplane", directions: { "text-to-image": direction, "image-to-text": direction } },
			],
			utility: { "text-to-image": utility, "image-to-text": utility },
			numbers: { [payloads[1]!]: 0.7 },
		},
	};
}

/** A filter's report over the training pairs, the poisoned ones far out. */
function report(): RecordItem {
	const scores = Array.from({ length: 40 }, (_, at) => ({
		sample: `train-${at}`,
		score: at % 10 === 0 ? 0.9 + at / 1000 : 0.3 + at / 200,
		poisoned: at % 10 === 0,
	}));
	return {
		kind: "defense-report",
		report: {
			type: "filter-end",
			seed: 1,
			defense: "filter",
			threshold: 0.6,
			detection: { auroc: 1, kept: 36, removed: 4, poisonLeft: 0, cleanLost: 0, precision: 1, recall: 1 } as never,
			roc: [
				{ threshold: 2, falsePositiveRate: 0, truePositiveRate: 0 },
				{ threshold: 0, falsePositiveRate: 1, truePositiveRate: 1 },
			],
			scores,
		},
	};
}

export interface Hostile {
	readonly study: string;
	/** A run that ended well and one that failed, whose every free text is a payload. */
	readonly runs: readonly [Run, Run];
}

/** A study of two runs with payloads wherever people, data or programs write texts. */
export async function plantPayloads(database: Database, artifacts: DiskArtifactStore): Promise<Hostile> {
	const { db } = database;
	const datasetId = await hostileDataset(database, artifacts);
	const enqueue = nothing;
	const { study } = await createStudy(db, {
		study: { slug: "hostile", name: payloads[0]!, question: payloads[1]!, notes: payloads[2]!, tags: [payloads[3]!] },
		runs: [],
		enqueue,
	});
	const worker = await registerWorker(db, {
		name: payloads[4]!,
		host: payloads[5]!,
		pid: process.pid,
		version: payloads[6]!,
		threads: 2,
	});
	const hash = randomBytes(32);
	await createToken(db, { name: payloads[7]!, hash, prefix: "mth_abcd", role: "viewer", scopes: [] });
	const start = async (name: string, hitAt10: number) => {
		const config = parseExperiment({ seeds: [1], training: { batchSize: hitAt10 > 0.8 ? 2 : 4 } });
		const texts = { name, tags: [payloads[8]!, payloads[22]!], notes: payloads.join("\n") };
		const run = { ...texts, config, goalsLabel: payloads[9]!, studyId: study.id };
		const { id } = (await createRun(db, { run, enqueue })).run;
		const { epoch } = (await claimRun(db, { runId: id, workerId: worker.id })) as Run;
		const item = { id: "train-2.2", image: 3, captions: [payloads[10]!, payloads[11]!] };
		const items: RecordItem[] = [
			{ kind: "dataset", datasetId },
			{
				kind: "environment",
				environment: {
					codeVersion: payloads[12]!,
					lockHash: "0",
					runtime: payloads[13]!,
					runtimeReason: payloads[14]!,
					device: payloads[15]!,
					threads: 2,
					cpu: payloads[16]!,
					node: payloads[18]!,
					platform: payloads[19]!,
				},
			},
			{
				kind: "attack",
				attack: {
					goals: [{ from: "sheep", to: "aeroplane", targets: ["test-1", "test-3"] }],
					poisoned: 2,
					samples: 41,
					poisonShare: 2 / 41,
					edits: [
						{ kind: "replace-image", sample: "train-0", before: 0, after: 1 },
						{ kind: "inject", sample: item, label: "sheep" },
					],
				},
			},
			...payloads.flatMap((payload) =>
				[1, 2, 3].map((step): RecordItem => ({ kind: "metric-point", key: `poisoned/${payload}`, step, value: step })),
			),
			evaluation("clean", 0.1357),
			evaluation("poisoned", hitAt10),
			evaluation("filtered", 0.2468),
			report(),
			{ kind: "system-sample", at: new Date(), cpuShare: 0.5, residentBytes: 1e9 },
			...payloads.map((message): RecordItem => ({ kind: "log", level: "info", message })),
		];
		await record(db, { runId: id, epoch, items });
		return { runId: id, epoch };
	};
	const good = await finishAttempt(db, { ...(await start(payloads[20]!, 0.9876)), outcome: "succeeded", enqueue });
	const error = { code: payloads[17]!, message: payloads[21]! };
	const bad = await finishAttempt(db, { ...(await start(payloads[22]!, 0.5)), outcome: "failed", error, enqueue });
	return { study: study.slug, runs: [good, bad] };
}
