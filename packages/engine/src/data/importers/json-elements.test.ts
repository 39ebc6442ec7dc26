import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderOf } from "../dataset.fixture.ts";
import { jsonElements } from "./json-elements.ts";

async function elements(text: string, keys?: readonly string[]) {
	const path = await folderOf({ "a.json": text });
	const found: unknown[] = [];
	for await (const { key, row, value } of jsonElements(join(path, "a.json"), "a.json", keys))
		found.push([key, row, value]);
	return found;
}

describe("elements of a JSON file", () => {
	it("are those of a list, whatever they are", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.jsonValue()), fc.nat(2), async (list, indent) => {
				const expected = (JSON.parse(JSON.stringify(list)) as unknown[]).map((value, at) => [null, at + 1, value]);
				expect(await elements(JSON.stringify(list, null, indent))).toEqual(expected);
			}),
			{ numRuns: 60 },
		);
	});

	it("are those of the lists that are fields of an object, in order and with their names", async () => {
		const file = {
			info: { year: 2014, "a]": "[1, 2" },
			images: [{ id: 1 }, { id: 2, s: [[1.5, 2]] }],
			n: 3,
			e: [],
			licences: ["a,b", 'c"]'],
		};
		for (const indent of [0, 2])
			expect(await elements(JSON.stringify(file, null, indent))).toEqual([
				["images", 1, { id: 1 }],
				["images", 2, { id: 2, s: [[1.5, 2]] }],
				["licences", 1, "a,b"],
				["licences", 2, 'c"]'],
			]);
		expect(await elements(JSON.stringify(file), ["licences"])).toHaveLength(2);
	});

	it("stay whole where the file is read in pieces", async () => {
		const list = Array.from({ length: 3000 }, (_, at) => ({ at, text: `"{[${"x".repeat(at % 900)}]}\\` }));
		expect(await elements(JSON.stringify(list))).toEqual(list.map((value, at) => [null, at + 1, value]));
	});

	it.each([
		["nothing", ""],
		["half a list", '[{"a": 1}, {"b"'],
		["a word", "null"],
		["two lists", "[1][2]"],
		["a bracket too many", "[1]]"],
		["a value that is none", "[1, {a: 2}]"],
		["UTF-16", "\ufeff[\0"],
	])("are refused by file and place when it holds %s", async (_, text) => {
		await expect(elements(text)).rejects.toMatchObject({
			code: "invalid-data",
			message: expect.stringContaining("a.json"),
		});
	});
});
