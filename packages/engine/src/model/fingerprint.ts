/** Tells models apart by content. */
import { createHash } from "node:crypto";
import type { ClipModel } from "./clip.ts";

/** SHA-256 over names, shapes and bytes of all parameters, in name order. */
export function fingerprint({ parameters }: ClipModel): string {
	const hash = createHash("sha256");
	for (const [name, { shape, data }] of Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))) {
		hash.update(`${name}[${shape.join()}]`);
		hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
	}
	return hash.digest("hex");
}
