import { expect, it } from "vitest";
import { delta } from "./columns.tsx";

it("tells a delta in points of a percentage or in ranks, and none without both numbers", () => {
	expect([
		delta(0.94, 0.9, "hitAt10"),
		delta(3, 8.25, "minRank"),
		delta(0.5, 0.5, "hitAt10"),
		delta(null, 1, "hitAt10"),
	]).toEqual(["+4.0", "−5.3", "±0", null]);
});
