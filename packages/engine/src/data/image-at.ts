/** One image of a store, wherever the store keeps it. */
import type { ImageStore } from "../types.ts";

/** The size x size x 3 bytes of row `row`: a view, good until the next read of the same store. */
export function imageAt(images: ImageStore, row: number): Uint8Array {
	if (!("pixels" in images)) return images.read(row);
	const stride = images.size * images.size * 3;
	return images.pixels.subarray(row * stride, (row + 1) * stride);
}
