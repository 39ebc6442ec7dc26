/** Makes a data set ready to be registered: its pixels in one file, every pair with its image's hash. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset, ImageStore, Split } from "@mithridate/engine";
import type { DatasetRegistration } from "./protocol.ts";

type SplitPairs = DatasetRegistration["splits"][number];

/** Writes the pixels into `folder` and describes the rest. */
export async function registrationOf(
	dataset: Dataset,
	settings: DatasetRegistration["settings"],
	folder: string,
): Promise<DatasetRegistration> {
	const { name, hash, classes, images, train, test, trusted } = dataset;
	const pixels = join(folder, "pixels");
	const hashes = await writePixels(images, pixels);
	const pairsOf = (split: SplitPairs["split"], { samples, labels }: Split): SplitPairs => ({
		split,
		pairs: samples.map(({ id, image, captions }, at) => ({
			sample: id,
			class: labels[at] ?? null,
			captions: [...captions],
			imageRow: image,
			imageSha256: hashes[image] as string,
		})),
	});
	return {
		name,
		hash,
		settings,
		classes: [...classes],
		imageSize: images.size,
		pixels,
		splits: [pairsOf("train", train), pairsOf("test", test), pairsOf("trusted", trusted)],
	};
}

/** Writes all rows one after the other; the SHA-256 of each. */
async function writePixels(images: ImageStore, path: string): Promise<string[]> {
	const bytes = images.size * images.size * 3;
	const hashes: string[] = [];
	const file = await open(path, "w", 0o600);
	try {
		for (let row = 0; row < images.count; row++) {
			const pixels = "pixels" in images ? images.pixels.subarray(row * bytes, (row + 1) * bytes) : images.read(row);
			hashes.push(createHash("sha256").update(pixels).digest("hex"));
			await file.appendFile(pixels);
		}
	} finally {
		await file.close();
	}
	return hashes;
}
