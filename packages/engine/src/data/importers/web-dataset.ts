/** The importer of WebDataset shards: tar files in which the members of one sample share their name and stand together. */
import { z } from "zod";
import type { Random } from "../../random.ts";
import { archiveFiles } from "./archive-files.ts";
import { type BadRow, badRow, type ImportedRow, type Importer, type ImportItem, SourceFault } from "./importer.ts";
import { drawSplit, splitOf, splitShares } from "./shares.ts";
import { readTar } from "./tar.ts";
import { captionsField, field, recordOf, textField, textOf } from "./text.ts";

const params = z.strictObject({
	caption: z.string().min(1).default("caption").describe("Field of a .json member with the caption or captions."),
	label: z.string().min(1).default("label").describe("Field of a .json member with the class."),
	...splitShares,
});
type Params = z.output<typeof params>;

const imageEndings = ["jpg", "jpeg", "png", "webp", "gif"];

interface Sample {
	readonly file: string;
	readonly row: number;
	readonly key: string;
	/** Contents by ending. */
	readonly members: Map<string, Buffer>;
}

export const webDataset: Importer<typeof params> = {
	description:
		"WebDataset: tar shards with NAME.jpg beside NAME.txt (caption), NAME.cls (class) or NAME.json (fields).",
	source: "github.com/webdataset/webdataset, the format of LAION's and DataComp's shards",
	params,
	example: { caption: "caption" },
	async *read(path, params, { random }) {
		for (const shard of await archiveFiles(path, "tar")) yield* readShard(shard.path, shard.file, { params, random });
	},
};

async function* readShard(
	path: string,
	file: string,
	how: { params: Params; random: Random },
): AsyncGenerator<ImportItem, void> {
	let held = null as Sample | null;
	for await (const { row, name, content } of readTar(path, file)) {
		if (content instanceof SourceFault) {
			yield { type: "bad-row", file, row, reason: content.reason, detail: `${name}: ${content.message}` };
			continue;
		}
		const plain = name.replace(/^\.\//, "");
		const folder = plain.lastIndexOf("/") + 1;
		const dot = plain.indexOf(".", folder + 1);
		if (dot < 0) continue;
		const key = plain.slice(0, dot);
		if (held !== null && held.key !== key) {
			yield rowOf(held, how);
			held = null;
		}
		held ??= { file, row, key, members: new Map() };
		held.members.set(plain.slice(dot + 1).toLowerCase(), content);
	}
	if (held !== null) yield rowOf(held, how);
}

function rowOf(
	{ file, row, key, members }: Sample,
	{ params, random }: { params: Params; random: Random },
): ImportedRow | BadRow {
	try {
		const ending = imageEndings.find((each) => members.has(each));
		if (ending === undefined) throw new SourceFault("image-missing", `${key} has no image`);
		const bytes = members.get(ending)!;
		const told = toldOf(members, params);
		return {
			type: "row",
			file,
			row,
			id: key,
			...told,
			split: told.split === null ? drawSplit(random, key, params) : splitOf(told.split),
			image: { length: async () => bytes.length, load: async () => bytes },
		};
	} catch (error) {
		return badRow(error, { file, row });
	}
}

function toldOf(members: ReadonlyMap<string, Buffer>, params: Params) {
	const json = members.get("json");
	const record = json === undefined ? {} : recordOf(parse(json));
	const text = members.get("txt");
	const label = members.get("cls");
	const optional = (name: string) => (field(record, name) == null ? null : textField(record, name));
	return {
		captions: text === undefined ? captionsField(record, params.caption) : [textOf(text)],
		label: label === undefined ? optional(params.label) : textOf(label).trim(),
		split: optional("split"),
	};
}

function parse(bytes: Buffer): unknown {
	const text = textOf(bytes);
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new SourceFault("json", (error as Error).message);
	}
}
