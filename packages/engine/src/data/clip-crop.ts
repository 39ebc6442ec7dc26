/** CLIP's way from an image of any size to its square: the shorter side resized, the centre kept. */
import { MithridateError } from "../errors.ts";
import { type RgbImage, resizeImage } from "./resize.ts";

export interface ClipCrop {
	/** Length of the shorter side after resizing, in pixels. */
	readonly edge: number;
	/** Side of the square that is kept, at most `edge`. */
	readonly crop: number;
	/** Where an odd margin's half pixel goes: Hugging Face rounds half of it down, OpenAI's torchvision to even. */
	readonly rounding: "huggingface" | "openai";
}

/** Resizes with Pillow's bicubic filter and crops. Throws `invalid-data` for a crop larger than the edge. */
export function clipCrop(image: RgbImage, { edge, crop, rounding }: ClipCrop): RgbImage {
	if (crop > edge)
		throw new MithridateError("invalid-data", `A crop of ${crop} pixels does not fit into a side of ${edge}.`, {
			subject: "crop",
		});
	const short = Math.min(image.width, image.height);
	// The long side is cut to a whole number of pixels.
	const sideOf = (side: number) => (side === short ? edge : Math.floor((edge * side) / short));
	const resized = resizeImage(image, sideOf(image.width), sideOf(image.height));
	const half = rounding === "huggingface" ? Math.floor : halfToEven;
	const left = half((resized.width - crop) / 2);
	const top = half((resized.height - crop) / 2);
	const pixels = new Uint8Array(crop * crop * 3);
	for (let row = 0; row < crop; row++) {
		const from = ((top + row) * resized.width + left) * 3;
		pixels.set(resized.pixels.subarray(from, from + crop * 3), row * crop * 3);
	}
	return { width: crop, height: crop, pixels };
}

/** Rounds as Python's `round` does. */
function halfToEven(value: number): number {
	const whole = Math.floor(value);
	return value === whole || whole % 2 === 0 ? whole : whole + 1;
}
