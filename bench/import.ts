/**
 * Importing images beside plain sharp on the same files: one JSON line per figure. Run: `node bench/import.ts [images]`.
 * Both decode to 224 x 224 on every core; the import also checks, hashes and stores them, and survives bad ones.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { imageAt } from "../packages/engine/src/data/image-at.ts";
import { importDataset } from "../packages/engine/src/data/import-dataset.ts";
import { openDataset } from "../packages/engine/src/data/versions/open.ts";
import { Random } from "../packages/engine/src/random.ts";
import { report } from "./report.ts";

const count = Number(process.argv[2] ?? 2000);
const different = 64;
const cores = availableParallelism();

/** A JPEG of COCO's usual size with some detail, about 100 kB. */
async function photograph(seed: number): Promise<Buffer> {
	const random = new Random(`bench/import/${seed}`);
	const small = Buffer.from(Array.from({ length: 80 * 60 * 3 }, () => random.integer(256)));
	const blurred = sharp(small, { raw: { width: 80, height: 60, channels: 3 } }).resize(640, 480, { kernel: "cubic" });
	const grain = {
		create: {
			width: 640,
			height: 480,
			channels: 3,
			noise: { type: "gaussian", mean: 128, sigma: 12 },
			background: "grey",
		},
	} as const;
	const overlay = await sharp(grain).png().toBuffer();
	return blurred
		.composite([{ input: overlay, blend: "soft-light" }])
		.jpeg({ quality: 90 })
		.toBuffer();
}

const folder = await mkdtemp(join(tmpdir(), "mithridate-bench-"));
try {
	const images = join(folder, "images");
	await mkdir(images);
	const files = await Promise.all(Array.from({ length: different }, (_, seed) => photograph(seed)));
	const rows = ["image,caption"];
	for (let at = 0; at < count; at++) {
		await writeFile(join(images, `${at}.jpg`), files[at % different]!);
		rows.push(`${at}.jpg,picture ${at}`);
	}
	await writeFile(join(images, "captions.csv"), rows.join("\n"));

	sharp.concurrency(1);
	sharp.cache(false);
	let next = 0;
	const plain = async () => {
		while (next < count) {
			const bytes = await readFile(join(images, `${next++}.jpg`));
			await sharp(bytes).resize(224, 224, { fit: "cover", kernel: "cubic" }).raw().toBuffer();
		}
	};
	const plainBegan = performance.now();
	await Promise.all(Array.from({ length: cores }, plain));
	const plainRate = (count / (performance.now() - plainBegan)) * 1000;

	const out = join(folder, "out");
	const began = performance.now();
	let peak = 0;
	const before = process.memoryUsage.rss();
	for await (const event of importDataset({ kind: "captionFile", path: images, folder: out }))
		if (event.type === "progress") peak = Math.max(peak, process.memoryUsage.rss());
	const rate = (count / (performance.now() - began)) * 1000;
	report({
		name: `import ${count} JPEG images of 640 x 480`,
		unit: "images/s",
		value: rate,
		baseline: { name: `plain sharp, ${cores} at a time`, value: plainRate },
	});
	report({
		name: "memory of the importing process",
		unit: "MB",
		value: peak / 1e6,
		baseline: { name: "before", value: before / 1e6 },
	});

	const { images: store } = await openDataset(out);
	const random = new Random("bench/reads");
	const order = random.shuffle(Array.from({ length: store.count }, (_, row) => row));
	const timed = () => {
		const start = performance.now();
		for (const row of order) imageAt(store, row);
		return (store.count / (performance.now() - start)) * 1000;
	};
	const first = timed();
	const [shard] = (await readdir(join(out, (await readdir(out))[0]!))).filter((name) => name.endsWith(".u8"));
	report({
		name: `read stored images in random order (${shard})`,
		unit: "images/s",
		value: timed(),
		baseline: { name: "the first time, checked against their hashes", value: first },
	});
} finally {
	await rm(folder, { recursive: true });
}
