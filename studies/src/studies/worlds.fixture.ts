/** Worlds: what a study could measure, from which tests make observations. */
import { Random } from "@mithridate/engine";
import { describe, expect, test } from "vitest";
import type { Cell, Observation, StudyDefinition } from "../contract.ts";
import { studyNamed } from "../in-order.ts";
import { emoji, verdictOf } from "../observations.fixture.ts";
import { hit, IR, minRank, TR } from "../readings.ts";

/** What is measured in a cell: a value for every model at a share of its training, before seeds spread it. */
export interface World {
	/** Hit@10 of class-A captions; MinRank follows from it. */
	hit(cell: Cell, model: string, share: number): number;
	/** Retrieval of a model. */
	utility?(model: string): number;
	auroc?: number | ((cell: Cell) => number);
	random?: number;
	/** Additional numbers, the first of them spread over seeds. */
	numbers?: Readonly<Record<string, number>> | ((model: string, cell: Cell) => Readonly<Record<string, number>>);
	/** How far seeds lie apart: they spread around each value, differently for every model. */
	spread?: number;
	poisonShare?: number;
}

const MODELS = ["base", "clean", "poisoned", "filtered", "cured", "cleanclip", "roclip", "safeclip"];

/** Observations of a study in a world; every model is also measured at each twelfth of its training. */
export function observationsIn(study: StudyDefinition, world: World): Observation[] {
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
								Object.entries(
									typeof world.numbers === "function" ? world.numbers(model, cell) : (world.numbers ?? {}),
								).map(([name, value], k) => [name, value + (k === 0 ? away : 0)]),
							),
						},
						...(model === "filtered" && {
							filter: {
								threshold: 0.8,
								auroc: (typeof world.auroc === "function" ? world.auroc(cell) : (world.auroc ?? 0.99)) + away / 10,
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

export type Hits = World["hit"];
export const poisonedAt =
	(value: number): Hits =>
	(_, model) =>
		model === "poisoned" ? value : 0.05;
export const byCell =
	(values: Readonly<Record<string, number>>): Hits =>
	(cell, model) =>
		model === "poisoned" ? (values[cell.name] ?? 0.5) : 0.05;
export const outcomeAt =
	(model: string, value: number): Hits =>
	(_, one) =>
		one === model ? value : one === "poisoned" ? 0.9 : 0.05;

/** For each claim a world that supports it, one that refutes it and one that leaves it open. */
export type Worlds = Readonly<Record<string, readonly [World, World, World]>>;

/** Tries the claims, named study/claim, in their worlds. */
export function tryClaims(worlds: Worlds): void {
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
}
