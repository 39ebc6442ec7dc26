/** What the defenses that train in several steps do in each, on pairs whose distances are known. */
import { describe, expect, test } from "vitest";
import { drain, lookupEncoder } from "../evaluate.fixture.ts";
import { Random } from "../random.ts";
import type { DefenseInput, Encoder, Sample, TrainOverrides } from "../types.ts";
import { ramp } from "./epoch-rates.ts";
import { cleanClip, cure, roClip, safeClip } from "./index.ts";

interface Step {
	readonly samples: readonly Sample[];
	readonly overrides: TrainOverrides;
}

/** Images and captions at angles: image `row` stands at row / 100, a caption says its own angle. */
const turned = (angle: number) => [Math.cos(angle), Math.sin(angle)];
const encoder = lookupEncoder(
	(row) => turned(row / 100),
	(caption) => turned(Number(caption)),
);

async function run(
	defend: (input: DefenseInput<Encoder>) => AsyncGenerator<unknown, { filter?: unknown }>,
	pairs: readonly Sample[],
) {
	const steps: Step[] = [];
	const input: DefenseInput<Encoder> = {
		start: encoder,
		victim: encoder,
		reference: encoder,
		pairs,
		trusted: pairs,
		random: new Random(1),
		async *train(from, samples, overrides) {
			yield { type: "progress", stage: overrides.stage, done: 1, total: 1 };
			steps.push({ samples, overrides });
			return from;
		},
	};
	const { result } = await drain(defend(input));
	return { steps, result };
}

const noise = new Random("noise");
// 190 pairs near 1, ten near 2.2.
const pairs = Array.from({ length: 200 }, (_, row): Sample => {
	const angle = (row < 190 ? 1 : 2.2) + 0.03 * noise.normal();
	return { id: `s${row}`, image: 0, captions: [String(angle)] };
});
const ids = (samples: readonly Sample[]) => samples.map(({ id }) => id).sort();

describe("SafeCLIP", () => {
	const safe = (params: object) => run((input) => safeClip.defend(input, safeClip.params.parse(params)), pairs);

	test("warms up within modalities, matches once at a low rate, then splits each epoch into risky and safe", async () => {
		const { steps } = await safe({ mostSafe: 0.99 });
		expect(steps.map(({ overrides }) => overrides.stage)).toEqual([
			"safeclip-warmup",
			"safeclip-matching",
			"safeclip-1-risky",
			"safeclip-1-safe",
			"safeclip-2-risky",
			"safeclip",
		]);
		const inModal = { crossModal: 0, inModal: 1 };
		expect(steps.map(({ overrides }) => overrides.objective)).toEqual([
			inModal,
			undefined,
			inModal,
			undefined,
			inModal,
			undefined,
		]);
		expect(steps[1]!.overrides.learningRate).toBe(6.5e-6);
		expect(ids(steps[2]!.samples)).toEqual(ids(pairs.slice(190)));
		for (const at of [2, 4]) expect(ids([...steps[at]!.samples, ...steps[at + 1]!.samples])).toEqual(ids(pairs));
	});

	test("lets the safe share grow each epoch, and no further than its limit", async () => {
		const { steps } = await safe({ epochs: 4, growth: 0.02, mostSafe: 0.98 });
		const counts = steps
			.filter(({ overrides }) => /safe$|^safeclip$/.test(overrides.stage))
			.map((step) => step.samples.length);
		expect(counts).toEqual([190, 194, 196, 196]);
	});

	test("draws anew in each part", async () => {
		const { steps } = await safe({});
		const keys = steps.map(({ overrides }) => overrides.random?.key);
		expect(new Set(keys).size).toBe(4);
		expect(keys).not.toContain(undefined);
	});
});

describe("RoCLIP", () => {
	test("matches images with the nearest captions of the bank in every K-th epoch, the first among them", async () => {
		const shown = Array.from({ length: 20 }, (_, row): Sample => {
			// Every caption is another image's: the nearest one is 0.01 away, one's own 0.05.
			return { id: `s${row}`, image: row * 5, captions: [String(((row + 1) % 20) * 0.05 + 0.01)] };
		});
		const params = roClip.params.parse({ epochs: 3, every: 2, bank: 100 });
		const { steps } = await run((input) => roClip.defend(input, params), shown);
		expect(steps.map(({ overrides }) => overrides.stage)).toEqual(["roclip-1", "roclip-2", "roclip"]);
		expect(steps[1]!.samples).toEqual(shown);
		for (const at of [0, 2])
			for (const [row, { captions, image }] of steps[at]!.samples.entries()) {
				expect(image).toBe(shown[row]!.image);
				expect(captions).toEqual([String(row * 0.05 + 0.01)]);
			}
	});

	test("draws a bank of the size asked for", async () => {
		const params = roClip.params.parse({ epochs: 1, bank: 3 });
		const { steps } = await run((input) => roClip.defend(input, params), pairs);
		expect(new Set(steps[0]!.samples.flatMap(({ captions }) => captions)).size).toBeLessThanOrEqual(3);
	});
});

test("CleanCLIP asks for both terms with its weights, and for trusted pairs", async () => {
	const params = cleanClip.params.parse({ crossModal: 0.5, inModal: 2, epochs: 1 });
	const { steps } = await run((input) => cleanClip.defend(input, params), pairs);
	expect(steps).toEqual([
		{
			samples: pairs,
			overrides: { stage: "cleanclip", epochs: 1, learningRate: 2.5e-4, objective: { crossModal: 0.5, inModal: 2 } },
		},
	]);
	await expect(run((input) => cleanClip.defend({ ...input, trusted: [] }, params), pairs)).rejects.toMatchObject({
		subject: "trusted",
	});
});

test("the cure starts cool and mixes, or fine-tunes alone where null says so or an old configuration says nothing", async () => {
	const asked = async (params: object) => {
		const { steps } = await run((input) => cure.defend(input, params as never), pairs);
		return steps.map(({ overrides }) => overrides);
	};
	const usual = { stage: "cured", epochs: 3, learningRate: 6e-4 };
	expect(await asked(cure.params.parse({}))).toEqual([{ ...usual, logitScale: 8, mixing: 0.75 }]);
	expect(await asked(cure.params.parse({ logitScale: null, mixing: null }))).toEqual([usual]);
	expect(await asked({ epochs: 3, learningRate: 6e-4 })).toEqual([usual]);
});

test("epochs together make one cosine: each begins where the one before ended", () => {
	const rates = [0, 1, 2].map((epoch) => ramp(1e-3, epoch, 3));
	expect(rates[0]!.learningRate).toBe(1e-3);
	expect(rates[2]!.minimumLearningRate).toBeCloseTo(1e-4, 12);
	for (const epoch of [1, 2]) expect(rates[epoch]!.learningRate).toBe(rates[epoch - 1]!.minimumLearningRate);
});
