/** An imported data set as one to choose. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { MithridateError } from "../../errors.ts";
import type { Split } from "../../types.ts";
import { openDataset } from "../versions/open.ts";
import type { DatasetSource } from "./dataset-source.ts";

const params = z.strictObject({
	folder: z
		.string()
		.min(1)
		.nullable()
		.default(null)
		.describe(
			"Folder that the import was written to, or the version's own in it; null: where imports go by themselves.",
		),
	hash: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.nullable()
		.default(null)
		.describe("Which of the folder's versions; null: its only one."),
	captions: z
		.enum(["original", "plain"])
		.default("original")
		.describe("plain: lower case, without punctuation, 77 words at most, as the paper's code prepares them."),
});

export const imported: DatasetSource<typeof params> = {
	description: "A data set imported with npm run datasets.",
	source: "its owner's",
	params,
	example: { folder: "data/datasets" },
	classes: null,
	async *load({ folder: named, hash, captions }, { datasetFolder }) {
		const stage = "opening the data set";
		const folder = named ?? datasetFolder;
		if (folder === undefined)
			throw new MithridateError(
				"invalid-config",
				"An imported data set needs its folder; give dataset.params.folder.",
				{
					subject: "dataset.params.folder",
				},
			);
		yield { type: "progress", stage, done: 0, total: 1 };
		const dataset = await openDataset(folder, hash);
		yield { type: "progress", stage, done: 1, total: 1 };
		if (captions === "original") return dataset;
		const { train, test, trusted } = dataset;
		const changed = createHash("sha256").update(`${dataset.hash} plain captions 1`).digest("hex");
		return { ...dataset, hash: changed, train: plain(train), test: plain(test), trusted: plain(trusted) };
	},
};

function plain(split: Split): Split {
	const samples = split.samples.map((sample) => ({ ...sample, captions: sample.captions.map(plainCaption) }));
	return { ...split, samples };
}

/** A caption of nothing but punctuation stays as it is. */
function plainCaption(caption: string): string {
	const words = caption
		.toLowerCase()
		.replace(/[,.'!?"()*#:;~]/g, "")
		.replace(/[-/]/g, " ")
		.split(/\s+/)
		.filter((word) => word !== "");
	return words.length === 0 ? caption : words.slice(0, 77).join(" ");
}
