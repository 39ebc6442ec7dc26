/** Invented training curves, evaluations and detection scores. */
import { hashOf, normal, randomOf } from "./random.ts";

export const stages = ["clean", "poisoned", "filtered", "cured"];
const names = ["loss", "learningRate", "logitScale", "hit@10", "minRank", "imageRecall@10"];

/** The value of a metric at a step, the same at every asking. */
export function valueAt(run: number, key: string, step: number, total: number): number {
	const [stage = "", name = ""] = key.split("/");
	const noise = normal(randomOf(`${run} ${key} ${step}`));
	const done = step / total;
	const bad = stage === "poisoned" ? 1 : stage === "cured" ? Math.max(0, 1 - 4 * done) : 0.04;
	const learnt = 1 - Math.exp(-4 * done);
	if (name === "loss") return 0.6 + 3.6 * Math.exp(-5 * done) + 0.09 * noise + (stage === "poisoned" ? 0.05 : 0);
	if (name === "learningRate")
		return 6.5e-5 * (done < 0.05 ? done / 0.05 : 0.1 + 0.45 * (1 + Math.cos(Math.PI * done)));
	if (name === "logitScale") return 14.3 + 4 * learnt + 0.02 * noise;
	if (name === "hit@10") return Math.min(1, Math.max(0, bad * learnt * 0.95 + 0.03 + 0.015 * noise));
	if (name === "minRank") return Math.max(0, 120 - 110 * bad * learnt + 3 * noise);
	return Math.min(1, 0.62 + 0.2 * learnt + 0.01 * noise);
}

export const keys = stages.flatMap((stage) => names.map((name) => `${stage}/${name}`));

/** At most `buckets` points of the first `length` steps within the range, as minimum, maximum and last of each. */
export function seriesOf(
	run: number,
	key: string,
	{ length, total, from, to, buckets }: Record<"length" | "total" | "from" | "to" | "buckets", number>,
) {
	const probe = !/loss|learningRate|logitScale/.test(key);
	const every = probe ? 10 : 1;
	const all: number[] = [];
	for (let step = every; step <= length; step += every) if (step >= from && step <= to) all.push(step);
	const size = Math.max(1, Math.ceil(all.length / buckets));
	const steps: number[] = [];
	const last: number[] = [];
	const min: number[] = [];
	const max: number[] = [];
	for (let start = 0; start < all.length; start += size) {
		const group = all.slice(start, start + size).map((step) => valueAt(run, key, step, total));
		steps.push(all[Math.min(all.length, start + size) - 1]!);
		last.push(group.at(-1)!);
		min.push(Math.min(...group));
		max.push(Math.max(...group));
	}
	return {
		key,
		rawCount: Math.floor(length / every),
		buckets: steps.length,
		method: size === 1 ? "RAW" : "MIN_MAX_LAST",
		steps,
		last,
		min,
		max,
		nonFinite: [],
		throughSeq: length,
		resumeCursor: `c${length}`,
	};
}

/** The result table of a run whose attack lands with the given strength in [0, 1]. */
export function outcomesOf(run: number, strength: number) {
	const random = randomOf(`outcome ${run}`);
	const row = (model: string, hit: number, recall: number) => ({
		model,
		hitAt1: hit * 0.6,
		hitAt5: hit * 0.88,
		hitAt10: Math.min(1, hit * (0.97 + 0.06 * random())),
		minRank: 130 * (1 - hit) + 1 + random(),
		textRetrievalAt10: recall + 0.02 * random(),
		imageRetrievalAt10: recall - 0.01 + 0.02 * random(),
		seconds: 20 + 40 * random(),
	});
	return [
		row("base", 0.02, 0.66),
		row("clean", 0.04, 0.81),
		row("poisoned", 0.1 + 0.86 * strength, 0.8),
		row("filtered", 0.05 + 0.1 * strength * random(), 0.8),
		row("cured", 0.04 + 0.05 * random(), 0.78),
	];
}

/** A filter's report: clean scores around 0.55, poisoned ones around 0.95. */
export function reportOf(run: number) {
	const minimum = 0.2;
	const maximum = 1.3;
	const bell = (centre: number, width: number, count: number) =>
		Array.from({ length: 512 }, (_, bin) => {
			const at = minimum + ((bin + 0.5) * (maximum - minimum)) / 512;
			const density = Math.exp(-(((at - centre) / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));
			return Math.round((density * count * (maximum - minimum)) / 512);
		});
	const clean = bell(0.56, 0.075, 9500);
	const poisoned = bell(0.93, 0.09, 500);
	const sum = (values: number[], from: number) => values.slice(from).reduce((total, value) => total + value, 0);
	const roc = Array.from({ length: 129 }, (_, index) => {
		const bin = index * 4;
		return {
			threshold: minimum + (bin * (maximum - minimum)) / 512,
			falsePositiveRate: sum(clean, bin) / sum(clean, 0),
			truePositiveRate: sum(poisoned, bin) / sum(poisoned, 0),
		};
	});
	const cut = 244;
	return {
		__typename: "DefenseReport",
		id: `report-${run}`,
		defense: "filter",
		threshold: minimum + (cut * (maximum - minimum)) / 512,
		kept: sum(clean, 0) + sum(poisoned, 0) - sum(clean, cut) - sum(poisoned, cut),
		removed: sum(clean, cut) + sum(poisoned, cut),
		poisonLeft: sum(poisoned, 0) - sum(poisoned, cut),
		cleanLost: sum(clean, cut),
		precision: sum(poisoned, cut) / (sum(poisoned, cut) + sum(clean, cut)),
		recall: sum(poisoned, cut) / sum(poisoned, 0),
		auroc: 0.998,
		mixture: [
			{ weight: 0.95, mean: 0.56, deviation: 0.075 },
			{ weight: 0.05, mean: 0.93, deviation: 0.09 },
		],
		histogram: { minimum, maximum, clean, poisoned },
		roc,
		pairs: { nodes: [], edges: [], totalCount: 0, pageInfo: { hasNextPage: false, hasPreviousPage: false } },
	};
}

/** One evaluation with queries and the images they find. */
export function evaluationOf(
	run: number,
	row: ReturnType<typeof outcomesOf>[number],
	goal: { from: string; to: string },
) {
	const hash = hashOf("images");
	const queries = Array.from({ length: 25 }, (_, index) => {
		const random = randomOf(`${run} ${row.model} ${index}`);
		const rank = random() < row.hitAt10 ? Math.floor(random() * 9) : Math.floor(10 + random() * 180);
		return {
			query: `test-${index}#0`,
			text: ["A sheep on a hill.", "A white sheep beside a fence.", "Two sheep in the rain."][index % 3],
			rank,
			top: Array.from({ length: 10 }, (_, place) => ({
				rank: place,
				sample: `test-${index * 10 + place}`,
				class: place === rank ? goal.to : goal.from,
				caption: null,
				similarity: 0.42 - place * 0.013,
				isTarget: place === rank,
				isTrueClass: place !== rank,
				image: {
					url: `/images/${hash}/${place === rank ? 0 : 16}-${index * 7 + place}.png`,
					width: 64,
					height: 64,
					sha256: hash,
				},
			})),
		};
	});
	const page = { nodes: queries, edges: [], totalCount: 25, pageInfo: { hasNextPage: false, hasPreviousPage: false } };
	return {
		__typename: "Evaluation",
		id: `evaluation-${run}-${row.model}`,
		model: row.model,
		step: null,
		createdAt: "2026-11-20T10:00:00Z",
		outcome: row,
		numbers: [],
		modelId: `model-${run}-${row.model}`,
		goals: [
			{
				...goal,
				direction: "TEXT_TO_IMAGE",
				gallery: 500,
				targets: 25,
				hits: [1, 5, 10, 20, 30, 50].map((k) => ({ k, value: Math.min(1, row.hitAt10 * (k / 10) ** 0.25) })),
				randomHits: [1, 5, 10, 20, 30, 50].map((k) => ({ k, value: 1 - (1 - 25 / 500) ** k })),
				meanMinRank: row.minRank,
				medianMinRank: Math.round(row.minRank * 0.7),
				queries: page,
				ranks: queries.map(({ rank }) => rank),
			},
		],
	};
}
