/** The laws of defenses: every entry of the registry obeys them, run with a stub for the encoder and for training. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { drain, lookupEncoder } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import type { Defense, DefenseInput, Encoder, FilterReport, Sample, TrainOverrides } from "../types.ts";
import * as registry from "./index.ts";

/** A model that only remembers how it was made. */
interface StubModel extends Encoder {
	readonly history: readonly { readonly samples: readonly Sample[]; readonly overrides: TrainOverrides }[];
	readonly origin: string;
}

// An image points along the first axis, turned by the angle that its row stands for; a caption holds its own angle.
const turned = (angle: number) => [Math.cos(angle), Math.sin(angle)];
const encoder = lookupEncoder(
	(row) => turned(row / 1000),
	(caption) => turned(Number(caption)),
);
const stub = (origin: string, history: StubModel["history"] = []): StubModel => ({ ...encoder, origin, history });

/** A sample whose captions lie `angle` away from its image, give or take. */
function sampleAt(id: string, angle: number): Sample {
	return { id, image: 0, captions: [String(angle - 0.01), String(angle + 0.01)] };
}

// 194 clean pairs near 60 degrees and 6 poisoned ones near 100.
const random = new Random("pairs");
const clean = Array.from({ length: 194 }, (_, row) => sampleAt(`c${row}`, 1.05 + 0.05 * random.normal()));
const poison = Array.from({ length: 6 }, (_, row) => sampleAt(`p${row}`, 1.75 + 0.05 * random.normal()));
const pairs = random.shuffle([...clean, ...poison]);
const trusted = Array.from({ length: 100 }, (_, row) => sampleAt(`t${row}`, 1.05 + 0.05 * random.normal()));

function input(suspicious: readonly Sample[] = pairs): DefenseInput<StubModel> {
	return {
		start: stub("start"),
		victim: stub("victim"),
		reference: stub("reference"),
		pairs: suspicious,
		trusted,
		random: new Random(1),
		async *train(from, samples, overrides) {
			yield { type: "progress", stage: overrides.stage, done: 1, total: 1 };
			return { ...from, history: [...from.history, { samples, overrides }] };
		},
	};
}

async function defend(defense: Defense, params: unknown, suspicious?: readonly Sample[]) {
	const { events, result } = await drain(defense.defend(input(suspicious), params));
	const { origin, history } = result.model;
	return { events, filter: result.filter, origin, history };
}

/** What was trained on, apart from order: names and contents. */
function trainedOn(history: StubModel["history"]): string[][] {
	return history.map(({ samples }) => samples.map((sample) => `${sample.image} ${sample.captions.join(" ")}`).sort());
}

describe.each(Object.entries<Defense>(registry as unknown as Record<string, Defense>))("defense %s", (_, defense) => {
	const settings = [{}, defense.example].map((params) => defense.params.parse(params));

	test("has a valid example, defaults for everything, and parameters that survive JSON", () => {
		for (const params of settings) expect(defense.params.parse(JSON.parse(JSON.stringify(params)))).toEqual(params);
	});

	test("describes every field of its parameters to forms", () => {
		const schema = JSON.stringify(z.toJSONSchema(defense.params, { io: "input" }), (key, value) => {
			if (key !== "properties") return value;
			for (const [field, part] of Object.entries<{ description?: string }>(value))
				if (!part.description) throw new Error(`${field} has no description`);
			return value;
		});
		expect(schema).toContain("description");
	});

	test("is deterministic", async () => {
		for (const params of settings) expect(await defend(defense, params)).toEqual(await defend(defense, params));
	});

	test("trains once or more, from the start before training and from the victim after it", async () => {
		for (const params of settings) {
			const { origin, history, events } = await defend(defense, params);
			expect(history.length).toBeGreaterThan(0);
			expect(origin).toBe(defense.stage === "before-training" ? "start" : "victim");
			expect(events.length).toBeGreaterThan(0);
		}
	});

	test("knows neither names nor places: renamed and reordered pairs give the same decisions", async () => {
		for (const params of settings) {
			const renamed = pairs.map((sample, row) => ({ ...sample, id: `x${(row * 77) % pairs.length}` }));
			const moved = new Random(5).shuffle(renamed);
			const [plain, other] = [await defend(defense, params), await defend(defense, params, moved)];
			expect(trainedOn(other.history)).toEqual(trainedOn(plain.history));
			expect(other.filter?.threshold).toBe(plain.filter?.threshold);
		}
	});

	test("decides a pair by what the pair shows, not by whether it was poisoned", async () => {
		for (const params of settings) {
			const { filter } = await defend(defense, params);
			// The same pairs, with the truth exchanged: poisoned and clean samples trade names.
			const swapped = new Map([
				...poison.map((one, at) => [one.id, `c${at}`] as const),
				...poison.map((one, at) => [`c${at}`, one.id] as const),
			]);
			const traded = pairs.map((sample) => ({ ...sample, id: swapped.get(sample.id) ?? sample.id }));
			const { filter: after } = await defend(defense, params, traded);
			expect(decisions(after, traded)).toEqual(decisions(filter, pairs));
		}
	});

	test("does not change what it is given", async () => {
		const before = structuredClone(pairs);
		for (const params of settings) await defend(defense, params);
		expect(pairs).toEqual(before);
	});

	test("reports one score a pair and keeps exactly those at or below its threshold", async () => {
		for (const params of settings) {
			const { filter, history } = await defend(defense, params);
			if (filter === undefined) continue;
			expect(filter.scores.length).toBe(pairs.length);
			const below = pairs.filter((_, pair) => (filter.scores[pair] as number) <= filter.threshold);
			expect(new Set(below.map((sample) => sample.id))).toEqual(filter.kept);
			expect(history.at(-1)?.samples).toEqual(below);
		}
	});
});

function decisions(filter: FilterReport | undefined, samples: readonly Sample[]): boolean[] | undefined {
	return filter && samples.map((sample) => filter.kept.has(sample.id));
}
