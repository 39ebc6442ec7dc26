/** A few models held ready: the one used least recently makes room for the next. */
import { closeSync, openSync, readSync } from "node:fs";
import {
	createEncoder,
	type Embeddings,
	type Encoder,
	type ImageStore,
	loadCheckpoint,
	openRuntime,
	resizeStore,
	stampedImages,
} from "@mithridate/engine";
import { embeddedImages, embeddedPoints } from "./embedded.ts";
import type { GalleryImages } from "./protocol.ts";

const MOST_MODELS = 3;

type Runtime = Awaited<ReturnType<typeof openRuntime>>;

/** A model with one data set's test images under it. */
interface Held {
	readonly encoder: Encoder;
	readonly gallery: Embeddings;
	dispose(): void;
}

interface ModelFiles {
	readonly folder: string;
	readonly hash: string;
}

export interface Models {
	/** The test images under a model, and the encoder to ask with. */
	open(model: ModelFiles, images: GalleryImages): Promise<Held>;
	/** Some images and texts under a model. */
	embed(
		model: ModelFiles,
		images: GalleryImages,
		texts: readonly string[],
	): Promise<{ readonly images: Embeddings; readonly texts: Embeddings }>;
}

/** Holds models on the runtime that suits this machine best; it is opened with the first of them. */
export function createModels(cacheFolder: string): Models {
	const held = new Map<string, Held>();
	let runtime: Promise<Runtime> | undefined;

	/** A model over the images that are looked at, and no others. */
	async function encoderOf(folder: string, images: GalleryImages) {
		runtime ??= openRuntime({ runtime: "auto", device: "auto", threads: 0 });
		const model = await loadCheckpoint(folder);
		const { store, close } = openPixels(images);
		try {
			const sized = resizeStore(subset(store, images.rows), model.preprocess.size);
			return createEncoder({ runtime: await runtime, model, images: sized });
		} finally {
			close();
		}
	}

	async function load(folder: string, modelHash: string, images: GalleryImages): Promise<Held> {
		const encoder = await encoderOf(folder, images);
		const gallery = await embeddedImages(encoder, [...images.rows.keys()], {
			cacheFolder,
			key: { modelHash, datasetHash: images.hash },
		});
		return { encoder, gallery, dispose: () => encoder.dispose() };
	}

	return {
		async open({ folder, hash }, images) {
			const key = `${hash} ${images.hash}`;
			const known = held.get(key);
			const found = known ?? (await load(folder, hash, images));
			held.delete(key);
			held.set(key, found);
			for (const [old, one] of held) {
				if (held.size <= MOST_MODELS) break;
				held.delete(old);
				one.dispose();
			}
			return found;
		},
		async embed({ folder, hash }, images, texts) {
			let encoder: Awaited<ReturnType<typeof encoderOf>> | undefined;
			const made = async () => {
				encoder = await encoderOf(folder, images);
				return encoder;
			};
			try {
				return await embeddedPoints(
					made,
					{ rows: images.rows, texts },
					{ cacheFolder, key: { modelHash: hash, datasetHash: `${images.hash}${stampOf(images)}` } },
				);
			} finally {
				encoder?.dispose();
			}
		},
	};
}

/** Tells embeddings of images stamped with different patches apart. */
function stampOf({ patch }: GalleryImages): string {
	return patch ? ` ${patch.place} ${patch.side}` : "";
}

/** The images of a file, read one at a time. */
function openPixels({ pixels, size, count, patch }: GalleryImages): { store: ImageStore; close(): void } {
	const file = openSync(pixels, "r");
	const bytes = size * size * 3;
	const read = (row: number) => {
		const image = new Uint8Array(bytes);
		if (row < 0 || row >= count || readSync(file, image, 0, bytes, row * bytes) !== bytes)
			throw new RangeError(`image row ${row} is not in ${pixels}, which should hold ${count} images`);
		return image;
	};
	const store = { size, count, read };
	return { store: patch ? stampedImages(store, patch) : store, close: () => closeSync(file) };
}

/** Some rows of a store, copied into memory: the file is closed before they are looked at. */
function subset(store: ImageStore, rows: readonly number[]): ImageStore {
	const { size } = store;
	const bytes = size * size * 3;
	const pixels = new Uint8Array(rows.length * bytes);
	if ("pixels" in store) throw new TypeError("the store is in memory already");
	for (const [at, row] of rows.entries()) pixels.set(store.read(row), at * bytes);
	return { size, count: rows.length, pixels };
}
