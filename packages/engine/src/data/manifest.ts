/** A data set version is what its manifest hashes to. */
import { createHash } from "node:crypto";
import type { Edit, MemoryImages, Split } from "../types.ts";

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

/** Hash of a poisoned version: that of the clean version and of the edits in their order. */
export function editedHash(base: string, edits: readonly Edit[]): string {
	const hash = createHash("sha256").update(base);
	for (const edit of edits) hash.update(`\n${JSON.stringify(canonical(edit))}`);
	return hash.digest("hex");
}

/** An edit as a list, so that the order of its properties does not matter. */
function canonical(edit: Edit): readonly unknown[] {
	if (edit.kind === "replace-image") return [edit.kind, edit.sample, edit.before, edit.after];
	if (edit.kind === "drop") return [edit.kind, edit.sample];
	return [edit.kind, edit.sample.id, edit.sample.image, edit.sample.captions, edit.label];
}
