import { describe, expect, test } from "vitest";
import { configDiff } from "./config-diff.ts";

describe("configuration diff", () => {
	test("names only the leaves that differ, and null where one has none", () => {
		const one = { attack: { name: "a", params: { rate: 0.01 } }, defenses: [{ name: "filter" }], seeds: [1] };
		const two = { attack: { name: "a", params: { rate: 0.02 } }, defenses: [], seeds: [1] };
		expect(configDiff([one, two])).toEqual([
			{ path: "attack.params.rate", values: ["0.01", "0.02"] },
			{ path: "defenses.0.name", values: ['"filter"', null] },
			{ path: "defenses", values: [null, "[]"] },
		]);
	});

	test("finds nothing between equal configurations", () => {
		expect(configDiff([{ seeds: [1, 2] }, { seeds: [1, 2] }])).toEqual([]);
	});
});
