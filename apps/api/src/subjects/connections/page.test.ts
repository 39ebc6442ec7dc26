import { describe, expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { pageRequest } from "./page.ts";

describe("cursors", () => {
	test.each([
		{ value: 7 },
		{ value: "a name", id: "0198" },
		{ value: null, id: "0198" },
		{ value: new Date(1_700_000_000_123), id: "0198" },
	])("carry the key %j", (key) => {
		expect(decodeCursor("runs:NUMBER:DESC", encodeCursor("runs:NUMBER:DESC", key))).toEqual(key);
	});

	const cursor = encodeCursor("runs:NUMBER:DESC", { value: 7 });
	test.each([
		["another order", "runs:NUMBER:ASC", cursor],
		["another list", "studies:NAME:ASC", cursor],
		[
			"a changed key",
			"runs:NUMBER:DESC",
			Buffer.concat([Buffer.from(cursor, "base64url").subarray(0, 6), Buffer.from('["plain",8]')]).toString(
				"base64url",
			),
		],
		["nonsense", "runs:NUMBER:DESC", "nonsense"],
		["nothing", "runs:NUMBER:DESC", ""],
	])("are refused under %s", (_, order, given) => {
		expect(() => decodeCursor(order, given)).toThrow(expect.objectContaining({ code: "INVALID_CURSOR" }));
	});
});

describe("page arguments", () => {
	test("ask for twenty rows from the beginning where nothing is said", () => {
		expect(pageRequest("runs", {})).toEqual({ first: 20, after: undefined });
	});

	test.each([
		{ first: 0 },
		{ first: 101 },
		{ last: -1 },
		{ first: 5, last: 5 },
		{ first: 5, before: "x" },
		{ last: 5, after: "x" },
	])("%j are refused", (args) => {
		expect(() => pageRequest("runs", args)).toThrow(expect.objectContaining({ code: "BAD_USER_INPUT" }));
	});
});
