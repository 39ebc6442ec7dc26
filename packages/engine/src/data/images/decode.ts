/** One image from its encoded bytes to a square of RGB bytes. Runs in the decoder process, away from everything that matters. */
import sharp from "sharp";
import { z } from "zod";
import { clipCrop } from "../clip-crop.ts";
import { resizeImage } from "../resize.ts";
import { type ImageFault, isKnownFormat, mostImageBytes, mostPixels } from "./limits.ts";
import { lookOf } from "./look.ts";

/** How images are brought to the size of their store. */
export const ImageSettings = z.strictObject({
	size: z.int().min(16).max(1024).default(224).describe("Side of the stored images in pixels."),
	fit: z
		.enum(["crop", "stretch"])
		.default("crop")
		.describe("crop: the shorter side is resized and the centre kept, as CLIP does. stretch: the sides change apart."),
	resample: z
		.enum(["libvips", "pillow"])
		.default("libvips")
		.describe("Bicubic by libvips, fast; or with the same bits as Pillow on the fully decoded image."),
});
export type ImageSettings = z.output<typeof ImageSettings>;

/** A decoded image, or why there is none. */
export type Decoded =
	| { readonly pixels: Uint8Array; readonly look: string }
	| { readonly fault: ImageFault; readonly detail: string };

/** Takes every loader from libvips but those of the known formats, and its cache and threads: processes are the threads. */
export function lockDecoder(): void {
	sharp.block({ operation: ["VipsForeignLoad"] });
	sharp.unblock({
		operation: ["Jpeg", "Png", "Webp", "Nsgif"].map((format) => `VipsForeignLoad${format}Buffer`),
	});
	sharp.cache(false);
	sharp.concurrency(1);
}

/** Decodes one image. Alpha is laid on white; a colour profile is not applied, as in CLIP's own preprocessing. */
export async function decodeImage(bytes: Uint8Array, settings: ImageSettings): Promise<Decoded> {
	if (bytes.length > mostImageBytes)
		return { fault: "image-too-large", detail: `${bytes.length} bytes; the limit is ${mostImageBytes}` };
	if (!isKnownFormat(bytes)) return { fault: "image-format", detail: "not a JPEG, PNG, WebP or GIF file" };
	try {
		const pixels = await (settings.resample === "pillow" ? exactly : quickly)(bytes, settings);
		return { pixels, look: lookOf(pixels, settings.size) };
	} catch (error) {
		const detail = (error as Error).message.trim().split("\n")[0]!.slice(0, 200);
		if (/exceeds pixel limit/.test(detail))
			return { fault: "image-too-many-pixels", detail: `more than ${mostPixels} pixels` };
		return { fault: "image-damaged", detail };
	}
}

function open(bytes: Uint8Array) {
	const image = sharp(bytes, { limitInputPixels: mostPixels, failOn: "truncated", autoOrient: true, ignoreIcc: true });
	return image.flatten({ background: "white" });
}

async function quickly(bytes: Uint8Array, { size, fit }: ImageSettings): Promise<Uint8Array> {
	const { data, info } = await open(bytes)
		.resize(size, size, { fit: fit === "crop" ? "cover" : "fill", kernel: "cubic" })
		.toColourspace("srgb")
		.raw({ depth: "uchar" })
		.toBuffer({ resolveWithObject: true });
	return checked(data, info.channels);
}

async function exactly(bytes: Uint8Array, { size, fit }: ImageSettings): Promise<Uint8Array> {
	const { data, info } = await open(bytes)
		.toColourspace("srgb")
		.raw({ depth: "uchar" })
		.toBuffer({ resolveWithObject: true });
	const source = { width: info.width, height: info.height, pixels: checked(data, info.channels) };
	if (fit === "stretch") return resizeImage(source, size, size).pixels;
	return clipCrop(source, { edge: size, crop: size, rounding: "openai" }).pixels;
}

function checked(pixels: Uint8Array, channels: number): Uint8Array {
	if (channels !== 3) throw new RangeError(`decoded to ${channels} channels instead of 3`);
	return pixels;
}
