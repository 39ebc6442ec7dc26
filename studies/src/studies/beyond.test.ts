/** Every claim of the studies beyond the paper can be supported, refuted and left open by data. */
import { expect, test } from "vitest";
import type { Cell } from "../contract.ts";
import { studiesInOrder } from "../in-order.ts";
import { byCell, outcomeAt, poisonedAt, tryClaims, type World, type Worlds } from "./worlds.fixture.ts";

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
	"other-defenses/cleanclip-lowers-the-attack": [
		{ hit: outcomeAt("cleanclip", 0.05) },
		{ hit: outcomeAt("cleanclip", 0.8) },
		{ hit: outcomeAt("cleanclip", 0.2), spread: 0.1 },
	],
	"other-defenses/cleanclip-keeps-utility": [
		{ hit: poisonedAt(0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "cleanclip" ? 0.8 : 0.9) },
		{ hit: poisonedAt(0.9), utility: (model) => (model === "cleanclip" ? 0.85 : 0.9), spread: 0.3 },
	],
};

tryClaims(worlds);

test("every claim is tried here", () => {
	const claimed = studiesInOrder
		.filter(({ finding }) => finding === null)
		.flatMap((study) => study.claims.map(({ name }) => `${study.name}/${name}`));
	expect(claimed.sort()).toEqual(Object.keys(worlds).sort());
});
