import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MithridateError } from "../errors.ts";
import { readSafetensors } from "../model/safetensors.ts";
import { resizeImage, resizeStore } from "./resize.ts";

const golden = join(import.meta.dirname, "../../fixtures/parity/preprocess/expected.safetensors");
const { tensors } = readSafetensors(readFileSync(golden), golden);
const files = [...tensors.keys()].filter((name) => name.endsWith("rgb"));

describe("resizeImage", () => {
	it.each(files)("gives Pillow's bytes for %s", (name) => {
		const input = tensors.get(name)!;
		const expected = tensors.get(name.replace(/rgb$/, "resized.s32c32"))!;
		const [height, width] = input.shape as [number, number];
		const [newHeight, newWidth] = expected.shape as [number, number];
		const resized = resizeImage({ width, height, pixels: input.bytes }, newWidth, newHeight);
		expect(Buffer.compare(resized.pixels, expected.bytes)).toBe(0);
	});

	it("covers all thirteen golden images", () => {
		expect(files).toHaveLength(13);
	});

	it("refuses a side of zero", () => {
		expect(() => resizeImage({ width: 1, height: 1, pixels: new Uint8Array(3) }, 0, 1)).toThrow(MithridateError);
	});
});

describe("resizeStore", () => {
	it("resizes each image as resizeImage does", () => {
		const pixels = Uint8Array.from({ length: 3 * 8 * 8 * 3 }, (_, at) => (at * 97) % 256);
		const half = resizeStore({ size: 8, count: 3, pixels }, 5);
		expect(half).toMatchObject({ size: 5, count: 3 });
		const last = resizeImage({ width: 8, height: 8, pixels: pixels.subarray(2 * 192) }, 5, 5);
		expect(half.pixels.subarray(2 * 75)).toEqual(last.pixels);
	});

	it("hands back the same store when the size stays", () => {
		const store = { size: 2, count: 1, pixels: new Uint8Array(12) };
		expect(resizeStore(store, 2)).toBe(store);
	});
});
