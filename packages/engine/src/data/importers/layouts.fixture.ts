/** Each kind's files in its owner's layout, small, made at test time. */
import type { CompressionCodec } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { folderOf, jpegs } from "../dataset.fixture.ts";
import { tarOf } from "./tar.fixture.ts";

/** Where a set lies and how to import it. */
export interface Layout {
	readonly path: string;
	readonly params?: object;
	/** Good rows: training, test, trusted. */
	readonly samples: { readonly train: number; readonly test: number; readonly trusted: number };
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

/** Two classes of four images, five sentences each. */
export async function pascalFiles(prefix = ""): Promise<Record<string, string | Uint8Array>> {
	const names = ["aeroplane", "sheep"].flatMap((label) => numbers(4).map((at) => `${label}/2008_00${at}716`));
	const images = await jpegs(names.map((name) => `${prefix}dataset/${name}.jpg`));
	const texts = names.map((name) => [
		`${prefix}sentence/${name}.txt`,
		numbers(5)
			.map((at) => `Sentence ${at} about ${name}.\n`)
			.join(""),
	]);
	return { ...images, ...Object.fromEntries(texts) };
}

const flickrNames = numbers(6).map((at) => `10000${at}2795.jpg`);

export async function flickrFiles(prefix = ""): Promise<Record<string, string | Uint8Array>> {
	const images = await jpegs(
		flickrNames.map((name) => `${prefix}flickr30k-images/${name}`),
		20,
	);
	const token = flickrNames.flatMap((name) => numbers(5).map((at) => `${name}#${at}\tTwo people , number ${at} .\n`));
	return {
		...images,
		[`${prefix}results_20130124.token`]: token.join(""),
		[`${prefix}dataset_flickr30k.json`]: karpathyFile(),
	};
}

/** Karpathy's file: four training images, one for validation, one for test. */
export function karpathyFile(): string {
	const images = flickrNames.map((filename, imgid) => ({
		sentids: numbers(5).map((at) => imgid * 5 + at),
		imgid,
		sentences: numbers(5).map((at) => ({
			tokens: ["two", "people"],
			raw: `Two people, number ${at}.`,
			imgid,
			sentid: imgid * 5 + at,
		})),
		split: ["train", "val", "train", "test", "train", "train"][imgid],
		filename,
	}));
	return JSON.stringify({ images, dataset: "flickr30k" });
}

/** Images of Visual Genome; `cocoIds` are those they have in COCO. */
export async function genomeFiles(prefix: string, cocoIds: readonly (number | null)[]) {
	const ids = cocoIds.map((_, at) => 2_315_000 + at);
	const folder = (at: number) => (at % 2 === 0 ? "VG_100K" : "VG_100K_2");
	const regions = ids.map((id) => ({
		id,
		regions: numbers(4).map((at) => ({
			region_id: id * 10 + at,
			width: 9,
			height: 9,
			image_id: id,
			x: 0,
			y: 0,
			// The same words may describe two regions of an image.
			phrase: `region ${Math.min(at, 2)} of ${id}`,
		})),
	}));
	const data = ids.map((image_id, at) => ({ image_id, width: 40, height: 32, coco_id: cocoIds[at], flickr_id: null }));
	const files = ids.map((id, at) => `${prefix}${folder(at)}/${id}.jpg`);
	return {
		...(await jpegs(files, 80)),
		[`${prefix}region_descriptions.json`]: JSON.stringify(regions),
		[`${prefix}image_data.json`]: JSON.stringify(data),
	};
}

/** COCO: eight images in two parts, one of them without instances, two of the classes too rare for the test. */
export async function cocoFiles(year: "2014" | "2017", prefix = ""): Promise<Record<string, string | Uint8Array>> {
	const nameOf = (part: string, id: number) =>
		year === "2014" ? `COCO_${part}2014_${String(id).padStart(12, "0")}.jpg` : `${String(id).padStart(12, "0")}.jpg`;
	const files: Record<string, string | Uint8Array> = {};
	for (const [part, ids] of [
		["train", [9, 25, 30, 34, 36]],
		["val", [42, 73, 74]],
	] as const) {
		const images = ids.map((id) => ({ license: 5, file_name: nameOf(part, id), height: 32, width: 40, id }));
		const captions = ids.flatMap((image_id) =>
			numbers(5).map((at) => ({ image_id, id: image_id * 100 + 5 - at, caption: `Caption ${5 - at} of ${image_id}.` })),
		);
		const instances = ids.flatMap((image_id, at) =>
			(image_id === 74 ? [] : [at % 2 === 0 ? 18 : 9, at % 2 === 0 ? 18 : 9]).map((category_id, instance) => ({
				segmentation: [[1.5, 2, 3, 4, 5, 6]],
				area: 7.5,
				iscrowd: 0,
				image_id,
				bbox: [1, 2, 3, 4],
				category_id,
				id: image_id * 10 + instance,
			})),
		);
		if (part === "val") instances.push({ ...instances[0]!, image_id: 42, category_id: 80, id: 999 });
		const categories = [
			{ supercategory: "vehicle", id: 9, name: "boat" },
			{ supercategory: "animal", id: 18, name: "dog" },
			{ supercategory: "appliance", id: 80, name: "toaster" },
		];
		const info = { description: 'a set with [brackets] and "quotes"', year: Number(year), url: "" };
		files[`${prefix}annotations/captions_${part}${year}.json`] = JSON.stringify({
			info,
			images,
			annotations: captions,
		});
		files[`${prefix}annotations/instances_${part}${year}.json`] = JSON.stringify({
			info,
			licenses: [{ id: 5, url: "", name: "" }],
			images,
			annotations: instances,
			categories,
		});
		Object.assign(
			files,
			await jpegs(
				images.map(({ file_name }) => `${prefix}${part}${year}/${file_name}`),
				ids[0],
			),
		);
	}
	return files;
}

/** A set of each kind; the conformance tests ask for all of them. */
export const layouts: Readonly<Record<string, () => Promise<Layout>>> = {
	async captionFile() {
		const names = numbers(4).map((at) => `${at}.jpg`);
		const rows = names.flatMap((name, at) => [`${name},"one, ${at}",train`, `${name},two ${at},train`]);
		const table = ["image,caption,split", ...rows].join("\n");
		return {
			path: await folderOf({ "captions.csv": table, ...(await jpegs(names)) }),
			samples: { train: 4, test: 0, trusted: 0 },
		};
	},
	async pascalSentences() {
		return { path: await folderOf(await pascalFiles()), samples: { train: 4, test: 4, trusted: 0 } };
	},
	async flickr30k() {
		return { path: await folderOf(await flickrFiles()), samples: { train: 4, test: 1, trusted: 0 } };
	},
	async flickrPascal() {
		const files = [await pascalFiles("pascal/"), await flickrFiles("flickr30k/")];
		const genome = await genomeFiles("visual-genome/", [null, null, null]);
		return {
			path: await folderOf(Object.assign({}, ...files, genome)),
			params: { visualGenome: "visual-genome" },
			samples: { train: 8, test: 4, trusted: 3 },
		};
	},
	async coco() {
		return {
			path: await folderOf(await cocoFiles("2014")),
			params: { testPerClass: 1 },
			samples: { train: 6, test: 2, trusted: 0 },
		};
	},
	async visualGenome() {
		return {
			path: await folderOf(await genomeFiles("", [null, 7])),
			samples: { train: 0, test: 0, trusted: 2 },
		};
	},
	async webDataset() {
		const images = await jpegs(["a", "b", "c"]);
		const files = ["a", "b", "c"].flatMap((key) => [
			{ name: `00000/${key}.jpg`, content: images[key]! },
			{ name: `00000/${key}.txt`, content: `caption of ${key}` },
			{ name: `00000/${key}.json`, content: JSON.stringify({ split: "train", label: `class ${key}` }) },
		]);
		return { path: await folderOf({ "shard-00000.tar": tarOf(files) }), samples: { train: 3, test: 0, trusted: 0 } };
	},
	async parquet() {
		const images = Object.values(await jpegs(["a", "b", "c"]));
		return {
			path: await folderOf({ "train-00000-of-00001.parquet": parquetOf(images) }),
			params: { split: "split" },
			samples: { train: 3, test: 0, trusted: 0 },
		};
	},
};

/** A file as Hugging Face writes it: the image as a group of bytes and path. */
export function parquetOf(images: readonly Uint8Array[], codec: CompressionCodec = "UNCOMPRESSED"): Uint8Array {
	const buffer = parquetWriteBuffer({
		schema: [
			{ name: "root", num_children: 3 },
			{ name: "image", num_children: 2, repetition_type: "OPTIONAL" },
			{ name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
			{ name: "path", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
			{ name: "caption", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
			{ name: "split", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
		],
		columnData: [
			{ name: "image", data: images.map((bytes, at) => ({ bytes, path: `${at}.jpg` })) },
			{ name: "caption", data: images.map((_, at) => `caption ${at}`) },
			{ name: "split", data: images.map(() => "train") },
		],
		rowGroupSize: 2,
		codec,
	});
	return new Uint8Array(buffer);
}
