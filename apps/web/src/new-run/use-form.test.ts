import { expect, it } from "vitest";
import { readForm, writeForm } from "./use-form.ts";

it("reads back from an address what it wrote there", () => {
	const form = {
		dataset: "a".repeat(64),
		attack: "multiLabel",
		defenses: [],
		seeds: "1, 2",
		name: "a & b",
		values: { "multiLabel.goals": "sheep>aeroplane,sofa>bird", "training.epochs": "3" },
	};
	expect(readForm(writeForm(form), { dataset: "", attack: "singleLabel", defenses: ["cure"] })).toEqual(form);
});
