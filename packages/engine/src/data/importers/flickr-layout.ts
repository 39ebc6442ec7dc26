/** Flickr30k as it is distributed: a captions token file or CSV, a folder of images, and Karpathy's split as JSON. */
import { MithridateError } from "../../errors.ts";
import { readLines } from "../lines.ts";
import { type BadRow, badRow, type ImportItem, type Place, SourceFault, type SplitName } from "./importer.ts";
import { jsonElements } from "./json-elements.ts";
import type { SourceFolder } from "./source-folder.ts";
import { readTable } from "./table.ts";
import { captionsField, field, mostRecordBytes, recordOf, textField, textOf } from "./text.ts";

const imageFolders = ["flickr30k-images", "flickr30k_images", "images", "flickr30k_images/flickr30k_images"];
const tokens = ["results_20130124.token", "flickr30k/results_20130124.token"];
const tables = ["results.csv", "flickr30k_images/results.csv"];
const annotations = ["flickr_annotations_30k.csv"];
const splits = ["dataset_flickr30k.json", "dataset.json", "karpathy/dataset_flickr30k.json"];

/** One caption or several of one image, with its split where the file names one. */
interface Told extends Place {
	readonly type: "told";
	readonly name: string;
	readonly captions: readonly string[];
	readonly split: string | null;
}

/** Where the split of each image comes from: what `take` returns null for is left out. */
export interface FlickrReading {
	readonly prefix: string;
	/** Split of an image; `named` is what Karpathy's file calls it, null where there is no such file. */
	take(name: string, named: string | null): SplitName | null;
}

/** The images of a set with their captions, without labels. */
export async function* readFlickr(
	source: SourceFolder,
	{ prefix, take }: FlickrReading,
): AsyncGenerator<ImportItem, void> {
	const [folder] = await source.existing(...imageFolders);
	const images = new Map<string, Told>();
	const named = await readSplits(source);
	for await (const told of readCaptions(source)) {
		if (told.type === "bad-row") yield told;
		else {
			const held = images.get(told.name);
			images.set(told.name, held ? { ...held, captions: [...held.captions, ...told.captions] } : told);
		}
	}
	const taken = [...images.values()].flatMap((told) => {
		const split = take(told.name, named?.get(told.name) ?? told.split);
		return split === null ? [] : [{ ...told, split }];
	});
	yield { type: "total", rows: taken.length };
	for (const { name, captions, split, file, row } of taken) {
		const image = source.image(folder === undefined ? name : `${folder}/${name}`);
		yield { type: "row", file, row, id: `${prefix}${name}`, label: null, captions, split, image };
	}
}

async function* readCaptions(source: SourceFolder): AsyncGenerator<Told | BadRow, void> {
	const [token] = await source.existing(...tokens);
	if (token !== undefined) return yield* readTokens(await source.file(token), token);
	const [table] = await source.existing(...tables);
	if (table !== undefined) return yield* readResults(await source.file(table), table);
	const [annotated] = await source.existing(...annotations);
	if (annotated !== undefined) return yield* readAnnotations(await source.file(annotated), annotated);
	const [json] = await source.existing(...splits);
	if (json !== undefined) return yield* readKarpathy(await source.file(json), json);
	const names = [...tokens, ...tables, ...annotations, ...splits].join(", ");
	const message = `${source.root} holds no captions of Flickr30k: none of ${names}. Put one there.`;
	throw new MithridateError("invalid-data", message, { subject: source.root });
}

/** `1000092795.jpg#0<tab>Two young guys ...`. */
async function* readTokens(path: string, file: string): AsyncGenerator<Told | BadRow, void> {
	for await (const { row, bytes } of readLines(path, mostRecordBytes)) {
		if (bytes?.length === 0) continue;
		try {
			if (bytes === null) throw new SourceFault("record-too-long", `longer than ${mostRecordBytes} bytes`);
			const match = /^([^\t#]+)#\d+\t(.*)$/.exec(textOf(bytes).trimEnd());
			if (!match) throw new SourceFault("columns", "not of the form image.jpg#0<tab>caption");
			yield { type: "told", file, row, name: match[1]!, captions: [match[2]!], split: null };
		} catch (error) {
			yield badRow(error, { file, row });
		}
	}
}

/** `image_name| comment_number| comment`; captions may hold quotes, and one row of the known file lacks a bar. */
async function* readResults(path: string, file: string): AsyncGenerator<Told | BadRow, void> {
	for await (const { row, bytes } of readLines(path, mostRecordBytes)) {
		if (row === 1 || bytes?.length === 0) continue;
		try {
			if (bytes === null) throw new SourceFault("record-too-long", `longer than ${mostRecordBytes} bytes`);
			const [name, , ...caption] = textOf(bytes).split("|");
			if (caption.length === 0) throw new SourceFault("columns", "fewer than three columns");
			yield { type: "told", file, row, name: name!.trim(), captions: [caption.join("|").trim()], split: null };
		} catch (error) {
			yield badRow(error, { file, row });
		}
	}
}

/** `raw,sentids,split,filename,img_id`, the captions as a JSON list in `raw`. */
async function* readAnnotations(path: string, file: string): AsyncGenerator<Told | BadRow, void> {
	for await (const record of readTable(path, file, { delimiter: ",", columns: ["raw", "split", "filename"] })) {
		if (record.type === "bad-row") {
			yield record;
			continue;
		}
		const { row, cells } = record;
		try {
			const captions = captionsField({ raw: JSON.parse(cells.get("raw")!) }, "raw");
			yield { type: "told", file, row, name: cells.get("filename")!, captions, split: cells.get("split")! };
		} catch (error) {
			const fault = error instanceof SyntaxError ? new SourceFault("json", error.message) : error;
			yield badRow(fault, { file, row }, "raw");
		}
	}
}

async function* readKarpathy(path: string, file: string): AsyncGenerator<Told | BadRow, void> {
	for await (const { row, value } of jsonElements(path, file, ["images"])) {
		try {
			const image = recordOf(value);
			const sentences = field(image, "sentences");
			if (!Array.isArray(sentences)) throw new SourceFault("field", 'field "sentences" is not a list');
			const captions = sentences.map((sentence) => textField(recordOf(sentence), "raw"));
			yield { type: "told", file, row, name: textField(image, "filename"), captions, split: textField(image, "split") };
		} catch (error) {
			yield badRow(error, { file, row });
		}
	}
}

/** What Karpathy's file calls the split of each image; null without the file. */
async function readSplits(source: SourceFolder): Promise<Map<string, string> | null> {
	const [file] = await source.existing(...splits);
	if (file === undefined) return null;
	const named = new Map<string, string>();
	for await (const told of readKarpathy(await source.file(file), file))
		if (told.type === "told" && told.split !== null) named.set(told.name, told.split);
	return named;
}
