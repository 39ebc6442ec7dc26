/** Sixty invented runs, one of them running and growing by four steps a second. */
import { classes, defaults } from "./catalog.ts";
import { evaluationOf, keys, outcomesOf, reportOf, seriesOf, stages, valueAt } from "./metrics.ts";
import { hashOf, normal, randomOf } from "./random.ts";

export const born = Date.parse("2026-11-20T08:00:00Z");
export const total = 1600;
export const liveRun = 60;
/** The live run is already this far when the server starts. */
const ahead = 420;
const started = Date.now();

/** Steps that a run has made by now. */
function stepsOf(number: number): number {
	if (number !== liveRun) return number > 56 ? 0 : total;
	return Math.min(total, ahead + Math.floor((Date.now() - started) / 250));
}

export const rates = [0.001, 0.005, 0.01, 0.02];
export const page = <Item>(nodes: readonly Item[]) => ({
	nodes,
	edges: nodes.map((node, index) => ({ cursor: String(index), node })),
	totalCount: nodes.length,
	pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
});
export const image = (classIndex: number, row: number) => ({
	url: `/images/${hashOf("images")}/${classIndex}-${row}.png`,
	width: 64,
	height: 64,
	sha256: hashOf(`image ${classIndex} ${row}`),
});

function statusOf(number: number): string {
	if (number === liveRun) return stepsOf(number) < total ? "RUNNING" : "SUCCEEDED";
	if (number > 56) return "QUEUED";
	return number % 17 === 0 ? "FAILED" : number % 23 === 0 ? "CANCELLED" : "SUCCEEDED";
}

function configOf(number: number) {
	const rate = rates[Math.floor(number / 3) % 4]!;
	const attacks = [
		{ ...defaults.attack, amount: { poisonRate: rate } },
		{ ...defaults.attack, __typename: "SingleImageAttack", target: null, amount: { poisonRate: rate } },
		{
			...defaults.attack,
			__typename: "MultiLabelAttack",
			goals: [
				{ from: "sheep", to: "aeroplane" },
				{ from: "sofa", to: "bird" },
			],
			amount: { poisonRate: rate },
		},
	];
	return { ...defaults, attack: attacks[Math.floor(number / 12) % 3]!, seed: (number % 3) + 1 };
}

function makeRun(number: number) {
	const config = configOf(number);
	const rate = config.attack.amount.poisonRate;
	const goal = { from: "sheep", to: "aeroplane" };
	const group = hashOf(JSON.stringify({ ...config, seed: 0 }));
	const outcomes = () =>
		statusOf(number) === "SUCCEEDED"
			? outcomesOf(number, Math.min(1, rate * 90))
			: outcomesOf(number, 0.8).slice(0, stepsOf(number) > 0 ? 2 : 0);
	const random = randomOf(`run ${number}`);
	return {
		__typename: "Run",
		id: `run-${number}`,
		number,
		name: `${config.attack.__typename
			.replace("Attack", "")
			.replace(/(?!^)[A-Z]/, " $&")
			.toLowerCase()} at ${rate * 100} %`,
		get status() {
			return statusOf(number);
		},
		intent: "RUN",
		priority: 0,
		seed: config.seed,
		config,
		configHash: hashOf(JSON.stringify(config)),
		groupHash: group,
		configText: JSON.stringify(config, null, 2),
		tags: number % 4 === 0 ? ["paper"] : [],
		notes: null,
		createdAt: new Date(born + number * 3_600_000).toISOString(),
		startedAt: number > 56 && number !== liveRun ? null : new Date(born + number * 3_610_000).toISOString(),
		get endedAt() {
			return ["RUNNING", "QUEUED"].includes(statusOf(number))
				? null
				: new Date(born + number * 3_610_000 + 240_000).toISOString();
		},
		archivedAt: null,
		get progress() {
			const done = stepsOf(number);
			if (statusOf(number) !== "RUNNING") return null;
			return {
				stage: "poisoned",
				done,
				total,
				secondsLeft: (total - done) / 4,
				heartbeatAt: new Date().toISOString(),
				worker: "worker-1",
			};
		},
		attempt: 1,
		attempts: [
			{
				number: 1,
				worker: "worker-1",
				startedAt: new Date(born).toISOString(),
				endedAt: null,
				outcome: null,
				error: null,
			},
		],
		get error() {
			return statusOf(number) === "FAILED"
				? {
						code: "out-of-memory",
						message: "The step needed 3.1 GiB, 2.0 GiB were free. Set training.microBatch to 32.",
						requestId: null,
					}
				: null;
		},
		get outcomes() {
			return outcomes();
		},
		poisonShare: rate,
		goals: [{ ...goal, targets: ["test-3", "test-41"] }],
		poisonedPairs: ({ first }: { first?: number }) =>
			page(
				Array.from({ length: first ?? 24 }, (_, index) => ({
					sample: `train-${index * 3}`,
					kind: "REPLACE_IMAGE",
					class: "sheep",
					captions: ["A sheep on a hill.", "A white sheep near a fence, in the morning."],
					before: image(16, index),
					after: image(0, index * 5),
				})),
			),
		metricKeys: () =>
			keys.map((key) => ({
				key,
				stage: key.split("/")[0],
				name: key.split("/")[1],
				last: null,
				min: null,
				max: null,
				lastStep: stepsOf(number),
				rawCount: stepsOf(number),
			})),
		metrics: (args: { keys?: string[]; range?: { from?: number; to?: number }; maxBuckets?: number }) =>
			(args.keys ?? keys).map((key) =>
				seriesOf(number, key, {
					length: stepsOf(number),
					total,
					from: args.range?.from ?? 0,
					to: args.range?.to ?? total,
					buckets: args.maxBuckets ?? 1000,
				}),
			),
		evaluations: () => outcomes().map((row) => evaluationOf(number, row, goal)),
		defenseReports: () => (statusOf(number) === "SUCCEEDED" ? [reportOf(number)] : []),
		stages: () =>
			stages.map((name) => ({ name, key: hashOf(name), reused: name === "clean", seconds: 42.3, checkpoints: [] })),
		artifacts: () =>
			["poisoned.safetensors", "cured.safetensors", "scores.csv"].map((name) => ({
				name,
				sha256: hashOf(name),
				bytes: 6_400_000,
				mediaType: "application/octet-stream",
				url: `/artifacts/${hashOf(name)}`,
			})),
		systemSamples: () =>
			Array.from({ length: 120 }, (_, index) => ({
				at: new Date(born + index * 2000).toISOString(),
				attempt: 1,
				cpuShare: 0.8 + 0.08 * normal(random),
				residentBytes: 9e8 + 1e6 * index,
			})),
		environment: {
			codeVersion: "0.1.0",
			lockHash: hashOf("lock"),
			runtime: "onnx",
			device: "cpu",
			threads: 2,
			cpu: "Xeon",
			node: "24.21.0",
			platform: "linux-x64",
			runtimeReason: "No GPU was found.",
		},
		logs: () =>
			page([
				{ at: new Date(born).toISOString(), level: "INFO", message: "Training set of 500 scenes rendered in 3.1 s." },
				{
					at: new Date(born + 5000).toISOString(),
					level: "WARN",
					message: "Nine samples have no caption and were left out.",
				},
			]),
		throughSeq: () => stepsOf(number),
		resumeCursor: () => `c${stepsOf(number)}`,
		exportUrl: ({ format }: { format: string }) => `/export/run/${number}.${format.toLowerCase()}`,
		viewerCanEdit: true,
		viewerCanCancel: number >= 57,
		dataset: (): object => dataset,
	};
}

export type MockRun = ReturnType<typeof makeRun>;
export const runs = Array.from({ length: liveRun }, (_, index) => makeRun(index + 1));

export const dataset = {
	__typename: "Dataset",
	id: "dataset-1",
	name: "emojiPascal",
	hash: hashOf("dataset"),
	classes,
	imageSize: 64,
	counts: [
		{ split: "TRAIN", count: 500 },
		{ split: "TEST", count: 500 },
		{ split: "TRUSTED", count: 300 },
	],
	createdAt: new Date(born).toISOString(),
	versionHash: null,
	examples: classes.map((name, at) => ({
		__typename: "Pair",
		id: `example-${at}`,
		class: name,
		captions: [`A ${name} on a hill.`],
		image: image(at, at),
	})),
	pairs: ({ filter, first }: { filter?: { class?: string }; first?: number }) =>
		page(
			Array.from({ length: Math.min(first ?? 40, 60) }, (_, index) => {
				const at = filter?.class ? classes.indexOf(filter.class) : index % classes.length;
				return {
					__typename: "Pair",
					id: `pair-${index}`,
					sample: `test-${index}`,
					split: "TEST",
					class: classes[at],
					captions: [`A ${classes[at]} on a hill.`],
					image: image(at, index),
				};
			}),
		),
	runs: () => page(runs),
};

/** The events of the live run after an event: one batch of points, and progress. */
export function eventsAfter(number: number, after: number) {
	const until = stepsOf(number);
	return Array.from({ length: until - after }, (_, index) => {
		const step = after + index + 1;
		const points = keys
			.filter((key) => /loss|learningRate|logitScale/.test(key) || step % 10 === 0)
			.map((key) => ({ key, value: valueAt(number, key, step, total), nonFinite: null }));
		return {
			__typename: "MetricPointsRecorded",
			seq: step,
			at: new Date().toISOString(),
			attempt: 1,
			stage: "poisoned",
			step,
			points,
		};
	});
}
