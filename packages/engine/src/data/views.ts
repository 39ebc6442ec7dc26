/** Second views of a pair for in-modal contrast: an image cropped, mirrored and recoloured, a caption with words lost or swapped. */
import type { Random } from "../random.ts";
import { cropImage, drawBox } from "./crop.ts";

/** Share of the image's area that a crop keeps at least. */
const LEAST_AREA = 0.6;
/** Brightness and contrast change by up to this share. */
const COLOUR = 0.3;
/** Share of a caption's words that are lost, or swapped: the alpha of EDA (Wei and Zou, EMNLP 2019). */
const ALPHA = 0.1;

/** An image of the same size that shows the same things. */
export function otherImage(pixels: Uint8Array, size: number, random: Random): Uint8Array {
	const view = cropImage(pixels, size, drawBox(size, random, [LEAST_AREA, 1]));
	if (random.uniform() < 0.5) mirror(view, size);
	const spread = () => 1 + COLOUR * (2 * random.uniform() - 1);
	const [contrast, ...brightness] = [spread(), spread(), spread(), spread()];
	// Contrast about mid-grey, then each channel brighter or darker.
	return view.map((value, at) =>
		Math.min(255, Math.max(0, ((value - 127.5) * contrast! + 127.5) * brightness[at % 3]!)),
	);
}

function mirror(pixels: Uint8Array, size: number): void {
	for (let row = 0; row < size; row++)
		for (let left = 0, right = size - 1; left < right; left++, right--)
			for (let channel = 0; channel < 3; channel++) {
				const [a, b] = [(row * size + left) * 3 + channel, (row * size + right) * 3 + channel];
				[pixels[a], pixels[b]] = [pixels[b]!, pixels[a]!];
			}
}

/** A caption that says nearly the same: either each word is lost with a small chance, or a few change places. */
export function otherCaption(caption: string, random: Random): string {
	const words = caption.split(/\s+/).filter((word) => word !== "");
	if (words.length < 2) return caption;
	if (random.uniform() < 0.5) {
		const left = words.filter(() => random.uniform() >= ALPHA);
		return left.length === 0 ? random.pick(words) : left.join(" ");
	}
	const swaps = Math.max(1, Math.round(ALPHA * words.length));
	for (let swap = 0; swap < swaps; swap++) {
		const [a, b] = random.sample([...words.keys()], 2) as [number, number];
		[words[a], words[b]] = [words[b]!, words[a]!];
	}
	return words.join(" ");
}
