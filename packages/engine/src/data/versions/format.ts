/** How an imported version lies on disk: `<folder>/<hash>/` with a manifest, image shards and the report of bad rows. */
import { join } from "node:path";
import { z } from "zod";
import { ImageSettings } from "../images/decode.ts";
import { splitNames } from "../importers/importer.ts";

/** First line: the header. Then one line for each sample. Its SHA-256 is the version's hash. */
export const manifestFile = "manifest.jsonl";
/** One line for each row that was left out. */
export const reportFile = "bad-rows.jsonl";

const count = z.int().min(0);

export const Header = z.strictObject({
	format: z.literal(1),
	kind: z.string(),
	params: z.unknown(),
	seed: z.int(),
	images: ImageSettings,
	classes: z.array(z.string()),
	/** Rows of the image store; the last ones of them may belong to no sample. */
	rows: count,
	samples: z.strictObject({ train: count, test: count, trusted: count }),
});
export type Header = z.output<typeof Header>;

/** Id, split, label, image row, captions, SHA-256 of the pixels, look. */
export const SampleLine = z.tuple([
	z.string(),
	z.enum(splitNames),
	z.string().nullable(),
	count,
	z.array(z.string()),
	z.string().length(64),
	z.string().length(16),
]);
export type SampleLine = z.output<typeof SampleLine>;

/** Bytes of one image. */
export function imageBytes({ size }: ImageSettings): number {
	return size * size * 3;
}

/** Images in one shard: as many as fit into 256 MiB. */
export function imagesPerShard(settings: ImageSettings): number {
	return Math.floor(2 ** 28 / imageBytes(settings));
}

/** Name of a shard: uint8 pixels, row after row, nothing else. */
export function shardFile(folder: string, shard: number): string {
	return join(folder, `images-${String(shard).padStart(5, "0")}.u8`);
}

/** A version's folder is its hash. */
export const versionName = /^[0-9a-f]{64}$/;
