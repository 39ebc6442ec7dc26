/** The laws of studies: every entry of the registry obeys them. */
import { parseExperiment } from "@mithridate/engine";
import { describe, expect, test } from "vitest";
import { DATASETS, type StudyDefinition, type StudySetting } from "../contract.ts";
import { studiesInOrder, studyNamed } from "../in-order.ts";
import { emoji, observeAll } from "../observations.fixture.ts";
import { planJobs } from "../run/jobs.ts";
import * as registry from "./index.ts";

const settings: readonly StudySetting[] = DATASETS.flatMap((dataset) =>
	(["sampled", "whole"] as const).map((scale) => ({ dataset, seeds: [1, 2], scale, folder: "data/real" })),
);

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe.each(Object.entries(registry))("study %s", (key, study: StudyDefinition) => {
	test("is named after its export and says what it asks, fixes and would be refuted by", () => {
		expect(study.name).toBe(kebab(key));
		for (const text of [study.title, study.source, study.question, study.fixed, study.refutedBy])
			expect(text.trim().length).toBeGreaterThan(4);
		expect(study.question.endsWith("?")).toBe(true);
		expect(study.claims.length).toBeGreaterThan(0);
		expect(study.views.length).toBeGreaterThan(0);
	});

	test.each(settings)("has valid cells with names and places of their own: $dataset, $scale", (setting) => {
		const cells = study.cells(setting);
		if (setting.dataset === "emoji-pascal") expect(cells.length).toBeGreaterThan(0);
		expect(new Set(cells.map(({ name }) => name)).size).toBe(cells.length);
		expect(new Set(cells.map(({ coordinates }) => JSON.stringify(coordinates))).size).toBe(cells.length);
		const axes = new Set(cells.map(({ coordinates }) => Object.keys(coordinates).join()));
		expect(axes.size).toBeLessThanOrEqual(1);
		for (const { config, seeds } of cells) {
			expect(config).not.toHaveProperty("seeds");
			expect(() => parseExperiment({ ...config, seeds: seeds ?? setting.seeds })).not.toThrow();
		}
	});

	test("trains no model of full size faster than the paper does, whatever the defense", () => {
		for (const setting of settings.filter(({ dataset }) => dataset !== "emoji-pascal"))
			for (const { config } of study.cells(setting)) {
				const { training, defenses } = parseExperiment({ ...config, seeds: [1] });
				const rates = defenses.map(({ params }) => ("learningRate" in params ? params.learningRate : 0));
				expect(Math.max(training.learningRate, ...rates)).toBeLessThanOrEqual(1e-5);
			}
	});

	test("names views, claims and published places once", () => {
		for (const names of [study.views.map(({ name }) => name), study.claims.map(({ name }) => name)])
			expect(new Set(names).size).toBe(names.length);
		const places = study.published.map(({ dataset, row, column }) => `${dataset} ${row} ${column}`);
		expect(new Set(places).size).toBe(places.length);
	});

	test("shows and judges no observations without failing", () => {
		for (const view of study.views) expect(view.show([], emoji)).toBeDefined();
		for (const claim of study.claims)
			expect(claim.test([], emoji)).toMatchObject({ outcome: "undecided", effect: null });
	});

	test("gives the same whatever the order of observations", () => {
		const observations = observeAll(study, ["base", "clean", "poisoned", "filtered", "cured"], (_, model, seed) => ({
			numbers: { "text-to-image/attack/hit@10": (seed + model.length) / 20, "image-to-text/r@10": seed / 10 },
		}));
		const backwards = observations.toReversed();
		const close = (value: unknown) =>
			JSON.parse(JSON.stringify(value, (_, one) => (typeof one === "number" ? Number(one.toFixed(9)) : one)));
		for (const view of study.views)
			expect(close(view.show(backwards, emoji))).toEqual(close(view.show(observations, emoji)));
		for (const claim of study.claims)
			expect(close(claim.test(backwards, emoji))).toEqual(close(claim.test(observations, emoji)));
	});

	test("shows every published number in one of its tables or bars", () => {
		const shown = study.views
			.map((view) => view.show([], emoji))
			.flatMap((figure) => (figure.kind === "table" ? figure.rows : figure.kind === "bars" ? figure.series : []))
			.flatMap(({ values }) => values.flatMap(({ published }) => Object.values(published)));
		for (const { row, column, value } of study.published) expect(shown, `${row}, ${column}`).toContain(value);
	});
});

test("cells of any studies that share a training agree on where it is measured", async () => {
	const identify = async () => ({ dataset: "d", start: "s", reference: "r" });
	const { jobs, cells } = await planJobs(Object.values(registry), emoji, identify);
	for (const { key } of jobs) {
		const asked = cells.filter((one) => one.key === key).map(({ cell }) => cell.config.evaluation?.probes ?? 0);
		expect(new Set(asked.filter((probes) => probes > 0)).size).toBeLessThanOrEqual(1);
	}
	// Tables 2 to 5, both defenses and three figures share three trainings.
	expect(jobs.length).toBeLessThan(cells.length);
});

test("the studies that have an order are there", () => {
	expect(studiesInOrder.map(({ name }) => name)).toEqual(expect.arrayContaining(["utility", "cure"]));
	expect(studiesInOrder).toHaveLength(Object.keys(registry).length);
	expect(studiesInOrder[0]?.name).toBe("utility");
	expect(studyNamed("cure")?.title).toBeDefined();
	expect(studyNamed("none")).toBeUndefined();
});
