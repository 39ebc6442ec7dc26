/** COCO's annotations as they are distributed, and the paper's labelling: one label an image, drawn among its instances. */
import { MithridateError } from "../../errors.ts";
import type { Random } from "../../random.ts";
import { jsonElements } from "./json-elements.ts";
import type { SourceFolder } from "./source-folder.ts";
import { idField, recordOf, textField } from "./text.ts";

/** One image of the pool. */
export interface CocoImage {
	readonly id: number;
	/** Below the set's folder, such as `train2014/COCO_train2014_000000312960.jpg`. */
	readonly name: string;
	/** Captions file and the image's place among its images. */
	readonly file: string;
	readonly row: number;
	readonly captions: string[];
	/** Instances by class; empty where nothing is annotated. */
	readonly instances: Map<string, number>;
}

/** Training and validation images of a year in one pool, by id. */
export async function readCoco(source: SourceFolder, year: string): Promise<CocoImage[]> {
	const pool = new Map<number, CocoImage>();
	for (const part of ["train", "val"]) {
		const captionsFile = `annotations/captions_${part}${year}.json`;
		const instancesFile = `annotations/instances_${part}${year}.json`;
		await readCaptions(await source.file(captionsFile), captionsFile, { pool, folder: `${part}${year}` });
		await readInstances(await source.file(instancesFile), instancesFile, pool);
	}
	return [...pool.values()].sort((a, b) => a.id - b.id);
}

type Fields = Readonly<Record<string, unknown>>;

/** Runs `use` on an element; a field of another form is damage of the whole file, which no owner distributes so. */
function inFile<Result>(file: string, list: string, row: number, use: () => Result): Result {
	try {
		return use();
	} catch (error) {
		const message = `${file}, "${list}" row ${row}: ${(error as Error).message}. Fetch the file anew.`;
		throw new MithridateError("invalid-data", message, { subject: file, cause: error });
	}
}

async function readCaptions(
	path: string,
	file: string,
	{ pool, folder }: { pool: Map<number, CocoImage>; folder: string },
): Promise<void> {
	const captions = new Map<number, { order: number; text: string }[]>();
	for await (const { key, row, value } of jsonElements(path, file, ["images", "annotations"]))
		inFile(file, key!, row, () => {
			const record: Fields = recordOf(value);
			if (key === "images") {
				const id = idField(record, "id");
				const name = `${folder}/${textField(record, "file_name")}`;
				pool.set(id, { id, name, file, row, captions: [], instances: new Map() });
				return;
			}
			const image = idField(record, "image_id");
			const held = captions.get(image) ?? [];
			held.push({ order: idField(record, "id"), text: textField(record, "caption") });
			captions.set(image, held);
		});
	for (const [image, told] of captions) {
		told.sort((a, b) => a.order - b.order);
		pool.get(image)?.captions.push(...told.map(({ text }) => text));
	}
}

async function readInstances(path: string, file: string, pool: Map<number, CocoImage>): Promise<void> {
	const names = new Map<number, string>();
	const counts = new Map<number, Map<number, number>>();
	for await (const { key, row, value } of jsonElements(path, file, ["annotations", "categories"]))
		inFile(file, key!, row, () => {
			const record: Fields = recordOf(value);
			if (key === "categories") {
				names.set(idField(record, "id"), textField(record, "name"));
				return;
			}
			const image = idField(record, "image_id");
			const own = counts.get(image) ?? new Map<number, number>();
			counts.set(image, own);
			const category = idField(record, "category_id");
			own.set(category, (own.get(category) ?? 0) + 1);
		});
	for (const [image, own] of counts)
		for (const [category, count] of [...own].sort(([a], [b]) => a - b)) {
			const name = names.get(category);
			if (name === undefined) {
				const message = `${file} has instances of category ${category}, which it does not name. Fetch the file anew.`;
				throw new MithridateError("invalid-data", message, { subject: file });
			}
			pool.get(image)?.instances.set(name, count);
		}
}

/** One of an image's classes, drawn with the probability of its share among the instances; null without instances. */
export function drawLabel(image: CocoImage, random: Random): string | null {
	const total = [...image.instances.values()].reduce((sum, count) => sum + count, 0);
	if (total === 0) return null;
	let drawn = random.split(`label/${image.id}`).integer(total);
	for (const [label, count] of image.instances) {
		drawn -= count;
		if (drawn < 0) return label;
	}
	throw new RangeError(`image ${image.id}: ${drawn} left of ${total} instances`);
}
