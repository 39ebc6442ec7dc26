/** Every claim of the studies beyond the paper can be supported, refuted and left open by data. */
import { expect, test } from "vitest";
import type { Cell } from "../contract.ts";
import { studiesInOrder } from "../in-order.ts";
import { byCell, outcomeAt, poisonedAt, tryClaims, type World, type Worlds } from "./worlds.fixture.ts";

/** A backdoor's success by model, .05 where it is not said. */
function success(rates: Readonly<Record<string, number>>, spread = 0.001): World {
	return { hit: poisonedAt(0.9), numbers: (model) => ({ "backdoor/success": rates[model] ?? 0.05 }), spread };
}

/** The z-score of the poisoned model, 1 for the others. */
function gathered(poisoned: number): World {
	return { hit: poisonedAt(0.9), numbers: (model) => ({ "backdoor/z-score": model === "poisoned" ? poisoned : 1 }) };
}

/** A backdoor's success by cell: under the whole patch, and under one half as wide. */
function grown(whole: number, half: number): World {
	const numbers = (_: string, { name }: Cell) => ({ "backdoor/success": name === "half-patch" ? half : whole });
	return { hit: poisonedAt(0.9), numbers };
}

const worlds: Worlds = {
	"filter-sweep/matched-poison-hides": [
		{ hit: poisonedAt(0.9), auroc: ({ name }) => (name.startsWith("adaptive") ? 0.8 : 0.99) },
		{ hit: poisonedAt(0.9), auroc: ({ name }) => (name.startsWith("adaptive") ? 0.99 : 0.8) },
		{ hit: poisonedAt(0.9), spread: 0.1 },
	],
	"filter-sweep/matched-poison-works": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.01) },
		{ hit: poisonedAt(0.05), spread: 0.1 },
	],
	"filter-sweep/filter-still-holds": [
		{ hit: outcomeAt("filtered", 0.06) },
		{ hit: outcomeAt("filtered", 0.3) },
		{ hit: outcomeAt("filtered", 0.1), spread: 0.05 },
	],
	"target-selection/navigation-pays": [
		{ hit: byCell({ random: 0.4, concepts: 0.9 }) },
		{ hit: byCell({ random: 0.9, concepts: 0.4 }) },
		{ hit: byCell({ random: 0.6, concepts: 0.6 }), spread: 0.1 },
	],
	...Object.fromEntries(
		["k-distance", "slof", "dao"].map((kind) => [
			`outlier-scores/pair-distance-beats-${kind}`,
			[
				{ hit: poisonedAt(0.9), auroc: ({ name }: Cell) => (name.endsWith(`-${kind}`) ? 0.6 : 0.99) },
				{ hit: poisonedAt(0.9), auroc: ({ name }: Cell) => (name.endsWith("-pair-distance") ? 0.6 : 0.99) },
				{
					hit: poisonedAt(0.9),
					auroc: ({ name }: Cell) => (name.endsWith("-pair-distance") ? 0.91 : 0.9),
					spread: 0.2,
				},
			] satisfies [World, World, World],
		]),
	),
	...Object.fromEntries(
		["cleanclip", "roclip", "safeclip"].flatMap((outcome) => [
			[
				`other-defenses/${outcome}-lowers-the-attack`,
				[
					{ hit: outcomeAt(outcome, 0.05) },
					{ hit: outcomeAt(outcome, 0.8) },
					{ hit: outcomeAt(outcome, 0.2), spread: 0.1 },
				] satisfies [World, World, World],
			],
			[
				`other-defenses/${outcome}-keeps-utility`,
				[
					{ hit: poisonedAt(0.9) },
					{ hit: poisonedAt(0.9), utility: (model: string) => (model === outcome ? 0.8 : 0.9) },
					{ hit: poisonedAt(0.9), utility: (model: string) => (model === outcome ? 0.85 : 0.9), spread: 0.5 },
				] satisfies [World, World, World],
			],
		]),
	),
	"backdoor/opens-a-backdoor": [
		success({ poisoned: 0.9 }),
		success({ poisoned: 0.3 }),
		success({ poisoned: 0.55 }, 0.2),
	],
	"backdoor/filter-closes-it": [
		success({ poisoned: 0.9 }),
		success({ filtered: 0.3 }),
		success({ filtered: 0.1 }, 0.2),
	],
	"backdoor/grows-with-the-patch": [grown(0.9, 0.1), grown(0.1, 0.9), { ...grown(0.5, 0.5), spread: 0.2 }],
	"backdoor/gathers-stamped-images": [gathered(3), gathered(0.1), { ...gathered(1), spread: 0.5 }],
	"backdoor/keeps-utility": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "poisoned" ? 0.8 : 0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "poisoned" ? 0.88 : 0.9), spread: 0.3 },
	],
};

tryClaims(worlds);

test("every claim is tried here", () => {
	const claimed = studiesInOrder
		.filter(({ finding }) => finding === null)
		.flatMap((study) => study.claims.map(({ name }) => `${study.name}/${name}`));
	expect(claimed.sort()).toEqual(Object.keys(worlds).sort());
});
