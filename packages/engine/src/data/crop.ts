/** Random resized crops as torchvision draws them, resampled with Pillow's bicubic. */
import type { Random } from "../random.ts";
import { resizeImage } from "./resize.ts";

/** Share of the image's area, and width over height; open_clip's and the paper's code's. */
const usualArea = [0.9, 1] as const;
const [narrowest, widest] = [3 / 4, 4 / 3];
const attempts = 10;

export interface Box {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** A box inside a square image; after ten shapes that do not fit, all of it. */
export function drawBox(
	size: number,
	random: Random,
	[smallestArea, largestArea]: readonly [smallest: number, largest: number] = usualArea,
): Box {
	for (let attempt = 0; attempt < attempts; attempt++) {
		const area = size * size * (smallestArea + (largestArea - smallestArea) * random.uniform());
		const ratio = Math.exp(Math.log(narrowest) + Math.log(widest / narrowest) * random.uniform());
		const width = Math.round(Math.sqrt(area * ratio));
		const height = Math.round(Math.sqrt(area / ratio));
		if (width < 1 || height < 1 || width > size || height > size) continue;
		return { width, height, top: random.integer(size - height + 1), left: random.integer(size - width + 1) };
	}
	return { left: 0, top: 0, width: size, height: size };
}

/** The part of a square image in `box`, at the image's own size again. */
export function cropImage(pixels: Uint8Array, size: number, { left, top, width, height }: Box): Uint8Array {
	const part = new Uint8Array(width * height * 3);
	for (let row = 0; row < height; row++) {
		const from = ((top + row) * size + left) * 3;
		part.set(pixels.subarray(from, from + width * 3), row * width * 3);
	}
	return resizeImage({ width, height, pixels: part }, size, size).pixels;
}
