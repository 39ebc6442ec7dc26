/** What is shown of an item that was retrieved, named `sample#number` for a caption and `sample` for an image. */
import type { Dataset as DatasetRow, Pair as PairRow } from "@mithridate/db";
import { imageOf } from "../datasets/dataset.type.ts";
import type { RankedItem } from "./evaluation.type.ts";

/** The sample that a name of an image or a caption belongs to. */
export function sampleOf(name: string): string {
	const at = name.lastIndexOf("#");
	return at < 0 ? name : name.slice(0, at);
}

/** The caption of a name, or the first one of an image. */
export function captionOf(name: string, pair: PairRow | null): string | null {
	const at = name.lastIndexOf("#");
	return pair?.captions[at < 0 ? 0 : Number(name.slice(at + 1))] ?? null;
}

export interface Retrieved {
	readonly rank: number;
	readonly name: string;
	readonly pair: PairRow | null;
	readonly dataset: DatasetRow | null;
	readonly similarity?: number;
	/** Class of the query, where it has one. */
	readonly trueClass: string | null;
	isTarget(sample: string, pair: PairRow | null): boolean;
}

/** The item with its sample's class, picture and caption. */
export function showItem({ rank, name, pair, dataset, similarity, trueClass, isTarget }: Retrieved): RankedItem {
	const sample = sampleOf(name);
	return {
		rank,
		sample,
		class: pair?.class ?? null,
		image: pair && dataset ? imageOf(dataset, { row: pair.imageRow, sha256: pair.imageSha256 }) : null,
		caption: captionOf(name, pair),
		similarity: similarity ?? null,
		isTarget: isTarget(sample, pair),
		isTrueClass: trueClass !== null && pair?.class === trueClass,
	};
}
