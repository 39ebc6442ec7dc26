/** The importer of Parquet files with the images in them, as Hugging Face distributes sets. */
import { type FileHandle, open } from "node:fs/promises";
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { z } from "zod";
import { MithridateError } from "../../errors.ts";
import type { Random } from "../../random.ts";
import { archiveFiles } from "./archive-files.ts";
import { type BadRow, badRow, type ImportedRow, type Importer, type ImportItem, SourceFault } from "./importer.ts";
import { drawSplit, splitOf, splitShares } from "./shares.ts";
import { captionsField, field, textField } from "./text.ts";

const params = z.strictObject({
	image: z
		.string()
		.min(1)
		.default("image")
		.describe("Column with the image: its bytes, or a group with a field bytes."),
	caption: z.string().min(1).default("caption").describe("Column with the caption or a list of captions."),
	label: z.string().min(1).nullable().default(null).describe("Column with the class, if there is one."),
	split: z
		.string()
		.min(1)
		.nullable()
		.default(null)
		.describe("Column with train, test, trusted or val, if there is one."),
	...splitShares,
});
type Params = z.output<typeof params>;

/** Bytes of a file that are unpacked at a time, as far as its row groups allow. */
const mostBytesAtOnce = 2 ** 26;
/** Unpacked bytes of one row group: a column of it is held whole. */
const mostGroupBytes = 2 ** 30;

export const parquet: Importer<typeof params> = {
	description: "Parquet files with embedded images and captions.",
	source: "The layout of image sets on the Hugging Face hub",
	params,
	example: { image: "image", caption: "caption" },
	async *read(path, params, { random }) {
		for (const each of await archiveFiles(path, "parquet")) {
			const handle = await open(each.path);
			try {
				yield* readOne(handle, each.file, { params, random });
			} finally {
				await handle.close();
			}
		}
	},
};

async function* readOne(
	handle: FileHandle,
	file: string,
	{ params, random }: { params: Params; random: Random },
): AsyncGenerator<ImportItem, void> {
	const { size } = await handle.stat();
	const buffer: AsyncBuffer = {
		byteLength: size,
		async slice(start, end = size) {
			const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
			await handle.read(bytes, 0, bytes.length, start);
			return bytes.buffer;
		},
	};
	const metadata = await guarded(file, () => parquetMetadataAsync(buffer));
	const columns = [params.image, params.caption, params.label, params.split].filter((name) => name !== null);
	checkColumns(metadata, columns, file);
	let groupStart = 0;
	for (const group of metadata.row_groups) {
		const rows = Number(group.num_rows);
		const bytes = Number(group.total_byte_size);
		if (!(bytes >= 0 && bytes <= mostGroupBytes))
			throw unreadable(file, `a row group of ${bytes} bytes; the limit is ${mostGroupBytes}, write smaller groups`);
		const step = Math.max(1, Math.floor((rows * mostBytesAtOnce) / Math.max(bytes, mostBytesAtOnce)));
		for (let from = 0; from < rows; from += step) {
			const rowStart = groupStart + from;
			const rowEnd = groupStart + Math.min(rows, from + step);
			const records = await guarded(file, () =>
				parquetReadObjects({ file: buffer, metadata, columns, rowStart, rowEnd, compressors, utf8: false }),
			);
			for (const [at, record] of records.entries())
				yield rowOf(record, { file, row: rowStart + at + 1, params, random });
		}
		groupStart += rows;
	}
}

function rowOf(
	record: Readonly<Record<string, unknown>>,
	{ file, row, params, random }: { file: string; row: number; params: Params; random: Random },
): ImportedRow | BadRow {
	try {
		const bytes = bytesOf(field(record, params.image));
		const id = `${file}#${row}`;
		const optional = (name: string | null) =>
			name === null || field(record, name) == null ? null : textField(record, name);
		const split = optional(params.split);
		return {
			type: "row",
			file,
			row,
			id,
			captions: captionsField(record, params.caption),
			label: optional(params.label),
			split: split === null ? drawSplit(random, id, params) : splitOf(split),
			image: { length: async () => bytes.length, load: async () => bytes },
		};
	} catch (error) {
		return badRow(error, { file, row });
	}
}

/** The image itself, or the field `bytes` of the group that stands for it. */
function bytesOf(value: unknown): Uint8Array {
	const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null | undefined)?.bytes;
	// A copy: the value is a view into the whole unpacked column.
	if (bytes instanceof Uint8Array) return Uint8Array.from(bytes);
	throw new SourceFault("image-missing", "there are no bytes of an image; sets that only name files are not read");
}

function checkColumns(metadata: FileMetaData, columns: readonly string[], file: string): void {
	const [root, ...elements] = metadata.schema;
	const names: string[] = [];
	let at = 0;
	const skip = (count: number) => {
		for (let child = 0; child < count; child++) skip(elements[at++]?.num_children ?? 0);
	};
	for (let child = 0; child < (root?.num_children ?? 0); child++) {
		const element = elements[at++];
		names.push(element?.name ?? "");
		skip(element?.num_children ?? 0);
	}
	const missing = columns.find((name) => !names.includes(name));
	if (missing === undefined) return;
	const message = `${file} has no column "${missing}"; there are: ${names.slice(0, 30).join(", ")}. Name the columns by the importer's parameters.`;
	throw new MithridateError("invalid-data", message, { subject: missing });
}

async function guarded<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
	try {
		return await read();
	} catch (error) {
		throw unreadable(file, (error as Error).message, error);
	}
}

function unreadable(file: string, why: string, cause?: unknown): MithridateError {
	return new MithridateError("invalid-data", `${file} cannot be read as Parquet: ${why}.`, { subject: file, cause });
}
