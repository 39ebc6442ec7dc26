import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { cropImage, drawBox } from "./crop.ts";

test("a drawn box lies in the image and covers nine tenths of it or more", () => {
	const random = new Random("boxes");
	const boxes = Array.from({ length: 500 }, (_, at) => drawBox(224, random.split(String(at))));
	for (const { left, top, width, height } of boxes) {
		expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
		expect(Math.max(left + width, top + height)).toBeLessThanOrEqual(224);
		// Both sides are rounded, by half a pixel at most.
		expect(((width + 0.5) * (height + 0.5)) / 224 ** 2).toBeGreaterThanOrEqual(0.9);
	}
	expect(new Set(boxes.map((box) => JSON.stringify(box))).size).toBeGreaterThan(300);
	expect(boxes.some(({ width, height }) => width < height)).toBe(true);
	expect(drawBox(224, random.split("3"))).toEqual(boxes[3]);
});

test("a crop shows what lies in its box, at the whole size", () => {
	const size = 40;
	const pixels = Uint8Array.from({ length: size * size * 3 }, (_, at) => (Math.floor(at / 3) % size) * 6);
	const part = cropImage(pixels, size, { left: 10, top: 4, width: 20, height: 30 });
	expect(part).toHaveLength(size * size * 3);
	expect(part[0]!).toBeGreaterThanOrEqual(10 * 6 - 3);
	expect(part[0]!).toBeLessThanOrEqual(10 * 6 + 3);
	expect(part.at(-1)!).toBeGreaterThanOrEqual(29 * 6 - 3);
	expect(part.at(-1)!).toBeLessThanOrEqual(29 * 6 + 3);
	expect(cropImage(pixels, size, { left: 0, top: 0, width: size, height: size })).toEqual(pixels);
});
