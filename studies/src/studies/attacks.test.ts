import { describe, expect, test } from "vitest";
import { observeAll, verdictOf } from "../observations.fixture.ts";
import { hit, minRank } from "../readings.ts";
import { attackOne, attackTwo } from "./index.ts";

/** Observations whose poisoned model reaches `attack` for class-A captions and `random` for random ones. */
const found = (attack: number, random: number, poisonShare = 0.01) =>
	observeAll(attackTwo, ["base", "clean", "poisoned"], (_, model, seed) => ({
		poisonShare,
		numbers: {
			[hit(10)]: (model === "poisoned" ? attack : 0.05) + seed / 1000,
			[hit(10, { queries: "random" })]: random,
			[minRank()]: 3 - seed / 10,
			[minRank({ queries: "random" })]: 40,
		},
	}));

describe("an attack's study", () => {
	test("supports, refutes and leaves open that the attack beats random captions", () => {
		expect(verdictOf(attackTwo, "beats-random-captions", found(0.9, 0.2)).outcome).toBe("supported");
		expect(verdictOf(attackTwo, "beats-random-captions", found(0.1, 0.2)).outcome).toBe("refuted");
		expect(verdictOf(attackTwo, "beats-random-captions", found(0.198, 0.2)).outcome).toBe("undecided");
	});

	test("holds the gap to the clean line against .7, and the poisoned share against 1 %", () => {
		const verdict = verdictOf(attackTwo, "beats-clean-line", found(0.9, 0.2));
		expect(verdict.outcome).toBe("supported");
		expect(verdict.effect?.mean).toBeCloseTo(0.85, 12);
		expect(verdict.effect?.n).toBe(3);
		expect(verdictOf(attackTwo, "beats-clean-line", found(0.7, 0.2)).outcome).toBe("refuted");
		expect(verdictOf(attackTwo, "beats-clean-line", found(0.9, 0.2, 0.011)).outcome).toBe("refuted");
	});

	test("pairs over seeds: a seed that lacks one of the two models does not count", () => {
		const observations = found(0.9, 0.2).filter(({ model, seed }) => !(model === "clean" && seed === 3));
		expect(verdictOf(attackTwo, "beats-clean-line", observations).effect?.n).toBe(2);
	});

	test("compares mean ranks", () => {
		expect(verdictOf(attackTwo, "lowers-min-rank", found(0.9, 0.2)).effect?.mean).toBeCloseTo(37.2, 12);
	});

	test("shows the attack beside its three reference lines and the paper's numbers", () => {
		const figure = attackTwo.views[0]!.show(found(0.9, 0.2), { dataset: "emoji-pascal", seeds: [1], scale: "sampled" });
		if (figure.kind !== "table") throw new TypeError(figure.kind);
		expect(figure.rows.map(({ name }) => name)).toEqual(["attack", "clean", "base", "random"]);
		const at = figure.columns.findIndex(({ name }) => name === "hit@10");
		const [attack, clean, , random] = figure.rows.map(({ values }) => values[at]!);
		expect(attack?.measured?.mean).toBeCloseTo(0.902, 12);
		expect(attack?.published).toEqual({ "flickr-pascal": 0.936, coco: 0.516 });
		expect(clean?.measured?.mean).toBeCloseTo(0.052, 12);
		expect(clean?.published).toEqual({});
		expect(random?.measured?.mean).toBeCloseTo(0.2, 12);
		expect(random?.published).toEqual({ "flickr-pascal": 0.2, coco: 0.116 });
		expect(figure.rows[2]?.values[0]?.measured).toBeNull();
	});

	test("of one image aims at one, of a label at all of a class", () => {
		const [cell] = attackOne.cells({ dataset: "coco", seeds: [42], scale: "whole" });
		expect(cell?.config.attack).toMatchObject({
			name: "singleImage",
			params: { amount: { kind: "count", count: 284 } },
		});
	});
});
