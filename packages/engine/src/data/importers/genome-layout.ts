/** Visual Genome as it is distributed: `region_descriptions.json`, `image_data.json`, images in `VG_100K` and `VG_100K_2`. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Random } from "../../random.ts";
import { badRow, type ImportItem, SourceFault, type SplitName } from "./importer.ts";
import { jsonElements } from "./json-elements.ts";
import type { SourceFolder } from "./source-folder.ts";
import { field, idField, recordOf, textField } from "./text.ts";

const regionsFile = "region_descriptions.json";
const imagesFile = "image_data.json";
const folders = ["VG_100K", "VG_100K_2", "images", "images/VG_100K", "images/VG_100K_2"];

/** Parameters of what is read of Visual Genome. */
export const genomeParams = {
	regionsPerImage: z
		.int()
		.min(1)
		.max(1000)
		.nullable()
		.default(null)
		.describe("Region descriptions drawn from each image; null: all of them, 43.5 on average."),
};

export interface GenomeReading {
	readonly prefix: string;
	readonly split: SplitName;
	readonly regionsPerImage: number | null;
	readonly random: Random;
	/** COCO ids of test images: Visual Genome names the COCO image that each of its own is. */
	readonly cocoTest?: ReadonlySet<number>;
}

/** Every image with its region descriptions as captions, each once. */
export async function* readGenome(source: SourceFolder, reading: GenomeReading): AsyncGenerator<ImportItem, void> {
	const { prefix, split, regionsPerImage, random, cocoTest } = reading;
	const regions = await source.file(regionsFile);
	const folderOf = await findImages(source.root);
	const cocoOf = cocoTest === undefined ? new Map<number, number>() : await readCocoIds(await source.file(imagesFile));
	for await (const { row, value } of jsonElements(regions, regionsFile)) {
		const place = { file: regionsFile, row };
		try {
			const record = recordOf(value);
			const id = idField(record, "id");
			if (cocoTest?.has(cocoOf.get(id) ?? -1))
				throw new SourceFault("duplicate-of-test", `image ${id} is COCO's test image ${cocoOf.get(id)}`);
			const told = phrasesOf(record);
			const captions =
				regionsPerImage === null || told.length <= regionsPerImage
					? told
					: random.split(`regions/${id}`).sample(told, regionsPerImage);
			const name = `${id}.jpg`;
			const image = source.image(`${folderOf.get(name) ?? folders[0]}/${name}`);
			yield { type: "row", ...place, id: `${prefix}${id}`, label: null, captions, split, image };
		} catch (error) {
			yield badRow(error, place);
		}
	}
}

/** The different phrases of an image, in their order; empty ones are none. */
function phrasesOf(record: Readonly<Record<string, unknown>>): string[] {
	const regions = field(record, "regions");
	if (!Array.isArray(regions)) throw new SourceFault("field", 'field "regions" is not a list');
	const phrases = regions.map((region) => textField(recordOf(region), "phrase").trim());
	return [...new Set(phrases)].filter((phrase) => phrase !== "");
}

/** Which of the folders holds each image. */
async function findImages(root: string): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const folder of folders)
		for (const name of await readdir(join(root, folder)).catch(() => [])) if (!found.has(name)) found.set(name, folder);
	return found;
}

async function readCocoIds(path: string): Promise<Map<number, number>> {
	const ids = new Map<number, number>();
	for await (const { value } of jsonElements(path, imagesFile)) {
		const record = recordOf(value);
		const coco = field(record, "coco_id");
		if (typeof coco === "number") ids.set(idField(record, "image_id"), coco);
	}
	return ids;
}
