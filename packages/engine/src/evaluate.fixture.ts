/** Tiny synthetic data for tests: labelled splits, and an encoder that knows every item's place. */

import { Random } from "./random.ts";
import type { AttackInput, Dataset, EmbeddedSamples, Embeddings, Encoder, Sample, Split } from "./types.ts";

/** The classes that the attacks' examples name, and two more. */
export const CLASSES = ["aeroplane", "bird", "sheep", "sofa", "train", "tvmonitor"];

/** `perClass` samples of every class, then `filler` unlabelled ones; every caption names its sample. */
function syntheticSplit(
	name: string,
	size: { perClass: number; filler?: number; captions?: number; firstImage?: number },
): Split {
	const { perClass, filler = 0, captions = 2, firstImage = 0 } = size;
	const labels = [
		...CLASSES.flatMap((label) => Array.from({ length: perClass }, () => label)),
		...Array.from({ length: filler }, () => null),
	];
	const samples = labels.map(
		(label, row): Sample => ({
			id: `${name}-${row}`,
			image: firstImage + row,
			captions: Array.from({ length: captions }, (_, number) => `${label ?? "filler"} ${name} ${row} ${number}`),
		}),
	);
	return { name, samples, labels };
}

/** Train, test and trusted parts with 10, 4 and no samples a class; images are one grey pixel each. */
export function syntheticDataset(): Dataset {
	const train = syntheticSplit("train", { perClass: 10, filler: 100 });
	const test = syntheticSplit("test", { perClass: 4, firstImage: train.samples.length });
	const firstImage = train.samples.length + test.samples.length;
	const trusted = syntheticSplit("trusted", { perClass: 0, filler: 50, firstImage });
	const count = firstImage + trusted.samples.length;
	return {
		name: "synthetic",
		hash: "0".repeat(64),
		classes: CLASSES,
		images: { size: 1, count, pixels: new Uint8Array(count * 3).fill(128) },
		train,
		test,
		trusted,
	};
}

/** What an attacker sees of a data set. */
export function attackInput({ classes, train, test }: Dataset = syntheticDataset()): AttackInput {
	return {
		classes,
		train,
		test,
		testEmbeddings: randomEmbeddings(test.samples.length, 8, "centre"),
		trainEmbeddings: randomEmbedded(train),
	};
}

/** The labelled samples of a split anywhere on the unit sphere. */
function randomEmbedded({ samples, labels }: Split): EmbeddedSamples {
	const rows = Int32Array.from(labels.flatMap((label, row) => (label === null ? [] : [row])));
	const captionOf = [...rows].flatMap((row, at) => samples[row]!.captions.map(() => at));
	return {
		rows,
		images: randomEmbeddings(rows.length, 8, "train images"),
		texts: randomEmbeddings(captionOf.length, 8, "train texts"),
		captionOf: Int32Array.from(captionOf),
		labels: Array.from(rows, (row) => labels[row] as string),
	};
}

/** Unit-length rows from independent normal deviates. */
export function randomEmbeddings(count: number, width: number, seed: string | number): Embeddings {
	const random = new Random(seed);
	return unitRows(Array.from({ length: count }, () => Array.from({ length: width }, () => random.normal())));
}

/** Rows divided by their length. */
export function unitRows(rows: readonly (readonly number[])[]): Embeddings {
	const width = rows[0]?.length ?? 1;
	const values = Float32Array.from(rows.flatMap((row) => row.map((value) => value / Math.hypot(...row))));
	return { count: rows.length, width, values };
}

/** An encoder that looks up a vector for every image row and caption. */
export function lookupEncoder(
	imageVector: (row: number) => readonly number[],
	textVector: (caption: string) => readonly number[],
): Encoder {
	return {
		async *embedImages(rows) {
			yield { type: "progress", stage: "embed-images", done: rows.length, total: rows.length };
			return unitRows(rows.map(imageVector));
		},
		async *embedTexts(captions) {
			yield { type: "progress", stage: "embed-texts", done: captions.length, total: captions.length };
			return unitRows(captions.map(textVector));
		},
	};
}

/** Runs a generator of events to its end. */
export async function drain<Event, Result>(
	work: AsyncGenerator<Event, Result>,
): Promise<{ events: Event[]; result: Result }> {
	const events: Event[] = [];
	for (;;) {
		const { done, value } = await work.next();
		if (done) return { events, result: value };
		events.push(value);
	}
}
