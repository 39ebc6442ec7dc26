import { describe, expect, it } from "vitest";
import { parseViews, sameView, withoutPassing } from "./views.ts";

describe("a view of the run table", () => {
	it("is the same in whatever order its parts stand", () => {
		expect(sameView("status=FAILED,QUARANTINED&by=group", "by=group&status=FAILED%2CQUARANTINED")).toBe(true);
		expect(sameView("by=group", "")).toBe(false);
	});
	it("is kept without what is ticked", () => {
		expect(withoutPassing("sel=1,2&q=sheep")).toBe("q=sheep");
	});
	it("is read back, and anything else that lies there is passed over", () => {
		expect(parseViews(JSON.stringify([{ name: "a", search: "q=b" }, null, { name: 3 }]))).toEqual([
			{ name: "a", search: "q=b" },
		]);
		expect(["", "{", "{}", "null"].map(parseViews)).toEqual([[], [], [], []]);
	});
});
