import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { operationText, sandboxAddress } from "./operation.ts";

const document = parse(
	"query Pairs($hash: Sha256!, $split: SplitName!, $filter: PairFilter, $first: Int, $after: Cursor) { dataset(hash: $hash) { pairs(split: $split, filter: $filter, first: $first, after: $after) { totalCount } } }",
);

describe("an operation to run elsewhere", () => {
	it("carries its values as defaults, each as its type writes it", () => {
		const text = operationText({
			document,
			variables: { hash: "ABC", split: "TEST", filter: { class: "sheep", text: null }, first: 5 },
		});
		const [{ variableDefinitions = [] }] = parse(text).definitions as unknown as [
			{ variableDefinitions: { variable: { name: { value: string } }; defaultValue?: { kind: string } }[] },
		];
		expect(variableDefinitions.map((one) => [one.variable.name.value, one.defaultValue?.kind])).toEqual([
			["hash", "StringValue"],
			["split", "EnumValue"],
			["filter", "ObjectValue"],
			["first", "IntValue"],
			["after", undefined],
		]);
		expect(text).toContain('class: "sheep", text: null');
	});
	it("writes a list of an enum's names without quotes", () => {
		const list = parse("query Runs($filter: RunFilter) { runs(filter: $filter) { totalCount } }");
		expect(operationText({ document: list, variables: { filter: { status: ["FAILED"], text: "Bird" } } })).toMatch(
			/status: \[FAILED\], text: "Bird"/,
		);
	});
	it("opens with the variables beside it", () => {
		const address = new URL(sandboxAddress({ document, variables: { first: 5 } }), "http://localhost");
		expect(JSON.parse(address.searchParams.get("variables") ?? "")).toEqual({ first: 5 });
		expect(address.searchParams.get("query")).toContain("query Pairs");
	});
});
