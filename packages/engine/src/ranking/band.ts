/** A band of images against all captions: what may be ranked on a thread of its own and put together afterwards. */
import { forEachTile } from "../similarity/tiles.ts";
import type { Embeddings } from "../types.ts";
import { type Best, type Scan, scanColumns, scanOf, scanRows } from "./scan.ts";

export interface BandInput {
	/** The images of the band; `firstRow` is the place of its first among all. */
	readonly images: Embeddings;
	readonly firstRow: number;
	readonly texts: Embeddings;
	/** Best caption of each image of the band, and best image of each caption, among all images. */
	readonly bestTexts: Best;
	readonly bestImages: Best;
}

/** For each image of the band the scan of all captions; for each caption that of the band's images alone. */
export interface Band {
	readonly byImage: Scan;
	readonly byText: Scan;
}

export function scanBand({ images, firstRow, texts, bestTexts, bestImages }: BandInput): Band {
	const [byImage, byText] = [scanOf(images.count), scanOf(texts.count)];
	forEachTile(images, texts, (tile) => {
		scanRows(tile, bestTexts, byImage);
		scanColumns({ ...tile, row0: firstRow + tile.row0 }, bestImages, byText);
	});
	return { byImage, byText };
}

/** Adds a band to those before it: equal similarities keep the earlier row. */
export function addBand(all: Band, { firstRow }: Pick<BandInput, "firstRow">, band: Band): void {
	for (const name of ["ahead", "nearest", "scores"] as const) all.byImage[name].set(band.byImage[name], firstRow);
	for (const [text, ahead] of band.byText.ahead.entries()) {
		all.byText.ahead[text]! += ahead;
		const score = band.byText.scores[text]!;
		if (score <= all.byText.scores[text]!) continue;
		all.byText.scores[text] = score;
		all.byText.nearest[text] = band.byText.nearest[text]!;
	}
}
