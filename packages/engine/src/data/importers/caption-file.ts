/** A folder of images beside a table of captions: CSV, TSV or JSON lines. */
import { extname } from "node:path";
import { z } from "zod";
import { MithridateError } from "../../errors.ts";
import { readLines } from "../lines.ts";
import {
	type BadRow,
	badRow,
	type ImportedRow,
	type Importer,
	type ImportItem,
	type ReadContext,
	SourceFault,
} from "./importer.ts";
import { drawSplit, splitOf, splitShares } from "./shares.ts";
import { openSource, type SourceFolder } from "./source-folder.ts";
import { readTable } from "./table.ts";
import { captionsField, checkEncoding, field, mostRecordBytes, recordOf, textField, textOf } from "./text.ts";

const column = (standard: string) => z.string().min(1).max(100).default(standard);

const params = z.strictObject({
	captions: z
		.string()
		.default("")
		.describe(
			"Name of the table; empty: captions.csv, captions.tsv, captions.jsonl or metadata.*, whichever is there.",
		),
	images: z.string().default("").describe("Folder below the set that image names start from; empty: the set's own."),
	image: column("image").describe("Column with the image's file name; file_name and file are tried too."),
	caption: column("caption").describe("Column with the caption; captions and text are tried too."),
	label: column("label").describe("Column with the class, if there is one."),
	split: column("split").describe("Column with train, test, trusted or val, if there is one."),
	...splitShares,
});
type Params = z.output<typeof params>;

/** One line of the table, whatever its format: several lines of one image stand together. */
interface Told {
	readonly type: "told";
	readonly row: number;
	readonly image: string;
	readonly captions: readonly string[];
	readonly label: string | null;
	readonly split: string | null;
}

export const captionFile: Importer<typeof params> = {
	description: "A folder of images with a CSV, TSV or JSON lines file of captions; lines of one image stand together.",
	source: "The layout of Hugging Face's imagefolder and of most hand-made sets",
	params,
	example: { captions: "captions.csv", image: "image", caption: "caption" },
	async *read(path, params, context) {
		const source = await openSource(path);
		const table = params.captions === "" ? await findTable(source) : params.captions;
		const real = await source.file(table);
		const format = extname(table).toLowerCase();
		const told = format === ".jsonl" ? readJsonLines(real, table, params) : readDelimited(real, table, params);
		yield* rowsOf(told, { source, table, params, context });
	},
};

async function findTable(source: SourceFolder): Promise<string> {
	const names = ["captions", "metadata"].flatMap((name) => [".csv", ".tsv", ".jsonl"].map((end) => `${name}${end}`));
	const [found] = await source.existing(...names);
	if (found !== undefined) return found;
	const message = `${source.root} holds none of ${names.join(", ")}. Name the table with the parameter "captions".`;
	throw new MithridateError("invalid-data", message, { subject: source.root });
}

/** Lines joined by image; each image gets a split. */
async function* rowsOf(
	told: AsyncGenerator<Told | BadRow, void>,
	{ source, table, params, context }: { source: SourceFolder; table: string; params: Params; context: ReadContext },
): AsyncGenerator<ImportItem, void> {
	let held = null as Told | null;
	const finish = ({ row, image, captions, label, split }: Told): ImportedRow | BadRow => {
		try {
			return {
				type: "row",
				file: table,
				row,
				id: image,
				captions,
				label,
				split: split === null ? drawSplit(context.random, image, params) : splitOf(split),
				image: source.image(params.images === "" ? image : `${params.images}/${image}`),
			};
		} catch (error) {
			return badRow(error, { file: table, row }, params.split);
		}
	};
	// A bad line may stand between two captions of one image; it is told of after them, so that rows stay in order.
	let between: BadRow[] = [];
	for await (const line of told) {
		if (line.type === "bad-row") between.push(line);
		else if (held?.image === line.image) held = { ...held, captions: [...held.captions, ...line.captions] };
		else {
			if (held !== null) yield finish(held);
			yield* between;
			between = [];
			held = line;
		}
	}
	if (held !== null) yield finish(held);
	yield* between;
}

const otherNames = { image: ["file_name", "file"], caption: ["captions", "text"] } as const;

async function* readDelimited(path: string, file: string, params: Params): AsyncGenerator<Told | BadRow, void> {
	const delimiter = extname(file).toLowerCase() === ".csv" ? "," : "\t";
	const names = await headerNames(path, file, delimiter);
	const named = (what: "image" | "caption") =>
		[params[what], ...otherNames[what]].find((name) => names.has(name)) ?? params[what];
	const [image, caption] = [named("image"), named("caption")];
	for await (const record of readTable(path, file, { delimiter, columns: [image, caption] })) {
		if (record.type === "bad-row") yield record;
		else
			yield {
				type: "told",
				row: record.row,
				image: record.cells.get(image)!,
				captions: [record.cells.get(caption)!],
				label: record.cells.get(params.label) || null,
				split: record.cells.get(params.split) || null,
			};
	}
}

/** Names in the first line; a line that is none is told of when the table is read. */
async function headerNames(path: string, file: string, delimiter: string): Promise<Set<string>> {
	for await (const { bytes } of readLines(path, mostRecordBytes)) {
		if (bytes) checkEncoding(bytes, file);
		const text = (bytes?.toString("utf8") ?? "").replace(/^\ufeff/, "");
		return new Set(text.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, "$1")));
	}
	return new Set();
}

async function* readJsonLines(path: string, file: string, params: Params): AsyncGenerator<Told | BadRow, void> {
	for await (const { row, bytes } of readLines(path, mostRecordBytes)) {
		if (row === 1 && bytes) checkEncoding(bytes, file);
		if (bytes?.length === 0) continue;
		try {
			const record = recordOf(parseLine(bytes));
			const named = (what: "image" | "caption") =>
				[params[what], ...otherNames[what]].find((name) => field(record, name) !== undefined) ?? params[what];
			const optional = (name: string) => (field(record, name) == null ? null : textField(record, name));
			yield {
				type: "told",
				row,
				image: textField(record, named("image")),
				captions: captionsField(record, named("caption")),
				label: optional(params.label),
				split: optional(params.split),
			};
		} catch (error) {
			yield badRow(error, { file, row });
		}
	}
}

function parseLine(bytes: Buffer | null): unknown {
	if (bytes === null) throw new SourceFault("record-too-long", `longer than ${mostRecordBytes} bytes`);
	const text = textOf(bytes);
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new SourceFault("json", (error as Error).message);
	}
}
