/** Where training samples lie under the reference model, for attackers who choose their poison by it. */
import { MithridateError } from "../errors.ts";
import type { AttackInput, EmbeddedSamples } from "../types.ts";

/** A training sample's place. */
export interface Located {
	/** Row of the training split. */
	readonly row: number;
	/** Row of the image store. */
	readonly image: number;
	/** Unit-length embedding of its image. */
	readonly picture: Float64Array;
	/** Mean of its captions' embeddings, not of unit length: its dot product is the mean cosine. */
	readonly words: Float64Array;
}

/** Every training sample of a class, in the order of the split. */
export function locate(clean: AttackInput, name: string): Located[] {
	const embedded = trainEmbeddings(clean);
	const { rows, images, texts, captionOf, labels } = embedded;
	const captions = Map.groupBy(captionOf.keys(), (caption) => captionOf[caption] as number);
	return Array.from(rows, (row, at) => ({ row, at }))
		.filter(({ at }) => labels[at] === name)
		.map(({ row, at }) => ({
			row,
			image: clean.train.samples[row]?.image as number,
			picture: mean([vector(images, at)]),
			words: mean((captions.get(at) ?? []).map((caption) => vector(texts, caption))),
		}));
}

/** Component-wise mean of at least one vector. */
export function mean(vectors: readonly ArrayLike<number>[]): Float64Array {
	const [first] = vectors;
	if (first === undefined) throw new RangeError("mean of no vectors");
	const sum = new Float64Array(first.length);
	for (const one of vectors) for (let k = 0; k < sum.length; k++) sum[k] = sum[k]! + one[k]!;
	return sum.map((value) => value / vectors.length);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let sum = 0;
	for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
	return sum;
}

/** Cosine of two vectors of any length but zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
	return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function vector({ width, values }: EmbeddedSamples["images"], row: number): Float32Array {
	return values.subarray(row * width, (row + 1) * width);
}

function trainEmbeddings({ train, trainEmbeddings }: AttackInput): EmbeddedSamples {
	if (trainEmbeddings === undefined)
		throw new MithridateError(
			"invalid-config",
			"This attack chooses its poison by embeddings of the training pairs, and there are none. Give a reference model.",
			{ subject: "attack.name" },
		);
	const last = trainEmbeddings.rows.at(-1) ?? -1;
	if (last >= train.samples.length)
		throw new RangeError(`an embedding of sample ${last} of ${train.samples.length} training samples`);
	return trainEmbeddings;
}
