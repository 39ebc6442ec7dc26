/** Every claim of the paper's studies can be supported, refuted and left open by data. */
import { expect, test } from "vitest";
import { studiesInOrder, studyNamed } from "../in-order.ts";
import { emoji } from "../observations.fixture.ts";
import { byCell, observationsIn, outcomeAt, poisonedAt, tryClaims, type Worlds } from "./worlds.fixture.ts";

const worlds: Worlds = {
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
		{ hit: byCell({ "whole-epochs": 0.9, "half-epochs": 0.8, "quarter-epochs": 0.75 }), spread: 0.1 },
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

tryClaims(worlds);

test("every claim is tried here, or is one of a family that is", () => {
	const families = ["beats-random-captions", "lowers-min-rank", "beats-clean-line", "images-apart-in-clean"];
	const tried = new Set(Object.keys(worlds));
	const untried = studiesInOrder
		.filter(({ finding }) => finding !== null)
		.flatMap((study) =>
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
