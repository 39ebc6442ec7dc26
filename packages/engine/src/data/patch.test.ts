import { describe, expect, test } from "vitest";
import { applyEdits } from "./edits.ts";
import { imageAt } from "./image-at.ts";
import { stamp, stampedImages, stampedRow } from "./patch.ts";
import { resizeStore } from "./resize.ts";

const size = 8;
const images = { size, count: 3, pixels: Uint8Array.from({ length: 3 * size * size * 3 }, (_, at) => at % 200) };

describe("stamp", () => {
	test.each([
		["top-left", 0, 0],
		["top-right", 0, 6],
		["bottom-left", 6, 0],
		["bottom-right", 6, 6],
		["centre", 3, 3],
	] as const)("%s covers a square there and nothing else", (place, top, left) => {
		const before = imageAt(images, 1).slice();
		const after = stamp(imageAt(images, 1), size, { side: 0.25, place });
		for (let y = 0; y < size; y++)
			for (let x = 0; x < size; x++) {
				const at = (y * size + x) * 3;
				const inside = y >= top && y < top + 2 && x >= left && x < left + 2;
				const chequer = (y - top + x - left) % 2 === 0 ? [255, 0, 255] : [0, 255, 0];
				expect([...after.slice(at, at + 3)]).toEqual(inside ? chequer : [...before.slice(at, at + 3)]);
			}
		expect(imageAt(images, 1)).toEqual(before);
	});

	test("is never smaller than two pixels", () => {
		const after = stamp(imageAt(images, 0), size, { side: 0.01, place: "top-left" });
		expect([...after.slice(0, 6)]).toEqual([255, 0, 255, 0, 255, 0]);
	});
});

test("a store of stamped images holds every image plain and stamped, resized ones too", () => {
	const patch = { side: 0.5, place: "centre" } as const;
	const store = stampedImages(images, patch);
	expect(store.count).toBe(6);
	for (let row = 0; row < 3; row++) {
		expect(imageAt(store, row)).toEqual(imageAt(images, row));
		expect(imageAt(store, stampedRow(images, row))).toEqual(stamp(imageAt(images, row), size, patch));
	}
	const small = resizeStore(store, 4);
	expect(small.count).toBe(6);
	expect(imageAt(small, 4)).not.toEqual(imageAt(small, 1).slice());
});

test("edits name stamped images by their row in that store", () => {
	const split = { name: "train", samples: [{ id: "a", image: 0, captions: ["an a"] }], labels: ["a"] };
	const { samples } = applyEdits(split, images, [
		{ kind: "replace-image", sample: "a", before: 0, after: 2, isStamped: true },
		{ kind: "inject", sample: { id: "b", image: 1, captions: ["a b"] }, label: null, isStamped: true },
		{ kind: "inject", sample: { id: "c", image: 1, captions: ["a c"] }, label: null },
	]);
	expect(samples.map(({ image }) => image)).toEqual([5, 4, 1]);
});
