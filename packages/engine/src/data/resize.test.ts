import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MithridateError } from "../errors.ts";
import { readSafetensors } from "../model/safetensors.ts";
import { imageAt } from "./image-at.ts";
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
	it("resizes images in files as they are read, and reads each only once", () => {
		const pixels = Uint8Array.from({ length: 2 * 8 * 8 * 3 }, (_, at) => (at * 31) % 256);
		const reads: number[] = [];
		const read = (row: number) => {
			reads.push(row);
			return pixels.subarray(row * 192, (row + 1) * 192);
		};
		const inMemory = resizeStore({ size: 8, count: 2, pixels }, 5);
		const fromFiles = resizeStore({ size: 8, count: 2, read }, 5);
		for (const row of [1, 0, 1]) expect(imageAt(fromFiles, row)).toEqual(imageAt(inMemory, row));
		expect(reads).toEqual([1, 0]);
	});

	it("resizes each image as resizeImage does", () => {
		const pixels = Uint8Array.from({ length: 3 * 8 * 8 * 3 }, (_, at) => (at * 97) % 256);
		const half = resizeStore({ size: 8, count: 3, pixels }, 5);
		expect(half).toMatchObject({ size: 5, count: 3 });
		const last = resizeImage({ width: 8, height: 8, pixels: pixels.subarray(2 * 192) }, 5, 5);
		expect(imageAt(half, 2)).toEqual(last.pixels);
	});

	it("hands back the same store when the size stays", () => {
		const store = { size: 2, count: 1, pixels: new Uint8Array(12) };
		expect(resizeStore(store, 2)).toBe(store);
		expect(resizeStore(store, 1)).toBe(resizeStore(store, 1));
	});
});
