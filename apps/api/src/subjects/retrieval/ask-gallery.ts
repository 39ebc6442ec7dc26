/** Puts a question about models to the gallery process, with all that it needs as files. */
import { type Dataset as DatasetRow, listPairs, type Pair as PairRow } from "@mithridate/db";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { GalleryError } from "../../gallery/gallery.ts";
import { localFile, localFolder } from "../../gallery/local-files.ts";
import type { GalleryImages, GalleryRequest, ResultOf } from "../../gallery/protocol.ts";
import type { ModelRow } from "../models/model.type.ts";

const codes = {
	busy: "RATE_LIMITED",
	timeout: "TIMEOUT",
	aborted: "TIMEOUT",
	died: "INTERNAL",
	request: "BAD_USER_INPUT",
} as const;

/** The gallery's answer. @throws ApiError where there is none. */
export async function ask<Request extends GalleryRequest>(
	{ gallery, signal }: Context,
	request: Request,
): Promise<ResultOf<Request>> {
	try {
		return await gallery.ask(request, signal);
	} catch (error) {
		if (error instanceof GalleryError) throw new ApiError(codes[error.reason], error.message);
		throw error;
	}
}

/** The test split of a data set, with its images in a file. */
export interface TestSplit {
	readonly images: GalleryImages;
	readonly pairs: readonly PairRow[];
}

/** @throws ApiError `BAD_USER_INPUT` when the data set's pixels were not kept. */
export async function testSplit({ database, artifacts, gallery }: Context, dataset: DatasetRow): Promise<TestSplit> {
	const { id, hash, imagesSha256, imageSize, testCount } = dataset;
	if (imagesSha256 === null)
		throw new ApiError("BAD_USER_INPUT", `The images of data set ${dataset.name} were not kept: run it once more.`);
	const { rows: pairs } = await listPairs(database.db, {
		filter: { datasetId: id, split: "test" },
		page: { first: Math.max(1, testCount) },
	});
	const pixels = await localFile(artifacts, gallery.cacheFolder, imagesSha256);
	const { bytes } = (await artifacts.head(imagesSha256)) ?? { bytes: 0 };
	return {
		pairs,
		images: {
			hash,
			pixels,
			size: imageSize,
			count: Math.floor(bytes / (imageSize * imageSize * 3)),
			rows: pairs.map(({ imageRow }) => imageRow),
			classes: pairs.map((pair) => pair.class),
		},
	};
}

/** Folder of a model's files. */
export async function modelFolder({ artifacts, gallery }: Context, { folder, id, files }: ModelRow): Promise<string> {
	return folder ?? localFolder(artifacts, { cacheFolder: gallery.cacheFolder, key: id, files });
}
