/** The importer of COCO with the paper's labels and splits. */
import { z } from "zod";
import { MithridateError } from "../../errors.ts";
import type { Random } from "../../random.ts";
import { type CocoImage, drawLabel, readCoco } from "./coco-layout.ts";
import { genomeParams, readGenome } from "./genome-layout.ts";
import type { Importer } from "./importer.ts";
import { openBelow, openSource } from "./source-folder.ts";

const params = z.strictObject({
	year: z.enum(["2014", "2017"]).default("2014").describe("Release; both hold the same 123,287 images."),
	testPerClass: z.int().min(1).max(1000).default(50).describe("Test images drawn from each class."),
	leaveOut: z
		.array(z.string())
		.default(["toaster", "hair drier"])
		.describe("Classes without test images: too rare for them."),
	size: z
		.enum(["full", "medium", "small"])
		.default("full")
		.describe("Training images of each class: all, half (COCO-M) or a quarter (COCO-S)."),
	visualGenome: z
		.string()
		.min(1)
		.nullable()
		.default(null)
		.describe("Folder of Visual Genome below the path, for the cure; null: no trusted images."),
	...genomeParams,
});

/** Share of each class's training images that is kept. */
const shares = { full: 1, medium: 0.5, small: 0.25 } as const;

interface Labelled {
	readonly image: CocoImage;
	readonly label: string | null;
}

export const coco: Importer<typeof params> = {
	description:
		"COCO: one label an image, drawn among its instances; 50 test images of each of 78 classes, the others train.",
	source: "Lin et al., Microsoft COCO, ECCV 2014; labels and splits of Yang et al., ICML 2023, section 4.1",
	params,
	example: { year: "2014", size: "full" },
	async *read(path, params, { random }) {
		const source = await openSource(path);
		const pool = (await readCoco(source, params.year)).map((image) => ({ image, label: drawLabel(image, random) }));
		const test = drawTest(pool, params, random);
		const train = pool.filter(({ image }) => !test.has(image.id));
		const kept = keepShare(train, shares[params.size], random);
		yield { type: "total", rows: test.size + kept.size };
		for (const { image, label } of pool) {
			const split = test.has(image.id) ? "test" : "train";
			if (split === "train" && !kept.has(image.id)) continue;
			const { file, row, captions, name } = image;
			yield { type: "row", file, row, id: name, label, captions, split, image: source.image(name) };
		}
		if (params.visualGenome === null) return;
		yield* readGenome(await openBelow(path, params.visualGenome), {
			prefix: "genome/",
			split: "trusted",
			regionsPerImage: params.regionsPerImage,
			random: random.split("genome"),
			cocoTest: test,
		});
	},
};

/** Images by label; those without one under the empty text. */
function byLabel(images: readonly Labelled[]): [string, number[]][] {
	const groups = new Map<string, number[]>();
	for (const { image, label } of images) {
		const own = groups.get(label ?? "") ?? [];
		groups.set(label ?? "", own);
		own.push(image.id);
	}
	return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function drawTest(
	pool: readonly Labelled[],
	{ testPerClass, leaveOut }: z.output<typeof params>,
	random: Random,
): Set<number> {
	const test = new Set<number>();
	for (const [label, ids] of byLabel(pool)) {
		if (label === "" || leaveOut.includes(label)) continue;
		if (ids.length <= testPerClass) {
			const message = `Class "${label}" has ${ids.length} images, too few for ${testPerClass} in the test split; lower testPerClass or add it to leaveOut.`;
			throw new MithridateError("invalid-config", message, { subject: "testPerClass" });
		}
		for (const id of random.split(`test/${label}`).sample(ids, testPerClass)) test.add(id);
	}
	return test;
}

/** Unlabelled images are halved like a class. */
function keepShare(train: readonly Labelled[], share: number, random: Random): Set<number> {
	if (share === 1) return new Set(train.map(({ image }) => image.id));
	return new Set(
		byLabel(train).flatMap(([label, ids]) =>
			random.split(`share/${label}`).sample(ids, Math.round(ids.length * share)),
		),
	);
}
