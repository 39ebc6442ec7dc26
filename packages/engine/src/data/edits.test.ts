import { describe, expect, it } from "vitest";
import { MithridateError } from "../errors.ts";
import type { Edit, Split } from "../types.ts";
import { applyEdits } from "./edits.ts";

const images = { size: 1, count: 5, pixels: new Uint8Array(15) };
const split: Split = {
	name: "train",
	samples: [0, 1, 2].map((image) => ({ id: `train/${image}`, image, captions: [`caption ${image}`] })),
	labels: ["sheep", null, "cat"],
};
const injected = { id: "train/new", image: 4, captions: ["a sheep"] };

function faultOf(edits: readonly Edit[]): MithridateError {
	try {
		applyEdits(split, images, edits);
	} catch (error) {
		if (error instanceof MithridateError) return error;
	}
	throw new Error("no fault was found");
}

describe("applyEdits", () => {
	it("replaces, drops and injects, and leaves the clean split alone", () => {
		const before = structuredClone(split);
		const after = applyEdits(split, images, [
			{ kind: "replace-image", sample: "train/0", before: 0, after: 3 },
			{ kind: "drop", sample: "train/1" },
			{ kind: "inject", sample: injected, label: null },
		]);
		expect(after.samples).toEqual([{ id: "train/0", image: 3, captions: ["caption 0"] }, split.samples[2], injected]);
		expect(after.labels).toEqual(["sheep", "cat", null]);
		expect(split).toEqual(before);
	});

	it("sees earlier edits in later ones", () => {
		const after = applyEdits(split, images, [
			{ kind: "replace-image", sample: "train/0", before: 0, after: 3 },
			{ kind: "replace-image", sample: "train/0", before: 3, after: 4 },
		]);
		expect(after.samples[0]!.image).toBe(4);
	});

	it.each<[string, Edit, RegExp]>([
		["an unknown sample", { kind: "drop", sample: "train/9" }, /no sample "train\/9"/],
		[
			"another image than expected",
			{ kind: "replace-image", sample: "train/0", before: 1, after: 2 },
			/shows image 0, not 1/,
		],
		[
			"an image outside the store",
			{ kind: "replace-image", sample: "train/0", before: 0, after: 5 },
			/row 5 does not exist/,
		],
		["an id twice", { kind: "inject", sample: { ...injected, id: "train/0" }, label: null }, /already in split/],
		["a sample without captions", { kind: "inject", sample: { ...injected, captions: [] }, label: null }, /no caption/],
	])("refuses %s and names the edit", (_, edit, message) => {
		const fault = faultOf([{ kind: "drop", sample: "train/2" }, edit]);
		expect(fault.message).toMatch(message);
		expect(fault).toMatchObject({ code: "invalid-data", subject: "edits.1" });
	});
});
