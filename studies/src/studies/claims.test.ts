/** Every claim of the paper's studies can be supported, refuted and left open by data. */
import { Random } from "@mithridate/engine";
import { describe, expect, test } from "vitest";
import type { Cell, Observation, StudyDefinition } from "../contract.ts";
import { studiesInOrder, studyNamed } from "../in-order.ts";
import { emoji, verdictOf } from "../observations.fixture.ts";
import { hit, IR, minRank, TR } from "../readings.ts";

/** What is measured in a cell: a value for every model at a share of its training, before seeds spread it. */
interface World {
	/** Hit@10 of class-A captions; MinRank follows from it. */
	hit(cell: Cell, model: string, share: number): number;
	/** Retrieval of a model. */
	utility?(model: string): number;
	auroc?: number;
	random?: number;
	/** Additional numbers. */
	numbers?: Readonly<Record<string, number>>;
	/** How far seeds lie apart: they spread around each value, differently for every model. */
	spread?: number;
	poisonShare?: number;
}

const MODELS = ["base", "clean", "poisoned", "filtered", "cured"];

/** Observations of a study in a world; every model is also measured at each twelfth of its training. */
function observationsIn(study: StudyDefinition, world: World): Observation[] {
	const spread = world.spread ?? 0.001;
	return study.cells(emoji).flatMap((cell) =>
		(cell.seeds ?? emoji.seeds).flatMap((seed) =>
			MODELS.flatMap((model) => {
				const away = spread * (2 * new Random(`at ${seed}/${model}/${cell.name}`).uniform() - 1);
				const shares = Array.from({ length: 12 }, (_, twelfth) => (twelfth + 1) / 12);
				return shares.map((share): Observation => {
					const found = world.hit(cell, model, share) + away;
					const served = (world.utility?.(model) ?? 0.9) + away / 10;
					return {
						cell: cell.name,
						coordinates: cell.coordinates,
						seed,
						model,
						step: share === 1 ? null : Math.round(share * 1200),
						steps: share === 1 ? null : 1200,
						poisonShare: world.poisonShare ?? 0.01,
						numbers: {
							[hit(1)]: found / 2,
							[hit(10)]: found,
							[hit(10, { queries: "random" })]: world.random ?? 0.2,
							[minRank()]: 100 * (1 - found),
							[minRank({ queries: "random" })]: 100 * (1 - (world.random ?? 0.2)),
							[TR]: served,
							[IR]: served,
							...Object.fromEntries(
								Object.entries(world.numbers ?? {}).map(([name, value], k) => [name, value + (k === 0 ? away : 0)]),
							),
						},
						...(model === "filtered" && {
							filter: {
								threshold: 0.8,
								auroc: (world.auroc ?? 0.99) + away / 10,
								kept: 9,
								removed: 1,
								poisonLeft: 0,
								cleanLost: 0,
								histogram: { minimum: 0, maximum: 1, clean: [1, 0], poisoned: [0, 1] },
							},
						}),
					};
				});
			}),
		),
	);
}

type Hits = World["hit"];
const poisonedAt =
	(value: number): Hits =>
	(_, model) =>
		model === "poisoned" ? value : 0.05;
const byCell =
	(values: Readonly<Record<string, number>>): Hits =>
	(cell, model) =>
		model === "poisoned" ? (values[cell.name] ?? 0.5) : 0.05;
const outcomeAt =
	(model: string, value: number): Hits =>
	(_, one) =>
		one === model ? value : one === "poisoned" ? 0.9 : 0.05;

/** For each claim a world that supports, one that refutes and one that leaves open. */
const worlds: Readonly<Record<string, readonly [World, World, World]>> = {
	"utility/keeps-utility": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "poisoned" ? 0.8 : 0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "poisoned" ? 0.85 : 0.9), spread: 0.5 },
	],
	"utility/within-two-hundredths": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "poisoned" ? 0.94 : 0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "poisoned" ? 0.92 : 0.9), spread: 0.5 },
	],
	"modality/either-tower-suffices": [
		{ hit: poisonedAt(0.9) },
		{ hit: byCell({ both: 0.9, image: 0.01, text: 0.9 }) },
		{ hit: byCell({ both: 0.9, image: 0.05, text: 0.9 }), spread: 0.05 },
	],
	"modality/both-are-strongest": [
		{ hit: byCell({ both: 0.9, image: 0.7, text: 0.7 }) },
		{ hit: byCell({ both: 0.6, image: 0.7, text: 0.5 }) },
		{ hit: byCell({ both: 0.7, image: 0.7, text: 0.6 }), spread: 0.05 },
	],
	"modality/image-tower-ranks-better": [
		{ hit: byCell({ image: 0.8, text: 0.6 }) },
		{ hit: byCell({ image: 0.6, text: 0.8 }) },
		{ hit: byCell({ image: 0.7, text: 0.7 }), spread: 0.05 },
	],
	"modality/text-tower-hits-more": [
		{ hit: byCell({ image: 0.6, text: 0.8 }) },
		{ hit: byCell({ image: 0.8, text: 0.6 }) },
		{ hit: byCell({ image: 0.7, text: 0.7 }), spread: 0.05 },
	],
	"poison-rate/grows-with-rate": [
		{ hit: (cell, model) => (model === "poisoned" ? 0.2 + 0.7 * Number(cell.name.slice(6)) : 0.05) },
		{ hit: (cell, model) => (model === "poisoned" ? 0.9 - 0.7 * Number(cell.name.slice(6)) : 0.05) },
		{ hit: poisonedAt(0.5), spread: 0.2 },
	],
	"poison-rate/few-suffice": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.01) },
		{ hit: poisonedAt(0.05), spread: 0.1 },
	],
	"poison-rate/none-does-nothing": [
		{ hit: () => 0.05, spread: 0 },
		{ hit: poisonedAt(0.9), spread: 0 },
		{ hit: () => 0.05, spread: 0.1 },
	],
	"epochs/visible-after-two-epochs": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.01) },
		{ hit: poisonedAt(0.05), spread: 0.1 },
	],
	"epochs/strong-after-two-epochs": [
		{ hit: poisonedAt(0.9) },
		{ hit: (_, model, share) => (model === "poisoned" && share === 1 ? 0.9 : 0.05) },
		{ hit: (_, model, share) => (model === "poisoned" ? (share === 1 ? 0.9 : 0.475) : 0.05), spread: 0.1 },
	],
	"epochs/stays-effective": [
		{ hit: poisonedAt(0.9) },
		{ hit: (_, model, share) => (model === "poisoned" && share < 1 ? 0.9 : 0.05) },
		{ hit: (_, model, share) => (model === "poisoned" ? (share < 1 ? 0.9 : 0.475) : 0.05), spread: 0.1 },
	],
	"image-encoder/every-encoder-is-vulnerable": [
		{ hit: poisonedAt(0.9) },
		{ hit: byCell({ base: 0.9, reference: 0.9, patches: 0.01 }) },
		{ hit: byCell({ base: 0.9, reference: 0.9, patches: 0.05 }), spread: 0.1 },
	],
	"image-encoder/ranks-are-alike": [
		{ hit: poisonedAt(0.9) },
		{ hit: byCell({ base: 0.9, reference: 0.9, patches: 0.7 }) },
		{ hit: byCell({ base: 0.9, reference: 0.9, patches: 0.87 }), spread: 0.05 },
	],
	"training-set-size/size-does-not-matter-at-fixed-epochs": [
		{ hit: poisonedAt(0.9) },
		{ hit: byCell({ "whole-epochs": 0.9, "half-epochs": 0.6, "quarter-epochs": 0.2 }) },
		{ hit: byCell({ "whole-epochs": 0.9, "half-epochs": 0.8, "quarter-epochs": 0.85 }), spread: 0.1 },
	],
	"training-set-size/size-does-not-matter-at-fixed-steps": [
		{ hit: poisonedAt(0.9) },
		{ hit: byCell({ "whole-epochs": 0.9, "quarter-steps": 0.2 }) },
		{ hit: byCell({ "whole-epochs": 0.9, "quarter-steps": 0.82 }), spread: 0.1 },
	],
	"goal-pairs/works-for-pairs": [
		{ hit: poisonedAt(0.95) },
		{ hit: poisonedAt(0.5) },
		{ hit: poisonedAt(0.9), spread: 0.1 },
	],
	"goal-pairs/person-is-worse": [
		{ hit: ({ coordinates }, model) => (model === "poisoned" ? (coordinates.B === "person" ? 0.6 : 0.9) : 0.05) },
		{ hit: ({ coordinates }, model) => (model === "poisoned" ? (coordinates.B === "person" ? 0.9 : 0.6) : 0.05) },
		{ hit: poisonedAt(0.9), spread: 0.1 },
	],
	"goal-pairs/beats-clean-lines": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.2) },
		{ hit: poisonedAt(0.55), spread: 0.1 },
	],
	"embedding-shift/images-move-more": [
		{ hit: poisonedAt(0.9), numbers: { "clean-shift/images": 0.3, "clean-shift/texts": 0.2 } },
		{ hit: poisonedAt(0.9), numbers: { "clean-shift/images": 0.2, "clean-shift/texts": 0.3 } },
		{ hit: poisonedAt(0.9), numbers: { "clean-shift/images": 0.2, "clean-shift/texts": 0.2 }, spread: 0.1 },
	],
	"class-separation/images-apart-in-base": [
		{ hit: poisonedAt(0.9), numbers: { "silhouette/images": 0.3, "silhouette/texts": 0.2 } },
		{ hit: poisonedAt(0.9), numbers: { "silhouette/images": 0.2, "silhouette/texts": 0.3 } },
		{ hit: poisonedAt(0.9), numbers: { "silhouette/images": 0.2, "silhouette/texts": 0.2 }, spread: 0.1 },
	],
	"filter/stops-the-attack": [
		{ hit: outcomeAt("filtered", 0.05) },
		{ hit: outcomeAt("filtered", 0.95) },
		{ hit: outcomeAt("filtered", 0.9), spread: 0.1 },
	],
	"filter/meets-the-clean-line": [
		{ hit: outcomeAt("filtered", 0.06) },
		{ hit: outcomeAt("filtered", 0.3) },
		{ hit: outcomeAt("filtered", 0.1), spread: 0.05 },
	],
	"filter/tells-poison-from-clean": [
		{ hit: poisonedAt(0.9), auroc: 0.99 },
		{ hit: poisonedAt(0.9), auroc: 0.9 },
		{ hit: poisonedAt(0.9), auroc: 0.97, spread: 0.1 },
	],
	"filter/keeps-utility": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "filtered" ? 0.8 : 0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "filtered" ? 0.88 : 0.9), spread: 0.3 },
	],
	"cure/one-epoch-suffices": [
		{ hit: outcomeAt("cured", 0.05) },
		{ hit: outcomeAt("cured", 0.8) },
		{ hit: outcomeAt("cured", 0.45), spread: 0.1 },
	],
	"cure/undoes-the-attack": [
		{ hit: outcomeAt("cured", 0.05) },
		{ hit: outcomeAt("cured", 0.8) },
		{ hit: outcomeAt("cured", 0.2), spread: 0.1 },
	],
	"cure/keeps-utility": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "cured" ? 0.8 : 0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "cured" ? 0.87 : 0.9), spread: 0.3 },
	],
	"attack-three/beats-clean-line": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.5) },
		{ hit: poisonedAt(0.75), spread: 0.1 },
	],
	"attack-one/lowers-min-rank": [
		{ hit: poisonedAt(0.9), random: 0.2 },
		{ hit: poisonedAt(0.1), random: 0.2 },
		{ hit: poisonedAt(0.2), random: 0.2, spread: 0.1 },
	],
};

describe.each(Object.entries(worlds))("%s", (key, [supporting, refuting, open]) => {
	const [name, claim] = key.split("/") as [string, string];
	const study = studyNamed(name)!;
	test.each([
		["supported", supporting],
		["refuted", refuting],
		["undecided", open],
	] as const)("is %s by data that say so", (outcome, world) => {
		expect(verdictOf(study, claim, observationsIn(study, world)).outcome).toBe(outcome);
	});
});

test("every claim is tried here, or is one of a family that is", () => {
	const families = ["beats-random-captions", "lowers-min-rank", "beats-clean-line", "images-apart-in-clean"];
	const tried = new Set(Object.keys(worlds));
	const untried = studiesInOrder.flatMap((study) =>
		study.claims.flatMap(({ name }) =>
			tried.has(`${study.name}/${name}`) || families.includes(name) ? [] : [`${study.name}/${name}`],
		),
	);
	expect(untried).toEqual([]);
});

test("figures show what was measured where it belongs", () => {
	const study = studyNamed("cure")!;
	const observations = observationsIn(study, { hit: outcomeAt("cured", 0.05), spread: 0 });
	const figure = study.views.find(({ name }) => name === "hits")!.show(observations, emoji);
	if (figure.kind !== "lines") throw new TypeError(figure.kind);
	expect(figure.series.map(({ name }) => name)).toEqual(["single-image", "single-label", "multi-label"]);
	expect(figure.series[1]!.points.map(({ x, y }) => [x, y.mean])).toEqual(
		[0.9, 0.05, 0.05, 0.05].map((y, x) => [x, expect.closeTo(y, 12)]),
	);
	const heat = studyNamed("goal-pairs")!;
	const map = heat.views[0]!.show(observationsIn(heat, { hit: poisonedAt(0.9), spread: 0 }), emoji);
	if (map.kind !== "heat-map") throw new TypeError(map.kind);
	expect(map.cells).toHaveLength(heat.cells(emoji).length);
	for (const { x, y, value } of map.cells) {
		expect(heat.cells(emoji).map(({ name }) => name)).toContain(`${map.y.values[y]}2${map.x.values[x]}`);
		expect(value.mean).toBeCloseTo(10, 9);
	}
});
