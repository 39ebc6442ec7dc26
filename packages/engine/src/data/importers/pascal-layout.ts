/** PASCAL Sentences as it is distributed: `<class>/<image>.jpg`, five sentences in `<class>/<image>.txt` or in the page's HTML. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MithridateError } from "../../errors.ts";
import type { Random } from "../../random.ts";
import { readLines } from "../lines.ts";
import { type BadRow, badRow, type ImportedRow, type ImportItem, SourceFault, type SplitName } from "./importer.ts";
import type { SourceFolder } from "./source-folder.ts";
import { mostRecordBytes, textOf } from "./text.ts";

/** Folders that hold the class folders of the images, and those of the sentences; empty: the set's own folder. */
const imageFolders = ["dataset", "images", "Images", ""];
const sentenceFolders = ["sentence", "sentences", "texts", "captions"];
const page = "index.html";

interface Picture {
	readonly label: string;
	/** `<class>/<image>.jpg`. */
	readonly name: string;
}

/** The images of a set with their sentences; each class is drawn into halves for training and test. */
export async function* readPascal(
	source: SourceFolder,
	{ trainPerClass, random, prefix }: { trainPerClass: number; random: Random; prefix: string },
): AsyncGenerator<ImportItem, void> {
	const folder = await findImages(source);
	const pictures = await listPictures(source.root, folder);
	const sentencesOf = await findSentences(source, folder);
	yield { type: "total", rows: pictures.length };
	const training = drawTraining(pictures, trainPerClass, random);
	for (const { label, name } of pictures) {
		const split: SplitName = training.has(name) ? "train" : "test";
		const image = source.image(folder === "" ? name : `${folder}/${name}`);
		yield await rowOf({ id: `${prefix}${name}`, label, split, image, name, sentencesOf });
	}
}

async function rowOf(told: {
	id: string;
	label: string;
	split: SplitName;
	image: ImportedRow["image"];
	name: string;
	sentencesOf: (name: string) => Promise<Sentences>;
}): Promise<ImportedRow | BadRow> {
	const { sentencesOf, name, ...row } = told;
	try {
		const { file, captions } = await sentencesOf(name);
		return { type: "row", file, row: 1, captions, ...row };
	} catch (error) {
		return badRow(error, { file: name, row: 1 }, "caption");
	}
}

async function isFolder(path: string): Promise<boolean> {
	return stat(path).then(
		(info) => info.isDirectory(),
		() => false,
	);
}

async function findImages({ root }: SourceFolder): Promise<string> {
	for (const folder of imageFolders) {
		if (!(await isFolder(join(root, folder)))) continue;
		if ((await listPictures(root, folder)).length > 0) return folder;
	}
	const message = `${root} has no folder of images for each class, such as dataset/aeroplane/2008_000716.jpg. Give the folder above the class folders.`;
	throw new MithridateError("invalid-data", message, { subject: root });
}

/** Images by class, in the order of their names. */
async function listPictures(root: string, folder: string): Promise<Picture[]> {
	const classes = (await readdir(join(root, folder), { withFileTypes: true }))
		.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
		.map(({ name }) => name)
		.sort();
	const lists = await Promise.all(
		classes.map(async (label) =>
			(await readdir(join(root, folder, label)))
				.filter((file) => /\.jpe?g$/i.test(file))
				.sort()
				.map((file) => ({ label, name: `${label}/${file}` })),
		),
	);
	return lists.flat();
}

interface Sentences {
	readonly file: string;
	readonly captions: readonly string[];
}

/** How the sentences of an image are found. */
async function findSentences(source: SourceFolder, images: string): Promise<(name: string) => Promise<Sentences>> {
	for (const folder of [...sentenceFolders, images]) {
		const [first] = (await listTexts(join(source.root, folder))) ?? [];
		if (first === undefined) continue;
		return async (name) => {
			const file = `${folder === "" ? "" : `${folder}/`}${name.replace(/\.jpe?g$/i, ".txt")}`;
			return { file, captions: await linesOf(source, file) };
		};
	}
	if ((await source.existing(page)).length === 0) {
		const message = `${source.root} has no sentences: neither sentence/<class>/<image>.txt nor ${page}. Put them there.`;
		throw new MithridateError("invalid-data", message, { subject: source.root });
	}
	const captions = parsePage(await readFile(await source.file(page), "utf8"));
	return async (name) => ({ file: page, captions: captions.get(name) ?? [] });
}

/** Text files one folder down; none when there is no such folder. */
async function listTexts(folder: string): Promise<string[]> {
	if (!(await isFolder(folder))) return [];
	const classes = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
	const lists = await Promise.all(classes.map(({ name }) => readdir(join(folder, name))));
	return lists.flat().filter((name) => name.endsWith(".txt"));
}

async function linesOf(source: SourceFolder, file: string): Promise<string[]> {
	let path: string;
	try {
		path = await source.file(file);
	} catch {
		throw new SourceFault("caption-missing", `there is no file ${file}`);
	}
	const captions: string[] = [];
	for await (const { bytes } of readLines(path, mostRecordBytes)) {
		if (bytes === null) throw new SourceFault("record-too-long", `a line of ${file} is too long`);
		const text = textOf(bytes).trim();
		if (text !== "") captions.push(text);
	}
	return captions;
}

/** Sentences by image from the page of the set: after each image, the cells of its table. */
function parsePage(html: string): Map<string, string[]> {
	const found = new Map<string, string[]>();
	const parts = html.split(/<img\b[^>]*?\bsrc\s*=\s*["']?/i).slice(1);
	for (const part of parts) {
		const name = /^[^"'\s>]+/.exec(part)?.[0]?.split("/").slice(-2).join("/");
		const cells = [...part.matchAll(/<td\b[^>]*>([^<]*)/gi)].map(([, text]) => plainText(text!).trim());
		if (name !== undefined)
			found.set(
				name,
				cells.filter((text) => text !== ""),
			);
	}
	return found;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function plainText(text: string): string {
	return text
		.replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
		.replace(/&([a-z]+);/g, (whole, name: string) => (Object.hasOwn(entities, name) ? entities[name]! : whole))
		.replace(/\s+/g, " ");
}

function drawTraining(pictures: readonly Picture[], perClass: number, random: Random): Set<string> {
	const classes = Object.entries(Object.groupBy(pictures, ({ label }) => label));
	return new Set(
		classes.flatMap(([label, own]) => {
			const names = own!.map(({ name }) => name);
			// A damaged copy of the set with fewer images still has both halves.
			const count = Math.min(perClass, Math.floor(names.length / 2));
			return random.split(`half/${label}`).sample(names, count);
		}),
	);
}
