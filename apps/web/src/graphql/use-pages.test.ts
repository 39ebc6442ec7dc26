import { expect, it } from "vitest";
import { merge } from "./use-pages.ts";

it("puts new rows in front and newer ones in the place of their older selves", () => {
	const rows = [
		{ id: "2", status: "running" },
		{ id: "1", status: "done" },
	];
	const fresh = [
		{ id: "3", status: "queued" },
		{ id: "2", status: "done" },
	];
	expect(merge(fresh, rows, ({ id }) => id).map(({ id, status }) => `${id} ${status}`)).toEqual([
		"3 queued",
		"2 done",
		"1 done",
	]);
});
