/** Ranking of 5,000 images against 25,000 captions (COCO's test size), beside plain loops over the same numbers. */
import { availableParallelism } from "node:os";
import { Random } from "../packages/engine/src/random.ts";
import { rankPairs } from "../packages/engine/src/ranking/rank-pairs.ts";
import type { Embeddings } from "../packages/engine/src/types.ts";
import { medianMilliseconds, report } from "./report.ts";

const images = 5_000;
const captionsPerImage = 5;
const width = 512;
/** The plain loop is timed on this share of the captions and scaled up: whole it takes minutes. */
const plainShare = 0.02;

function unitRows(count: number, random: Random): Embeddings {
	const values = new Float32Array(count * width);
	for (let row = 0; row < count; row++) {
		let square = 0;
		for (let at = row * width; at < (row + 1) * width; at++) {
			values[at] = random.normal();
			square += (values[at] as number) ** 2;
		}
		for (let at = row * width; at < (row + 1) * width; at++) values[at] = (values[at] as number) / Math.sqrt(square);
	}
	return { count, width, values };
}

/** Rank of each caption's image by one dot product after another. */
function plainRanks(gallery: Embeddings, queries: Embeddings, count: number): Int32Array {
	const ranks = new Int32Array(count);
	const scores = new Float64Array(gallery.count);
	for (let query = 0; query < count; query++) {
		for (let item = 0; item < gallery.count; item++) {
			let sum = 0;
			for (let k = 0; k < width; k++)
				sum += (queries.values[query * width + k] as number) * (gallery.values[item * width + k] as number);
			scores[item] = sum;
		}
		const own = scores[Math.floor(query / captionsPerImage)] as number;
		for (const score of scores) if (score > own) ranks[query]! += 1;
	}
	return ranks;
}

const random = new Random("bench/ranking");
const gallery = unitRows(images, random.split("images"));
const captions = unitRows(images * captionsPerImage, random.split("captions"));
const captionOf = Int32Array.from({ length: captions.count }, (_, caption) => Math.floor(caption / captionsPerImage));
const threads = availableParallelism();
const ranked = await medianMilliseconds(3, () => rankPairs(gallery, captions, captionOf, { threads }));
const plain = await medianMilliseconds(1, () => plainRanks(gallery, captions, captions.count * plainShare));
report({
	name: `rank ${images} images x ${captions.count} captions, width ${width}, both directions, ${threads} threads`,
	unit: "s",
	value: ranked / 1000,
	baseline: { name: "plain loops, one direction", value: plain / plainShare / 1000 },
});
