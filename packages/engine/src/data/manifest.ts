/** A data set version is what its manifest hashes to. */
import { createHash } from "node:crypto";
import type { MemoryImages, Split } from "../types.ts";

/** All that decides a version: settings, then ids, captions and labels of every split, then the pixels. */
export interface Manifest {
	readonly name: string;
	readonly settings: Readonly<Record<string, unknown>>;
	readonly splits: readonly Split[];
	readonly images: MemoryImages;
}

/** SHA-256 over a manifest, in hexadecimal. */
export function manifestHash(manifest: Manifest): string {
	const hash = createHash("sha256");
	const { images } = manifest;
	hash.update(`${JSON.stringify([manifest.name, manifest.settings, images.size, images.count])}\n`);
	for (const split of manifest.splits) {
		hash.update(`${JSON.stringify([split.name, split.samples.length])}\n`);
		for (const [at, sample] of split.samples.entries()) {
			hash.update(`${JSON.stringify([sample.id, sample.image, sample.captions, split.labels[at]])}\n`);
		}
	}
	return hash.update(images.pixels).digest("hex");
}
