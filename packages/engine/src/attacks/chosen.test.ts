/** Attacks that choose by embeddings, against choices made by hand and by trying everything. */
import { describe, expect, test } from "vitest";
import { attackInput, CLASSES, syntheticDataset, unitRows } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import type { AttackInput, EmbeddedSamples } from "../types.ts";
import { adaptiveLabel, navigated } from "./index.ts";

const dataset = syntheticDataset();
const clean = attackInput(dataset);
const embedded = clean.trainEmbeddings as EmbeddedSamples;
const sampleOf = new Map(dataset.train.samples.map((sample, row) => [sample.id, row]));
const rowOfImage = new Map(dataset.train.samples.map(({ image }, row) => [image, row]));
const at = new Map(Array.from(embedded.rows, (row, place) => [row, place]));

const vector = ({ width, values }: EmbeddedSamples["images"], row: number) => [
	...values.slice(row * width, (row + 1) * width),
];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
const unit = (a: readonly number[]) => a.map((value) => value / Math.hypot(...a));
const meanOf = (rows: readonly number[][]) =>
	rows[0]!.map((_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length);
const captionsOf = (row: number) =>
	[...embedded.captionOf.keys()]
		.filter((caption) => embedded.captionOf[caption] === at.get(row))
		.map((caption) => vector(embedded.texts, caption));
const pictureOf = (row: number) => vector(embedded.images, at.get(row)!);
const members = (name: string) => [...dataset.train.labels.keys()].filter((row) => dataset.train.labels[row] === name);

const adaptive = (params: object, input: AttackInput = clean) =>
	adaptiveLabel.poison(input, adaptiveLabel.params.parse(params), new Random(3));
const navigate = (params: object, input: AttackInput = clean) =>
	navigated.poison(input, navigated.params.parse(params), new Random(3));
const replaced = ({ edits }: ReturnType<typeof adaptive>) =>
	edits.flatMap((edit) =>
		edit.kind === "replace-image" ? [[sampleOf.get(edit.sample)!, rowOfImage.get(edit.after)!] as const] : [],
	);

describe("adaptive label", () => {
	test("pairs every poisoned sample with the image of B of the highest mean cosine to its captions", () => {
		const pairs = replaced(adaptive({ amount: { kind: "class-share", classShare: 1 } }));
		expect(pairs).toHaveLength(10);
		for (const [row, partner] of pairs) {
			const likeness = (other: number) => meanOf(captionsOf(row).map((words) => [dot(words, pictureOf(other))]))[0]!;
			const best = members("aeroplane").reduce((a, b) => (likeness(b) > likeness(a) ? b : a));
			expect(partner).toBe(best);
		}
	});

	test("uses no image more often than allowed, unless there are too few", () => {
		const uses = (mostUses: number, input = clean) => {
			const pairs = replaced(adaptive({ mostUses, amount: { kind: "class-share", classShare: 1 } }, input));
			return Math.max(
				...Map.groupBy(pairs, ([, partner]) => partner)
					.values()
					.map((list) => list.length),
			);
		};
		expect(uses(1)).toBe(1);
		expect(uses(2)).toBe(2);
		// Only three aeroplanes are left for ten captions: four uses at the least.
		const few = Int32Array.from(embedded.rows.filter((row) => row >= 7));
		const keep = [...few].map((row) => at.get(row)!);
		const images = unitRows(keep.map((place) => vector(embedded.images, place)));
		const kept = [...embedded.captionOf.keys()].filter((caption) => keep.includes(embedded.captionOf[caption]!));
		const trainEmbeddings = {
			rows: few,
			images,
			texts: unitRows(kept.map((caption) => vector(embedded.texts, caption))),
			captionOf: Int32Array.from(kept, (caption) => keep.indexOf(embedded.captionOf[caption]!)),
			labels: keep.map((place) => embedded.labels[place]!),
		};
		expect(uses(1, { ...clean, trainEmbeddings })).toBe(4);
	});

	test("needs the embeddings it says it needs", () => {
		const { trainEmbeddings: _, ...without } = clean;
		expect(() => adaptive({}, without)).toThrow(expect.objectContaining({ code: "invalid-config" }));
		expect(adaptiveLabel.needsTrainEmbeddings).toBe(true);
	});
});

describe("navigated", () => {
	const centre = (name: string, of: (row: number) => number[]) => unit(meanOf(members(name).map(of)));
	const words = (row: number) => meanOf(captionsOf(row));
	const nearness = ([a, b]: readonly [string, string]) => dot(centre(a, words), centre(b, pictureOf));
	const goalOf = (params: object) => {
		const [goal] = navigate(params).goals;
		return [goal?.from, goal?.to];
	};

	test("takes the nearest of all pairs, or of those with a given class", () => {
		const pairs = CLASSES.flatMap((a) => CLASSES.filter((b) => b !== a).map((b) => [a, b] as const));
		const best = (list: readonly (readonly [string, string])[]) =>
			list.reduce((one, other) => (nearness(other) > nearness(one) ? other : one));
		expect(goalOf({})).toEqual(best(pairs));
		expect(goalOf({ from: "train" })).toEqual(best(pairs.filter(([a]) => a === "train")));
		expect(goalOf({ to: "bird" })).toEqual(best(pairs.filter(([, b]) => b === "bird")));
		expect(goalOf({ from: "sofa", to: "sheep" })).toEqual(["sofa", "sheep"]);
	});

	test("poisons the captions nearest to A's centre with the images nearest to B's, each once", () => {
		const pairs = replaced(navigate({ from: "sofa", to: "sheep", amount: { kind: "count", count: 4 } }));
		const first = (name: string, of: (row: number) => number[]) => {
			const middle = centre(name, of);
			return members(name)
				.sort((a, b) => dot(unit(of(b)), middle) - dot(unit(of(a)), middle))
				.slice(0, 4)
				.sort();
		};
		expect(pairs.map(([row]) => row).sort()).toEqual(first("sofa", words));
		expect(pairs.map(([, partner]) => partner).sort()).toEqual(first("sheep", pictureOf));
	});

	test("names a class that does not exist, or is given twice", () => {
		expect(() => navigate({ from: "unicorn" })).toThrow(expect.objectContaining({ subject: "from" }));
		expect(() => navigate({ to: "unicorn" })).toThrow(expect.objectContaining({ subject: "to" }));
		expect(() => navigate({ from: "sofa", to: "sofa" })).toThrow(expect.objectContaining({ subject: "to" }));
	});
});
