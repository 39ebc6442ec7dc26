import { expect, test } from "vitest";
import { adviceOn } from "./advice.ts";
import { parseExperiment } from "./config.ts";
import * as presets from "./presets/index.ts";

const start = "models/clip";
const on = (config: object) => adviceOn(parseExperiment(config));

test("nothing is said of the shipped checkpoints", () => {
	expect(on({})).toEqual([]);
	expect(on({ checkpoints: { start: "patches" } })).toEqual([]);
});

test("default rates on another checkpoint are named, with the one to give", () => {
	const [advice, ...others] = on({ checkpoints: { start }, defenses: [{ name: "filter" }, { name: "cleanClip" }] });
	expect(others).toEqual([]);
	expect(advice).toMatch(
		/^training\.learningRate is 0\.000065, learningRate of cleanClip is 0\.00025: .* models\/clip; .* 0\.00001,/,
	);
	expect(on({ checkpoints: { start }, training: { learningRate: 2e-5 }, defenses: [{ name: "cure" }] })).toEqual([
		expect.stringMatching(/^learningRate of cure is 0\.0006: /),
	]);
});

test("rates that were chosen are left alone, and so are the presets", () => {
	const cure = { name: "cure", params: { learningRate: 1e-5 } };
	expect(on({ checkpoints: { start }, training: { learningRate: 1e-5 }, defenses: [cure] })).toEqual([]);
	const { seeds: _, ...preset } = presets.coco.build({ variant: "paper", attack: "single-label" }) as {
		seeds: unknown;
	};
	expect(on({ ...preset, checkpoints: { start } })).toEqual([]);
});
