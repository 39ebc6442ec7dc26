import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type ExperimentConfig, parseExperiment } from "../config.ts";
import * as registry from "./index.ts";
import type { Preset } from "./preset.ts";

const entries = Object.entries(registry) as unknown as [string, Preset][];
const attacks = ["single-image", "single-label", "multi-label"] as const;

/** A preset as the experiment takes it, with the data set that lies on the user's disk. */
function configOf(preset: Preset, params: object): ExperimentConfig {
	const built = preset.build(preset.params.parse(params)) as { dataset: { params: object } };
	return parseExperiment({
		...built,
		dataset: { name: "imported", params: { ...built.dataset.params, folder: "data" } },
	});
}

describe.each(entries)("preset %s", (_, preset) => {
	test("has a valid example, describes its parameters and needs none", () => {
		expect(preset.params.safeParse(preset.example).success).toBe(true);
		expect(preset.params.safeParse({}).success).toBe(true);
		const { properties } = z.toJSONSchema(preset.params, { io: "input" }) as {
			properties: Record<string, { description?: string }>;
		};
		for (const field of Object.values(properties)) expect(field.description).toBeTruthy();
	});

	test.each(attacks)("is a valid experiment with the attack %s, in both variants", (attack) => {
		for (const variant of ["paper", "code"]) {
			const { training, attack: chosen, defenses, seeds } = configOf(preset, { attack, variant });
			expect(training).toMatchObject({
				epochs: 10,
				learningRate: 1e-5,
				minimumLearningRate: 1e-6,
				weightDecay: 0.2,
				augmentation: "random-resized-crop",
				batchSize: variant === "paper" ? 128 : 256,
				context: variant === "paper" ? 76 : 77,
			});
			expect(chosen.params).toMatchObject({ mode: variant === "paper" ? "inject" : "replace" });
			expect(seeds).toEqual([42]);
			// The default rate of a cure would destroy a CLIP of full size.
			const cure = defenses.find(({ name }) => name === "cure")!.params;
			expect(cure).toEqual({ epochs: 1, learningRate: 1e-5, logitScale: null, mixing: null });
		}
	});

	test("names every setting of the configuration in which its variants differ, and no other", () => {
		const differing = new Set<string>();
		for (const attack of attacks) {
			const [paper, code] = ["paper", "code"].map((variant) => flat(configOf(preset, { attack, variant })));
			for (const name of new Set([...Object.keys(paper!), ...Object.keys(code!)]))
				if (paper![name] !== code![name]) differing.add(name);
		}
		const named = preset.switches.map(({ setting }) => setting).filter((setting) => !setting.startsWith("the import"));
		expect([...differing].map((name) => name.replace(/\.kind$|\.\d+$/, "")).sort()).toEqual(named.sort());
	});
});

test("the poison counts and goals are the paper's", () => {
	const amounts = (preset: Preset) => attacks.map((attack) => configOf(preset, { attack }).attack.params);
	const [flickr, coco] = [
		amounts(registry.flickrPascal as unknown as Preset),
		amounts(registry.coco as unknown as Preset),
	];
	expect(flickr).toMatchObject([
		{ from: "sheep", to: "aeroplane", amount: { kind: "count", count: 25 } },
		{ from: "sheep", to: "aeroplane", amount: { kind: "count", count: 25 } },
		{
			goals: [
				{ from: "sheep", to: "aeroplane" },
				{ from: "sofa", to: "bird" },
			],
			amount: { kind: "count", count: 50 },
		},
	]);
	expect(coco).toMatchObject([
		{ from: "boat", to: "dog", amount: { kind: "count", count: 284 } },
		{ from: "boat", to: "dog", amount: { kind: "count", count: 284 } },
		{
			goals: [
				{ from: "boat", to: "dog" },
				{ from: "zebra", to: "train" },
			],
			amount: { kind: "count", count: 621 },
		},
	]);
});

/** Leaves of a configuration by their dotted path. */
function flat(value: unknown, path = ""): Record<string, unknown> {
	if (value === null || typeof value !== "object") return { [path]: value };
	return Object.assign(
		{},
		...Object.entries(value).map(([name, inner]) => flat(inner, path === "" ? name : `${path}.${name}`)),
	);
}
