import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MithridateError } from "../errors.ts";
import { CLIP_MEAN, CLIP_STD } from "../model/clip.ts";
import { decodeFloats, readSafetensors } from "../model/safetensors.ts";
import { pixelTable } from "./batches.ts";
import { clipCrop } from "./clip-crop.ts";

/** Made with Pillow and transformers' CLIPImageProcessor; crops are its values brought back to bytes. */
const folder = join(import.meta.dirname, "../../fixtures/parity/preprocess");
const tensorsOf = (name: string) => readSafetensors(readFileSync(join(folder, name)), name).tensors;
const decoded = tensorsOf("expected.safetensors");
const expected = tensorsOf("cropped.safetensors");
const namesWith = (part: string) => [...expected.keys()].filter((name) => name.includes(part));

function imageOf(name: string) {
	const { shape, bytes } = decoded.get(name)!;
	return { height: shape[0]!, width: shape[1]!, pixels: bytes };
}

test.each(namesWith("cropped."))("gives the bytes of Hugging Face's processor for %s", (name) => {
	const [, edge, crop] = /s(\d+)c(\d+)$/.exec(name)!;
	const image = imageOf(name.replace(/cropped\..*$/, "rgb"));
	const square = clipCrop(image, { edge: Number(edge), crop: Number(crop), rounding: "huggingface" });
	expect(Buffer.compare(square.pixels, expected.get(name)!.bytes)).toBe(0);
});

test.each(namesWith("openai."))("gives the bytes of OpenAI's transform for %s", (name) => {
	const image = imageOf(name.replace(/openai\..*$/, "rgb"));
	const square = clipCrop(image, { edge: 32, crop: 32, rounding: "openai" });
	expect(Buffer.compare(square.pixels, expected.get(name)!.bytes)).toBe(0);
});

test("all golden images are compared, and the two rules differ on some", () => {
	expect(namesWith("cropped.")).toHaveLength(26);
	expect(namesWith("openai.")).toHaveLength(5);
	const [name] = namesWith("openai.").filter((each) => {
		const bytes = expected.get(each.replace("openai", "cropped"))?.bytes;
		return bytes && Buffer.compare(bytes, expected.get(each)!.bytes) !== 0;
	});
	expect(name).toBeDefined();
});

test("normalised pixels are within 1e-6 of the reference", () => {
	const name = "01_rgb_37x53.png|pixel_values.s32c32";
	const bytes = expected.get(name.replace("pixel_values", "cropped"))!.bytes;
	const table = pixelTable({ mean: [...CLIP_MEAN], std: [...CLIP_STD] });
	const { data } = decodeFloats(expected.get(name)!, name);
	for (const [at, byte] of bytes.entries()) {
		const value = table[byte * 3 + (at % 3)]!;
		const golden = data[(at % 3) * 1024 + Math.floor(at / 3)]!;
		if (!(Math.abs(value - golden) <= 1e-6)) expect.fail(`value ${at} is ${value}, not ${golden}`);
	}
});

test("a crop larger than the edge is refused", () => {
	const image = { width: 4, height: 4, pixels: new Uint8Array(48) };
	expect(() => clipCrop(image, { edge: 2, crop: 3, rounding: "openai" })).toThrow(MithridateError);
});
