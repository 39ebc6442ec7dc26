/** Data set versions, their pairs and images. */
import { createHash } from "node:crypto";
import type { schema } from "@mithridate/db";
import { type Patch, patchPixels } from "@mithridate/engine";
import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { connectionType } from "../connections/connection.type.ts";
import { encodeId } from "../node/ids.ts";
import { Node } from "../node/node.type.ts";
import { DateTime, SafeInt, Sha256 } from "../scalars.ts";
import { imagePath, type PixelPatch } from "./image-path.ts";

export type DatasetRow = typeof schema.datasets.$inferSelect;
export type PairRow = typeof schema.pairs.$inferSelect;

export const SplitName = { TRAIN: "train", TEST: "test", TRUSTED: "trusted" } as const;
export type SplitName = (typeof SplitName)[keyof typeof SplitName];

registerEnumType(SplitName, {
	name: "SplitName",
	description: "Parts of a data set.",
	valuesConfig: {
		TRAIN: { description: "Pairs that models are trained on, and attacks poison." },
		TEST: { description: "Gallery and queries, never trained on." },
		TRUSTED: { description: "Clean pairs of another distribution, for cures." },
	},
});

@ObjectType({ simpleResolvers: true, description: "How many pairs a split holds." })
export class SplitCount {
	@Field(() => SplitName, { description: "The split." })
	split!: SplitName;

	@Field(() => SafeInt, { description: "Its pairs." })
	count!: number;
}

@ObjectType({ simpleResolvers: true, description: "A picture, served by this server." })
export class Image {
	@Field(() => String, { description: "Where it is, on this server." })
	url!: string;

	@Field(() => Int, { description: "In pixels." })
	width!: number;

	@Field(() => Int, { description: "In pixels." })
	height!: number;

	@Field(() => Sha256, {
		description:
			"Checksum of its RGB bytes, and of the patch where one is stamped on them: equal pictures have equal ones.",
	})
	sha256!: string;
}

@ObjectType({
	simpleResolvers: true,
	implements: Node,
	description: "A data set version: named by its content, never changed.",
})
export class Dataset extends Node {
	/** The database's row. */
	readonly row: DatasetRow;

	@Field(() => String, { description: "What the engine calls it." })
	readonly name: string;

	@Field(() => Sha256, { description: "Checksum of its settings, captions, labels and pixels." })
	readonly hash: string;

	@Field(() => [String], { description: "Classes of its labelled pairs." })
	readonly classes: readonly string[];

	@Field(() => Int, { description: "Side of every image, in pixels." })
	readonly imageSize: number;

	@Field(() => [SplitCount], { description: "Pairs of each split." })
	readonly counts: readonly SplitCount[];

	@Field(() => Sha256, {
		nullable: true,
		description: "Of an imported set: what experiments name it by, in `dataset.imported.hash`; null for any other.",
	})
	readonly versionHash: string | null;

	@Field(() => DateTime, { description: "When it was first used here." })
	readonly createdAt: Date;

	constructor(row: DatasetRow) {
		super(encodeId("Dataset", row.id));
		this.row = row;
		this.name = row.name;
		this.hash = row.hash;
		this.classes = row.classes;
		this.imageSize = row.imageSize;
		this.counts = [
			{ split: "train", count: row.trainCount },
			{ split: "test", count: row.testCount },
			{ split: "trusted", count: row.trustedCount },
		];
		this.versionHash = versionOf(row);
		this.createdAt = row.createdAt;
	}
}

/**
 * A set opened from its only version, without a hash, is that version unless its captions were changed. One from a folder
 * of its own is not found by its hash alone.
 */
function versionOf({ settings, hash }: DatasetRow): string | null {
	if (settings.name !== "imported") return null;
	const {
		folder,
		hash: named,
		captions,
	} = settings.params as {
		folder?: string | null;
		hash?: string | null;
		captions?: string;
	};
	if (folder != null) return null;
	return named ?? (captions === "plain" ? null : hash);
}

@ObjectType({ simpleResolvers: true, implements: Node, description: "An image with its captions." })
export class Pair extends Node {
	/** The database's row. */
	readonly row: PairRow;

	@Field(() => String, { description: "Its name within the data set." })
	readonly sample: string;

	@Field(() => SplitName, { description: "The split it belongs to." })
	readonly split: SplitName;

	@Field(() => String, { nullable: true, description: "Its class; null for material without a label." })
	readonly class: string | null;

	@Field(() => [String], { description: "What is said about the image." })
	readonly captions: readonly string[];

	@Field(() => Image, { description: "The picture." })
	readonly image: Image;

	constructor(row: PairRow, dataset: DatasetRow) {
		super(encodeId("Pair", row.datasetId, row.sample));
		this.row = row;
		this.sample = row.sample;
		this.split = row.split;
		this.class = row.class;
		this.captions = row.captions;
		this.image = imageOf(dataset, { row: row.imageRow, sha256: row.imageSha256 });
	}
}

/** A row of a data set's image store, with what is stamped on it. */
interface ShownRow {
	readonly row: number;
	/** Checksum of the row's own bytes. */
	readonly sha256: string;
	readonly patch?: Patch | null;
}

/** The picture in a row of a data set's image store. */
export function imageOf({ imageSize, imagesSha256 }: DatasetRow, { row, sha256, patch = null }: ShownRow): Image {
	const stamped = patch && { place: patch.place, pixels: patchPixels(patch, imageSize) };
	return {
		url: imagePath(imagesSha256, { row, patch: stamped }),
		width: imageSize,
		height: imageSize,
		sha256: stamped === null ? sha256 : stampedSha256(sha256, stamped),
	};
}

function stampedSha256(sha256: string, { place, pixels }: PixelPatch): string {
	return createHash("sha256").update(`${sha256}-${place}-${pixels}px`).digest("hex");
}

export const DatasetConnection = connectionType("Dataset", () => Dataset);
export const PairConnection = connectionType("Pair", () => Pair);
