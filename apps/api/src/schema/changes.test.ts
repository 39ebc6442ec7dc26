import { expect, test } from "vitest";
import { breakingChanges } from "./changes.ts";

const before = "type Query { run(number: Int): Run } type Run { name: String! seed: Int }";

test("a field that goes away or may become null breaks clients", () => {
	const after = "type Query { run(number: Int): Run } type Run { name: String }";
	expect(breakingChanges(before, after)).toEqual([
		"Run.seed was removed.",
		"Run.name changed type from String! to String.",
	]);
});

test("an argument that becomes required breaks clients", () => {
	expect(breakingChanges(before, before.replace("number: Int", "number: Int!"))).toHaveLength(1);
});

test("what is added breaks nobody", () => {
	expect(breakingChanges(before, before.replace("seed: Int", "seed: Int tags: [String!]"))).toEqual([]);
});
