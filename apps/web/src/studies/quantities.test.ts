import { describe, expect, it } from "vitest";
import type { Measured } from "./figure-query.ts";
import { bestOf, tickOf, wishOf } from "./quantities.ts";

const measured = (mean: number | null): Measured => ({
	measured: mean === null ? null : { mean, low: null, high: null, n: 1 },
	published: [],
});

describe("the two sides of a figure", () => {
	it("wish the opposite of each other, and nothing where nobody cares", () => {
		expect([wishOf({ attackerWants: "HIGH" }, "ATTACKER"), wishOf({ attackerWants: "HIGH" }, "DEFENDER")]).toEqual([
			"HIGH",
			"LOW",
		]);
		expect(wishOf({ attackerWants: null }, "DEFENDER")).toBeNull();
	});
	it("like different rows best, and pass over what is not measured", () => {
		const values = [measured(null), measured(0.2), measured(0.9)];
		expect([bestOf(values, "HIGH"), bestOf(values, "LOW"), bestOf(values.slice(0, 2), "LOW")]).toEqual([2, 1, null]);
	});
	it("are read on axes without a decimal that is always nought", () => {
		expect([tickOf("SHARE")(0.5), tickOf("RANK")(3)]).toEqual(["50%", "3.0"]);
	});
});
