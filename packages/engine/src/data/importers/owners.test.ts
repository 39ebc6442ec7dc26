/** What is particular to each owner's set: where its captions, labels and splits come from. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import type { Dataset } from "../../types.ts";
import { addFiles, carryOut, folderOf, jpeg, jpegs } from "../dataset.fixture.ts";
import { openDataset } from "../versions/open.ts";
import { type CocoImage, drawLabel } from "./coco-layout.ts";
import { cocoFiles, flickrFiles, genomeFiles, karpathyFile, parquetOf, pascalFiles } from "./layouts.fixture.ts";
import { tarOf } from "./tar.fixture.ts";

async function imported(kind: string, path: string, params: object = {}): Promise<Dataset> {
	const { version, faults } = await carryOut({ kind, path, params });
	expect(faults.filter((fault) => !fault.startsWith("duplicate-of-test"))).toEqual([]);
	return openDataset(version.path);
}
const idsOf = ({ samples }: Dataset["train"]) => samples.map(({ id }) => id);
const captionsOf = (split: Dataset["train"], id: string) => split.samples.find((sample) => sample.id === id)?.captions;

describe("PASCAL Sentences", () => {
	it("is halved class by class", async () => {
		const dataset = await imported("pascalSentences", await folderOf(await pascalFiles()));
		for (const split of [dataset.train, dataset.test])
			expect(split.labels).toEqual(["aeroplane", "aeroplane", "sheep", "sheep"]);
		expect(dataset.classes).toEqual(["aeroplane", "sheep"]);
		const [id] = idsOf(dataset.train);
		expect(captionsOf(dataset.train, id!)).toHaveLength(5);
		expect(captionsOf(dataset.train, id!)?.[4]).toBe(`Sentence 4 about ${id!.replace(".jpg", "")}.`);
	});

	it("takes the sentences from the page where there are no text files", async () => {
		const files = Object.entries(await pascalFiles()).filter(([name]) => name.endsWith(".jpg"));
		const cells = files.map(([name]) => {
			const src = name.replace("dataset/", "");
			return `<tr><td><img src="${src}"></td><td><table><tr><td> A &amp; B of ${src}. </td></tr><tr><td>It&#39;s ${src}</td></tr></table></td></tr>`;
		});
		const path = await folderOf({ ...Object.fromEntries(files), "index.html": `<table>${cells.join("\n")}</table>` });
		const { train } = await imported("pascalSentences", path);
		const [id] = idsOf(train);
		expect(captionsOf(train, id!)).toEqual([`A & B of ${id}.`, `It's ${id}`]);
	});
});

describe("Flickr30k", () => {
	const names = (dataset: Dataset) => [dataset.train, dataset.test].map((split) => idsOf(split).map((id) => id[5]));

	it("follows Karpathy's split, with or without the validation images", async () => {
		const path = await folderOf(await flickrFiles());
		expect(names(await imported("flickr30k", path))).toEqual([["0", "2", "4", "5"], ["3"]]);
		expect(names(await imported("flickr30k", path, { validation: "train" }))).toEqual([
			["0", "1", "2", "4", "5"],
			["3"],
		]);
	});

	it.each([
		["the token file", "results_20130124.token", /^Two people , number 2 \.$/],
		["the CSV file", "results.csv", /^Two people, a "quoted" \| number 2$/],
		["the annotations", "flickr_annotations_30k.csv", /^Two "people", number 2\.$/],
		["Karpathy's file", "dataset_flickr30k.json", /^Two people, number 2\.$/],
	])("reads captions from %s", async (_, file, caption) => {
		const files = await flickrFiles();
		const pictures = Object.fromEntries(Object.entries(files).filter(([name]) => name.endsWith(".jpg")));
		const numbers = [0, 1, 2, 3, 4];
		const plain = Object.keys(pictures).map((name) => name.split("/")[1]!);
		const table = plain.flatMap((name) =>
			numbers.map((at) => `${name}| ${at}| Two people, a "quoted" | number ${at}\n`),
		);
		const rows = plain.map((name, at) => {
			const raw = JSON.stringify(numbers.map((number) => `Two "people", number ${number}.`)).replaceAll('"', '""');
			return `"${raw}","[0, 1]",${at === 3 ? "test" : "train"},${name},${at}\n`;
		});
		const sources: Record<string, string> = {
			"results_20130124.token": String(files["results_20130124.token"]),
			"results.csv": `image_name| comment_number| comment\n${table.join("")}`,
			"flickr_annotations_30k.csv": `raw,sentids,split,filename,img_id\n${rows.join("")}`,
			"dataset_flickr30k.json": karpathyFile(),
		};
		const { train } = await imported("flickr30k", await folderOf({ ...pictures, [file]: sources[file]! }), {
			testShare: 0,
			trustedShare: 0,
		});
		expect(captionsOf(train, "1000002795.jpg")).toHaveLength(5);
		expect(captionsOf(train, "1000002795.jpg")?.[2]).toMatch(caption);
	});

	it("reports the row of the known file that lacks a bar", async () => {
		const files = await jpegs(["images/1.jpg"]);
		const path = await folderOf({
			...files,
			"results.csv": "image_name| n| c\n1.jpg| 0| A dog .\n1.jpg| 4   A dog runs .\n",
		});
		const { faults } = await carryOut({ kind: "flickr30k", path, params: { testShare: 0, trustedShare: 0 } });
		expect(faults).toEqual(["columns results.csv:3"]);
	});
});

describe("Flickr-PASCAL", () => {
	it("trains on Flickr without labels and half of PASCAL, and keeps the other half as gallery", async () => {
		const path = await folderOf({ ...(await pascalFiles("pascal/")), ...(await flickrFiles("flickr30k/")) });
		const paper = await imported("flickrPascal", path, { flickr: "all" });
		expect(paper.train.samples).toHaveLength(4 + 6);
		const code = await imported("flickrPascal", path);
		expect(code.train.samples).toHaveLength(4 + 4);
		expect(code.train.labels.filter((label) => label === null)).toHaveLength(4);
		expect(idsOf(code.test)).toEqual(idsOf(paper.test));
		expect(code.test.labels.every((label) => label !== null)).toBe(true);
		expect(code.trusted.samples).toEqual([]);
	});

	it("trusts Visual Genome but for what looks like its gallery", async () => {
		const path = await folderOf({
			...(await pascalFiles("pascal/")),
			...(await flickrFiles("flickr30k/")),
			...(await genomeFiles("genome/", [null, null, null])),
		});
		const before = await imported("flickrPascal", path, { visualGenome: "genome" });
		expect(idsOf(before.trusted)).toEqual(["genome/2315000", "genome/2315001", "genome/2315002"]);
		expect(captionsOf(before.trusted, "genome/2315001")).toHaveLength(3);
		const copy = (await pascalFiles("pascal/"))[`pascal/dataset/${idsOf(before.test)[0]!.slice("pascal/".length)}`]!;
		await addFiles(path, { "genome/VG_100K_2/2315001.jpg": copy });
		const after = await imported("flickrPascal", path, { visualGenome: "genome" });
		expect(idsOf(after.trusted)).toEqual(["genome/2315000", "genome/2315002"]);
	});

	it.each(["../other", "/etc", "a/../../b", "pascal\\..", "link"])("refuses the folder %s", async (pascal) => {
		const outside = await folderOf(await pascalFiles());
		const path = await folderOf(await flickrFiles("flickr30k/"));
		const { symlink } = await import("node:fs/promises");
		await symlink(outside, join(path, "link"));
		await expect(carryOut({ kind: "flickrPascal", path, params: { pascal } })).rejects.toMatchObject({
			code: "invalid-data",
			message: expect.stringMatching(/plain path|leads out/),
		});
	});
});

describe("COCO", () => {
	it.each(["2014", "2017"] as const)(
		"of %s gives one label an image and the asked number of test images",
		async (year) => {
			const dataset = await imported("coco", await folderOf(await cocoFiles(year)), { year, testPerClass: 1 });
			expect([...dataset.test.labels].sort()).toEqual(["boat", "dog"]);
			expect(dataset.train.samples).toHaveLength(6);
			expect(dataset.train.labels.filter((label) => label === null)).toHaveLength(1);
			const ids = [...idsOf(dataset.train), ...idsOf(dataset.test)];
			expect(ids).toContain(year === "2014" ? "val2014/COCO_val2014_000000000074.jpg" : "val2017/000000000074.jpg");
			const own = captionsOf(dataset.train, ids.find((id) => id.includes("74"))!);
			expect(own).toEqual([1, 2, 3, 4, 5].map((at) => `Caption ${at} of 74.`));
		},
	);

	it("keeps half and a quarter of each class for COCO-M and COCO-S, with the same test images", async () => {
		const path = await folderOf(await cocoFiles("2014"));
		const [full, medium, small] = await Promise.all(
			(["full", "medium", "small"] as const).map((size) => imported("coco", path, { size, testPerClass: 1 })),
		);
		const count = ({ train }: Dataset, label: string | null) => train.labels.filter((one) => one === label).length;
		for (const label of ["boat", "dog"]) {
			expect(count(medium!, label)).toBe(Math.round(count(full!, label) / 2));
			expect(count(small!, label)).toBe(Math.round(count(full!, label) / 4));
		}
		for (const one of [medium, small]) expect(idsOf(one!.test)).toEqual(idsOf(full!.test));
	});

	it("draws a label with the probability of its share among the instances", () => {
		const draws = Array.from({ length: 4000 }, (_, id) => {
			const instances = new Map([
				["dog", 3],
				["boat", 1],
			]);
			const image: CocoImage = { id, name: "", file: "", row: 1, captions: [], instances };
			return drawLabel(image, new Random("share"));
		});
		// Four standard deviations of a share of 3/4 over 4000 draws are 0.027.
		const share = draws.filter((label) => label === "dog").length / draws.length;
		expect(Math.abs(share - 0.75)).toBeLessThan(0.027);
	});

	it("leaves out of the cure what Visual Genome says is a test image", async () => {
		const plain = await folderOf(await cocoFiles("2014"));
		const { test, train } = await imported("coco", plain, { testPerClass: 1 });
		const numbers = (split: Dataset["train"]) => idsOf(split).map((id) => Number(/(\d{12})\.jpg/.exec(id)![1]));
		await addFiles(plain, await genomeFiles("vg/", [numbers(test)[0]!, numbers(train)[0]!, null]));
		const params = { testPerClass: 1, visualGenome: "vg", regionsPerImage: 2 };
		const { version, faults } = await carryOut({ kind: "coco", path: plain, params });
		expect(faults).toEqual(["duplicate-of-test region_descriptions.json:1"]);
		const { trusted } = await openDataset(version.path);
		expect(idsOf(trusted)).toEqual(["genome/2315001", "genome/2315002"]);
		expect(trusted.samples.map(({ captions }) => captions.length)).toEqual([2, 2]);
	});

	it("refuses more test images than a class has, and files of another form", async () => {
		const path = await folderOf(await cocoFiles("2014"));
		await expect(carryOut({ kind: "coco", path, params: { testPerClass: 5 } })).rejects.toThrow(/boat.*testPerClass/);
		const file = join(path, "annotations/captions_val2014.json");
		await writeFile(file, JSON.stringify({ images: [], annotations: [{ image_id: "9" }] }));
		await expect(carryOut({ kind: "coco", path })).rejects.toThrow(
			/captions_val2014\.json, "annotations" row 1: field "image_id"/,
		);
		await rm(file);
		await expect(carryOut({ kind: "coco", path })).rejects.toThrow(/captions_val2014\.json cannot be read/);
	});
});

describe("archives", () => {
	it("take captions of shards from text or JSON, classes from .cls, and shards in order", async () => {
		const image = await jpeg(3);
		const first = tarOf([
			{ name: "./b.jpg", content: image },
			{ name: "./b.json", content: JSON.stringify({ caption: ["one", "two"], split: "test" }) },
			{ name: "./b.cls", content: "sheep\n" },
		]);
		const second = tarOf([
			{ name: "x/a.png", content: await jpeg(4) },
			{ name: "x/a.txt", content: "from text" },
		]);
		const path = await folderOf({ "2.tar": second, "1.tar": first });
		const dataset = await imported("webDataset", path, { testShare: 0, trustedShare: 0 });
		expect(dataset.test).toMatchObject({ samples: [{ id: "b", captions: ["one", "two"] }], labels: ["sheep"] });
		expect(dataset.train).toMatchObject({ samples: [{ id: "x/a", captions: ["from text"] }], labels: [null] });
	});

	it.each(["UNCOMPRESSED", "SNAPPY"] as const)("read Parquet with pages that are %s", async (codec) => {
		const images = Object.values(await jpegs(["a", "b", "c", "d", "e"]));
		const path = await folderOf({ "data/a.parquet": parquetOf(images, codec) });
		const { train } = await imported("parquet", path, { split: "split" });
		expect(train.samples.map(({ id, captions }) => [id, captions[0]])).toEqual(
			images.map((_, at) => [`data/a.parquet#${at + 1}`, `caption ${at}`]),
		);
	});

	it.each([
		["of no column with that name", { caption: "text" }, /column "text".*image, caption, split/],
		["without an image column", { image: "picture" }, /picture/],
	])("refuse Parquet %s", async (_, params, message) => {
		const path = await folderOf({ "a.parquet": parquetOf([await jpeg(1)]) });
		await expect(carryOut({ kind: "parquet", path, params })).rejects.toThrow(message);
	});

	it.each([
		["no Parquet", Buffer.from("PAR1 this is not it PAR1")],
		["nothing", Buffer.alloc(0)],
		["half a file", parquetOf([new Uint8Array(99)]).subarray(0, 90)],
	])("refuse a file that is %s", async (_, bytes) => {
		const path = await folderOf({ "a.parquet": bytes });
		await expect(carryOut({ kind: "parquet", path })).rejects.toMatchObject({ code: "invalid-data" });
	});
});
