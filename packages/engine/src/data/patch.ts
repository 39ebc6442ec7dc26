/** Backdoor patches: one fixed pattern stamped on images, and a store in which every image also stands stamped. */
import type { ImageStore, Patch } from "../types.ts";
import { imageAt } from "./image-at.ts";

/** Magenta and green in a two by two chequer: hardly ever in a picture, and not lost where images are made smaller. */
const COLOURS = [
	[255, 0, 255],
	[0, 255, 0],
] as const;

/** Side of a patch on an image of `size` pixels a side: at least two, so that its pattern shows, at most the image's. */
export function patchPixels({ side }: Patch, size: number): number {
	return Math.min(size, Math.max(2, Math.round(side * size)));
}

/** A copy of a square image of `size` pixels a side, with the patch on it. */
export function stamp(pixels: Uint8Array, size: number, patch: Patch): Uint8Array {
	const { place } = patch;
	const stamped = Uint8Array.from(pixels);
	const wide = patchPixels(patch, size);
	const far = size - wide;
	const middle = Math.floor(far / 2);
	const top = place === "centre" ? middle : place.startsWith("top") ? 0 : far;
	const left = place === "centre" ? middle : place.endsWith("left") ? 0 : far;
	for (let y = 0; y < wide; y++)
		for (let x = 0; x < wide; x++)
			stamped.set(COLOURS[(Number(2 * y >= wide) + Number(2 * x >= wide)) % 2]!, ((top + y) * size + left + x) * 3);
	return stamped;
}

/** The store twice over: the second half shows every image with the patch. Nothing is copied before it is read. */
export function stampedImages(images: ImageStore, patch: Patch): ImageStore {
	const { size, count } = images;
	return {
		size,
		count: 2 * count,
		read: (row) => (row < count ? imageAt(images, row) : stamp(imageAt(images, row - count), size, patch)),
	};
}

/** Where `stampedImages` shows a row's image with the patch. */
export function stampedRow(images: ImageStore, row: number): number {
	return images.count + row;
}
